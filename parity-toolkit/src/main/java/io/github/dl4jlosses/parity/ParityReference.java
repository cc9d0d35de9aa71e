/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import java.util.Arrays;

/** Torch's side of a comparison: the expression over the activated output {@code x}, the input {@code z} and {@code t}. */
final class ParityReference {

    static final String INPUT = "z";
    private static final String TARGET = "t";
    static final String MASK = "m";

    private final TorchFunction function;
    private final TorchFunction masked;
    private final String expression;
    private final boolean oneNumber;

    /** Without a gradient, torch need not be able to differentiate the expression. */
    ParityReference(ParitySettings settings, boolean withGradient, boolean oneNumber) {
        this.oneNumber = oneNumber;
        expression = settings.expression;
        String text = "x = " + settings.head.expression() + "\n" + expression.stripIndent();
        String[] differentiated = withGradient ? new String[] {INPUT} : new String[0];
        function = TorchFunction.of(text, INPUT, TARGET).withRespectTo(differentiated);
        masked = TorchFunction.of(text, INPUT, TARGET, MASK).withRespectTo(differentiated);
    }

    TorchResult evaluate(ParityCase example) {
        TorchResult result = call(example);
        long[] shape = result.value().shape();
        if (oneNumber && ClassLayout.size(shape) != 1) {
            throw new IllegalArgumentException(expression + " gives numbers of the shape " + Arrays.toString(shape)
                    + " for " + inputs(example)
                    + ", but a loss is one number: put (..).mean() or (..).sum() around it, or choose torch's reduction 1"
                    + " (mean) or 2 (sum)");
        }
        return result;
    }

    private TorchResult call(ParityCase example) {
        try {
            return example.mask() == null
                    ? function.call(example.input(), example.targets().torch())
                    : masked.call(example.input(), example.targets().torch(), example.mask());
        } catch (TorchException e) {
            // without a cause: the text contains torch's message, and torch's traceback shows generated code
            throw new IllegalArgumentException(
                    e.isOfText()
                            ? new RejectedExpression(expression, e).text()
                            : "torch does not compute " + expression + " for " + inputs(example) + ": "
                                    + e.getMessage());
        }
    }

    private static String inputs(ParityCase example) {
        return "z = " + example.input() + ", t = " + example.targets().torch();
    }

    @Override
    public String toString() {
        return expression;
    }
}
