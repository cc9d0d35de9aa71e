/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import io.github.dl4jlosses.internal.kernel.FloatElementKernel.Run;
import java.util.List;

/**
 * The loops of the float kernels in the vector instructions of {@code jdk.incubator.vector}: each has a loss in one loop, for
 * which the plain form takes several. Both give the same bits: the same operations on each element, in the same order, whatever
 * the width of the registers.
 *
 * <p>Lengths are multiples of {@link #LANES}.
 */
interface VectorForms {
    /** The floats of the widest registers that any processor has. */
    int LANES = 64;

    /** A kernel of each form, by which the forms are called. */
    static List<FloatElementKernel> kernels() {
        return List.of(
                new FloatSquaredError(),
                new FloatAbsoluteError(),
                new FloatHuber(1, 1),
                new FloatHuber(0.1, 10),
                new FloatSoftMargin(),
                new FloatPoissonRates(1e-8),
                new FloatPoissonLogRates());
    }

    /** {@link FloatSquaredError}. */
    void squaredErrors(Run run, FloatFactor factor);

    /** {@link FloatAbsoluteError}. */
    void absoluteErrors(Run run, FloatFactor factor);

    /** {@link FloatHuber}. */
    void huber(Run run, FloatFactor factor, FloatHuber kernel, Workspace workspace);

    /** {@link FloatSoftMargin}; false where the numbers must be computed in double. */
    boolean softMargins(Run run, FloatFactor factor, Workspace workspace);

    /** {@link FloatPoissonRates}; false where the numbers must be computed in double. */
    boolean poissonRates(Run run, FloatFactor factor, Workspace workspace, float eps, float epsLow);

    /** {@link FloatPoissonLogRates}. */
    void poissonLogRates(Run run, FloatFactor factor);

    /** {@link FloatExponential#ofModerate(float[], float[], int)}. */
    void exponentials(float[] x, float[] e, int n);

    /** {@link RunningSum}: adds terms to sums, and their rounding errors to errors. */
    void add(float[] terms, float[] sums, float[] errors, int n);
}
