/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A function of arrays, with or without its gradient.
 *
 * @param gradient null: none is compared
 */
record FunctionSubject(BinaryOperator<INDArray> function, BinaryOperator<INDArray> gradient) implements ParitySubject {

    @Override
    public List<Quantity> quantities(ParityCase example, ParitySettings settings) {
        List<Quantity> quantities = new ArrayList<>();
        quantities.add(Quantity.value("the function", apply(function, example)).dividedBy(settings.divisor));
        if (gradient != null) {
            INDArray result = apply(gradient, example);
            quantities.add(
                    Quantity.gradient("the gradient", result, example.input().toArray())
                            .dividedBy(settings.divisor));
        }
        return quantities;
    }

    @Override
    public boolean hasGradient() {
        return gradient != null;
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
