/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

/** Right results but for the value and the gradient. */
final class AlteredSubject implements Subject {
    private final Subject right;
    private final double value;
    private final double[] gradient;

    AlteredSubject(Subject right, double value, double[] gradient) {
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
