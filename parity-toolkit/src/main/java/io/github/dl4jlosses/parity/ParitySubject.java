/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** The loss or function that is compared with torch. */
interface ParitySubject {

    /** The results for a case, already divided as the settings say. */
    List<Quantity> quantities(ParityCase example, ParitySettings settings);

    /** Whether one of the results is a gradient. */
    boolean hasGradient();

    /** Whether its value is a single number for any input. */
    boolean isOneNumber();

    /** The name for messages. */
    @Override
    String toString();

    /** A loss function, called in every way that DL4J's layers call it. */
    record Loss(ILossFunction loss) implements ParitySubject {

        /** Every call gets fresh arrays, because DL4J's losses write into the pre-output. */
        @Override
        public List<Quantity> quantities(ParityCase example, ParitySettings settings) {
            IActivation activation = settings.head.activation();
            boolean average = !settings.summedOverRows;
            // a network divides the gradient itself; a loss never returns an averaged one
            double gradientDivisor = settings.divisor * (average ? example.rows() : 1);

            double score = loss.computeScore(labels(example), input(example), activation, mask(example), average);
            INDArray gradient = loss.computeGradient(labels(example), input(example), activation, mask(example));
            Quantity gradientAlone = Quantity.gradient("computeGradient", gradient, input(example));
            Pair<Double, INDArray> both =
                    loss.computeGradientAndScore(labels(example), input(example), activation, mask(example), average);
            Quantity gradientOfBoth = Quantity.gradient("computeGradientAndScore", both.getSecond(), input(example));

            return List.of(
                    Quantity.value("computeScore", score).dividedBy(settings.divisor),
                    gradientAlone.dividedBy(gradientDivisor),
                    Quantity.value("computeGradientAndScore", both.getFirst()).dividedBy(settings.divisor),
                    gradientOfBoth.dividedBy(gradientDivisor));
        }

        @Override
        public boolean hasGradient() {
            return true;
        }

        @Override
        public boolean isOneNumber() {
            return true;
        }

        private static INDArray labels(ParityCase example) {
            return example.targets().labels().toArray();
        }

        private static INDArray input(ParityCase example) {
            return example.input().toArray();
        }

        private static INDArray mask(ParityCase example) {
            return example.mask() == null ? null : example.mask().toArray();
        }

        /** The loss's own text, unless it is Object's. */
        @Override
        public String toString() {
            Class<?> type = loss.getClass();
            String text = String.valueOf(loss);
            return text.startsWith(type.getName() + "@") ? type.getSimpleName() : text;
        }
    }

    /**
     * A function of arrays, with or without its gradient.
     *
     * @param gradient null: none is compared
     */
    record Function(BinaryOperator<INDArray> function, BinaryOperator<INDArray> gradient) implements ParitySubject {

        @Override
        public List<Quantity> quantities(ParityCase example, ParitySettings settings) {
            List<Quantity> quantities = new ArrayList<>();
            quantities.add(
                    Quantity.value("the function", apply(function, example)).dividedBy(settings.divisor));
            if (gradient != null) {
                INDArray result = apply(gradient, example);
                quantities.add(Quantity.gradient(
                                "the gradient", result, example.input().toArray())
                        .dividedBy(settings.divisor));
            }
            return quantities;
        }

        @Override
        public boolean hasGradient() {
            return gradient != null;
        }

        @Override
        public boolean isOneNumber() {
            return false;
        }

        private static INDArray apply(BinaryOperator<INDArray> function, ParityCase example) {
            return function.apply(
                    example.input().toArray(), example.targets().array().toArray());
        }

        @Override
        public String toString() {
            return "The function";
        }
    }
}
