/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import io.github.dl4jlosses.internal.kernel.FloatElementKernel.Run;

/** {@link VectorForms} by {@code jdk.incubator.vector}; loaded by name, where the virtual machine has that module. */
final class VectorApiForms implements VectorForms {
    @Override
    public void squaredErrors(Run run, FloatFactor factor) {
        VectorLoops.squaredErrors(run.x, run.y, run.losses, run.padded, factor.high, factor.low);
    }

    @Override
    public void absoluteErrors(Run run, FloatFactor factor) {
        VectorLoops.absoluteErrors(run.x, run.y, run.losses, run.padded, factor.high, factor.low);
    }

    @Override
    public void huber(Run run, FloatFactor factor, FloatHuber kernel, Workspace workspace) {
        if (kernel.isPlain()) {
            VectorLoops.huber(run.x, run.y, run.losses, run.padded, factor.high, kernel.threshold);
            return;
        }
        float[] beyond = workspace.floatA;
        VectorLoops.huberLosses(run.x, run.y, beyond, run.losses, run.padded, kernel);
        VectorLoops.huberGradients(run.x, run.y, beyond, run.padded, factor, kernel.restOfHeld());
    }

    @Override
    public boolean softMargins(Run run, FloatFactor factor, Workspace workspace) {
        int n = run.padded;
        float[] z = workspace.floatA;
        float[] e = workspace.floatB;
        if (!Float.isFinite(VectorLoops.exponentials(run.x, run.y, z, e, n))) {
            return false;
        }
        VectorLoops.softMarginLosses(z, e, run.losses, n);
        VectorLoops.softMarginGradients(run.y, e, run.x, n, factor.high, factor.low);
        return true;
    }

    @Override
    public boolean poissonRates(Run run, FloatFactor factor, Workspace workspace, float eps, float epsLow) {
        int n = run.padded;
        float[] shifted = workspace.floatA;
        float[] quotient = workspace.floatB;
        float[] lack = workspace.floatC;
        VectorLoops.divide(run.x, run.y, shifted, quotient, lack, n, eps, epsLow);
        if (VectorLoops.unusual(shifted, quotient, n) != 0) {
            return false;
        }
        VectorLoops.rateLosses(run.x, run.y, shifted, run.losses, n);
        VectorLoops.rateGradients(quotient, lack, run.x, n, factor.high, factor.low);
        return true;
    }

    @Override
    public void poissonLogRates(Run run, FloatFactor factor) {
        VectorLoops.poissonLogRates(run.x, run.y, run.losses, run.padded, factor.high, factor.low);
    }

    @Override
    public void exponentials(float[] x, float[] e, int n) {
        VectorLoops.exponentials(x, e, n);
    }

    @Override
    public void add(float[] terms, float[] sums, float[] errors, int n) {
        VectorLoops.add(terms, sums, errors, n);
    }
}
