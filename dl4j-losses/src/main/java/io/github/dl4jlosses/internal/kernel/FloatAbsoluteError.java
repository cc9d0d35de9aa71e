/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** {@link AbsoluteErrorKernel} in float. */
final class FloatAbsoluteError extends FloatElementKernel {
    @Override
    public boolean isJudgedByLosses() {
        return true;
    }

    @Override
    boolean run(Run run, FloatLoops loops, FloatFactor factor, Workspace workspace) {
        // one loop for both: either alone would take as long
        loops.absolutes(run.x, run.y, run.losses, run.padded, factor.high, factor.low);
        return true;
    }
}
