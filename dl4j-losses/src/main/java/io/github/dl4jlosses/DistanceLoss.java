/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.shape.TargetShapes;
import io.github.dl4jlosses.internal.target.TargetKind;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The common part of losses for regression, which measure the distance of a prediction from its target. */
abstract class DistanceLoss extends ElementLoss {
    private static final long serialVersionUID = 1L;

    DistanceLoss(LossBuilder<?> builder) {
        super(builder);
    }

    /** The name of torch's kernel, which its message about integers contains. */
    abstract String torchKernel();

    @Override
    public final LossInput takes() {
        return LossInput.NUMBERS;
    }

    @Override
    final void requireDirect(INDArray input, INDArray target) {
        TargetShapes.requireSameSize(input, target);
        if (target.dataType().isFPType()) {
            TargetShapes.requireFloatingResult(target, input, "input");
        }
        TargetShapes.requireFloating(input, torchKernel());
    }

    @Override
    final void requireTargetGradient(TargetKind kind, INDArray target) {
        TargetShapes.requireDifferentiable(target, "target");
    }
}
