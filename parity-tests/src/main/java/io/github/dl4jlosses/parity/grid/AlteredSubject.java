/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

/** Right results but for the value and the gradient. */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record AlteredSubject(Subject right, double value, double[] gradient) implements Subject {
    @Override
    public double[] targetGradient() {
        return right.targetGradient();
    }

    @Override
    public double[] unreduced() {
        return right.unreduced();
    }
}
