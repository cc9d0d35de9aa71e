/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.HuberLoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A mistake that a loss could have, put in on purpose: a comparison that does not notice it proves nothing.
 *
 * <pre>{@code
 * List<String> caught = LossCheck.differences(example, Fault.SIGN.of(example));
 * }</pre>
 *
 * @since 0.1.0
 */
public enum Fault {
    /** The gradient points the other way. */
    SIGN("the gradient points the other way") {
        @Override
        public boolean canShow(LossCase example) {
            return true;
        }

        @Override
        public Subject of(LossCase example) {
            Subject right = Subject.of(example);
            return new Altered(right, right.value(), negated(right.gradient()));
        }
    },
    /** The mean divides by the number of elements, whatever the loss's denominator is. */
    DENOMINATOR("the mean divides by the number of elements") {
        @Override
        public boolean canShow(LossCase example) {
            return isClassLoss(example.loss()) && example.loss().getReduction() == Reduction.MEAN;
        }

        @Override
        public Subject of(LossCase example) {
            Subject right = Subject.of(example);
            Subject sum = Subject.of(with(example.loss(), Change.SUM), example.input(), example.target());
            double elements = example.input().length();
            double[] gradient =
                    Arrays.stream(sum.gradient()).map(g -> g / elements).toArray();
            return new Altered(right, sum.value() / elements, gradient);
        }
    },
    /** Weights are forgotten. */
    WEIGHT("weights are forgotten") {
        @Override
        public boolean canShow(LossCase example) {
            return weight(example.loss()) != null;
        }

        @Override
        public Subject of(LossCase example) {
            return Subject.of(with(example.loss(), Change.NO_WEIGHT), example.input(), example.target());
        }
    },
    /** The smoothing is forgotten. */
    SMOOTHING("the smoothing is forgotten") {
        @Override
        public boolean canShow(LossCase example) {
            return example.loss() instanceof CrossEntropyLoss c && c.getLabelSmoothing() > 0;
        }

        @Override
        public Subject of(LossCase example) {
            return Subject.of(with(example.loss(), Change.NO_SMOOTHING), example.input(), example.target());
        }
    },
    /** The delta is forgotten. */
    DELTA("the delta is forgotten") {
        @Override
        public boolean canShow(LossCase example) {
            return example.loss() instanceof HuberLoss h && h.getDelta() != 1 && reaches(example, h.getDelta());
        }

        @Override
        public Subject of(LossCase example) {
            TorchLoss forgetful =
                    HuberLoss.builder().reduction(example.loss().getReduction()).build();
            return Subject.of(forgetful, example.input(), example.target());
        }
    },
    /** The ignored class counts like any other. */
    IGNORE_INDEX("the ignored class counts like any other") {
        @Override
        public boolean canShow(LossCase example) {
            return isClassLoss(example.loss()) && ignoredClassOccurs(example);
        }

        @Override
        public Subject of(LossCase example) {
            return Subject.of(with(example.loss(), Change.DEFAULT_IGNORE_INDEX), example.input(), example.target());
        }
    };

    private enum Change {
        SUM,
        NO_WEIGHT,
        NO_SMOOTHING,
        DEFAULT_IGNORE_INDEX
    }

    private final String what;

    Fault(String what) {
        this.what = what;
    }

    /**
     * What is wrong.
     *
     * @return in words
     */
    public String what() {
        return what;
    }

    /**
     * Whether a case has what the mistake is about.
     *
     * @param example the case
     * @return false where the mistake would change nothing
     */
    public abstract boolean canShow(LossCase example);

    /**
     * The loss of a case, with the mistake.
     *
     * @param example a case that can show it
     * @return its results
     */
    public abstract Subject of(LossCase example);

    private static boolean isClassLoss(TorchLoss loss) {
        return loss instanceof CrossEntropyLoss || loss instanceof NLLLoss;
    }

    private static boolean ignoredClassOccurs(LossCase example) {
        long ignored = example.loss() instanceof NLLLoss n
                ? n.getIgnoreIndex()
                : ((CrossEntropyLoss) example.loss()).getIgnoreIndex();
        long[] targets = example.torchTarget().type().isFloatingPoint()
                ? new long[0]
                : example.torchTarget().toLongs();
        return ignored >= 0
                && ignored < example.input().size(example.input().rank() == 1 ? 0 : 1)
                && Arrays.stream(targets).anyMatch(t -> t == ignored);
    }

    /** Whether some distance is so large that either delta holds the gradient. */
    private static boolean reaches(LossCase example, double delta) {
        double[] x = example.torchInput().toDoubles();
        double[] t = example.torchTarget().toDoubles();
        return IntStream.range(0, x.length).anyMatch(i -> Math.abs(x[i] - t[i]) > Math.min(delta, 1));
    }

    private static double[] negated(double[] numbers) {
        return Arrays.stream(numbers).map(g -> -g).toArray();
    }

    private static double[] weight(TorchLoss loss) {
        if (loss instanceof BCELoss b) {
            return b.getWeight();
        }
        if (loss instanceof BCEWithLogitsLoss b) {
            return b.getWeight();
        }
        if (loss instanceof NLLLoss n) {
            return n.getWeight();
        }
        return loss instanceof CrossEntropyLoss c ? c.getWeight() : null;
    }

    private static TorchLoss with(TorchLoss loss, Change change) {
        Reduction reduction = change == Change.SUM ? Reduction.SUM : loss.getReduction();
        double[] weight = change == Change.NO_WEIGHT ? null : weight(loss);
        if (loss instanceof CrossEntropyLoss c) {
            CrossEntropyLoss.Builder builder = weight == null
                    ? CrossEntropyLoss.builder()
                    : CrossEntropyLoss.builder().weight(weight);
            return builder.ignoreIndex(change == Change.DEFAULT_IGNORE_INDEX ? -100 : c.getIgnoreIndex())
                    .labelSmoothing(change == Change.NO_SMOOTHING ? 0 : c.getLabelSmoothing())
                    .targetFormat(c.getTargetFormat())
                    .reduction(reduction)
                    .build();
        }
        if (loss instanceof NLLLoss n) {
            NLLLoss.Builder builder =
                    weight == null ? NLLLoss.builder() : NLLLoss.builder().weight(weight);
            return builder.ignoreIndex(change == Change.DEFAULT_IGNORE_INDEX ? -100 : n.getIgnoreIndex())
                    .targetFormat(n.getTargetFormat())
                    .reduction(reduction)
                    .build();
        }
        if (loss instanceof BCEWithLogitsLoss b) {
            BCEWithLogitsLoss.Builder builder = BCEWithLogitsLoss.builder().reduction(reduction);
            return (b.getPosWeight() == null ? builder : builder.posWeight(b.getPosWeight())).build();
        }
        return BCELoss.builder().reduction(reduction).build();
    }

    private static final class Altered implements Subject {
        private final Subject right;
        private final double value;
        private final double[] gradient;

        Altered(Subject right, double value, double[] gradient) {
            this.right = right;
            this.value = value;
            this.gradient = gradient;
        }

        @Override
        public double value() {
            return value;
        }

        @Override
        public double[] gradient() {
            return gradient;
        }

        @Override
        public double[] targetGradient() {
            return right.targetGradient();
        }

        @Override
        public double[] unreduced() {
            return right.unreduced();
        }
    }
}
