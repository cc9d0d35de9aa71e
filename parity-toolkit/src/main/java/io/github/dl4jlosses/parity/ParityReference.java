/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

/** Torch's side of a comparison: the expression over the activated output {@code x}, the input {@code z} and {@code t}. */
final class ParityReference {

    static final String INPUT = "z";
    private static final String TARGET = "t";
    private static final String MASK = "m";

    private final TorchFunction function;
    private final TorchFunction masked;
    private final String expression;

    /** Without a gradient the expression may be one that torch does not differentiate. */
    ParityReference(ParitySettings settings, boolean withGradient) {
        expression = settings.expression;
        String text = "x = " + settings.head.expression() + "\n" + expression.stripIndent();
        String[] differentiated = withGradient ? new String[] {INPUT} : new String[0];
        function = TorchFunction.of(text, INPUT, TARGET).withRespectTo(differentiated);
        masked = TorchFunction.of(text, INPUT, TARGET, MASK).withRespectTo(differentiated);
    }

    TorchResult evaluate(ParityCase example) {
        try {
            return example.mask() == null
                    ? function.call(example.input(), example.targets().torch())
                    : masked.call(example.input(), example.targets().torch(), example.mask());
        } catch (TorchException e) {
            throw new IllegalArgumentException(
                    "torch does not compute " + expression + " for z = " + example.input() + ", t = "
                            + example.targets().torch() + ": " + e.getMessage(),
                    e);
        }
    }

    @Override
    public String toString() {
        return expression;
    }
}
