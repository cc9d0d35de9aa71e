/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** {@link SoftMarginKernel} in float: with e = exp(-t x), the loss is log(1 + e) and the gradient -t e / (1 + e). */
final class FloatSoftMargin extends FloatElementKernel {
    @Override
    public boolean isJudgedByLosses() {
        return true;
    }

    @Override
    boolean run(Run run, FloatLoops loops, FloatFactor factor, Workspace workspace) {
        int n = run.padded;
        float[] z = workspace.floatA;
        float[] e = workspace.floatB;
        float[] rest = workspace.floatC;
        loops.negatedProducts(run.x, run.y, z, n);
        loops.exponentials(z, e, rest, n);
        // max(z, 0) + log(1 + min(e, 1/e))
        loops.ofSmaller(e, run.losses, n);
        loops.twiceAtanh(run.losses, n);
        loops.addPositive(z, run.losses, n);
        if (run.wantsGradient) {
            loops.sigmoids(e, rest, n);
            loops.multiplyByNegated(run.y, e, rest, n);
            loops.multiply(e, rest, run.x, n, factor.high, factor.low);
        }
        return true;
    }
}
