/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * Compares all that a loss gives for a case, value, unreduced losses and gradients, with live torch.
 *
 * <p>Where they differ, torch's float64 result on the same numbers decides: ours must be close to it, and closer than
 * torch's result in its own type, which has cancelled, overflowed or been rounded on the way.
 *
 * <pre>{@code
 * List<String> differences = LossCheck.differences(example, Subject.of(example));
 * }</pre>
 */
public final class LossCheck {
    /** What is said of a pair of numbers. */
    public enum Verdict {
        /** They are equal within torch's tolerances. */
        CLOSE,
        /** They are not, and torch's float64 result says that torch is the one that is off. */
        TORCH_IS_OFF,
        /** They differ. */
        DIFFERENT
    }

    /** Is told of each pair of numbers that is compared. */
    public interface Observer {
        /** A pair was compared: at a row-major place in the "value", "gradient", "target gradient" or "unreduced". */
        void compared(String result, int index, double ours, double torch, double largestTerm, Verdict verdict);
    }

    private static final String VALUE = "value";

    private final GridCase example;
    private final Observer observer;
    private final List<String> differences = new ArrayList<>();
    private TorchResult inDouble;

    private LossCheck(GridCase example, Observer observer) {
        this.example = example;
        this.observer = observer;
    }

    /** Runs both sides and says what differs, one line each. */
    public static List<String> differences(GridCase example, Subject subject) {
        return differences(example, subject, (result, index, ours, torch, largestTerm, verdict) -> {});
    }

    /** The same for an observer who is told of each pair of numbers. */
    public static List<String> differences(GridCase example, Subject subject, Observer observer) {
        LossCheck check = new LossCheck(example, observer);
        check.run(subject);
        return check.differences;
    }

    private void run(Subject subject) {
        TorchReference reference = TorchReference.of(example.loss());
        TorchResult torch = evaluate(reference, example.torchInput(), example.torchTarget());
        compare(
                VALUE,
                new double[] {subject.value()},
                torch.value(),
                () -> inDouble().value());
        compare(
                "gradient",
                subject.gradient(),
                torch.gradient("x"),
                () -> inDouble().gradient("x"));
        if (example.hasTargetGradient()) {
            compare(
                    "target gradient",
                    subject.targetGradient(),
                    torch.gradient("t"),
                    () -> inDouble().gradient("t"));
        }
        TorchTensor losses = reference.unreduced(example.torchInput(), example.torchTarget());
        compare(
                "unreduced",
                subject.unreduced(),
                losses,
                () -> reference.unreduced(toDouble(example.torchInput()), toDouble(example.torchTarget())));
    }

    private TorchResult evaluate(TorchReference reference, TorchTensor input, TorchTensor target) {
        return reference.evaluate(input, target, example.hasTargetGradient());
    }

    private TorchResult inDouble() {
        if (inDouble == null) {
            inDouble = evaluate(
                    TorchReference.of(example.loss()), toDouble(example.torchInput()), toDouble(example.torchTarget()));
        }
        return inDouble;
    }

    private static TorchTensor toDouble(TorchTensor tensor) {
        return tensor.type().isFloatingPoint() ? tensor.to(TorchType.FLOAT64) : tensor;
    }

    private void compare(String what, double[] ours, TorchTensor torch, Supplier<TorchTensor> question) {
        double[] theirs = torch.toDoubles();
        if (ours.length != theirs.length) {
            differences.add(what + " has " + ours.length + " numbers, torch's " + theirs.length);
            return;
        }
        // torch's float64 results on the same numbers, asked for once, if at all
        double[] exact = null;
        double[] terms = LargestTerms.of(example, ours.length);
        for (int i = 0; i < ours.length; i++) {
            Verdict verdict = Verdict.CLOSE;
            if (!Closeness.isClose(torch.type(), ours[i], theirs[i], terms[i])) {
                exact = exact == null ? question.get().toDoubles() : exact;
                boolean isBetter = what.equals(VALUE)
                        ? Closeness.isBetter(torch.type(), ours[i], theirs[i], exact[i], terms[i])
                        : Closeness.isBetterElement(torch.type(), ours[i], theirs[i], exact[i], terms[i]);
                verdict = isBetter ? Verdict.TORCH_IS_OFF : Verdict.DIFFERENT;
            }
            observer.compared(what, i, ours[i], theirs[i], terms[i], verdict);
            if (verdict == Verdict.DIFFERENT) {
                differences.add(what + "[" + i + "] is " + ours[i] + ", torch has " + theirs[i]
                        + (torch.type() == TorchType.FLOAT64 ? "" : " (in float64 " + exact[i] + ")"));
            }
        }
    }

    /**
     * The scale of the terms whose rounding decides how near a float32 result can be: twice the largest input that enters it.
     * That is the element itself for the losses of single elements, its row for the losses of classes, and everything for a
     * reduced value.
     */
    private static final class LargestTerms {
        /** Results of a larger term are compared relatively, so that one huge element does not excuse the others. */
        private static final double MOST = 1000;

        private LargestTerms() {}

        /** A number from 1 to 1000 for each result: for one, one per row, or one per element. */
        static double[] of(GridCase example, int results) {
            double[] x = example.torchInput().toDoubles();
            long[] shape = example.torchInput().shape();
            int classes = !example.spec().takesRows() || shape.length == 0 ? 1 : (int) shape[shape.length == 1 ? 0 : 1];
            int inner = (int) Arrays.stream(shape).skip(2).reduce(1, (a, b) -> a * b);
            double[] ofRows = new double[classes == 0 ? 0 : x.length / classes];
            Arrays.fill(ofRows, 1);
            for (int i = 0; i < x.length; i++) {
                int row = row(i, classes, inner);
                ofRows[row] = Math.max(ofRows[row], term(x[i]));
            }
            if (results == ofRows.length) {
                return ofRows;
            }
            double[] terms = new double[results];
            int labels = classes / example.spec().outputsPerLabel();
            if (results == x.length) {
                Arrays.setAll(terms, i -> ofRows[row(i, classes, inner)]);
            } else if (labels > 0 && results == ofRows.length * labels) {
                Arrays.setAll(terms, i -> ofRows[row(i, labels, inner)]);
            } else {
                // a reduced value, or one that was broadcast
                Arrays.fill(terms, Arrays.stream(ofRows).max().orElse(1));
            }
            return terms;
        }

        private static double term(double x) {
            return Double.isFinite(x) ? Math.min(MOST, 2 * Math.abs(x)) : 1;
        }

        /** The row of an element; each is one of its own where a row has one class. */
        private static int row(int element, int classes, int inner) {
            return classes == 1 ? element : element / inner / classes * inner + element % inner;
        }
    }
}
