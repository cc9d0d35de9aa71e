/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import io.github.dl4jlosses.L1Loss;
import io.github.dl4jlosses.LossBuilder;
import io.github.dl4jlosses.MSELoss;
import io.github.dl4jlosses.PoissonNLLLoss;
import io.github.dl4jlosses.Reduction;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossL1;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.lossfunctions.impl.LossPoisson;

/**
 * DL4J's losses for regression that have a counterpart in torch, under any activation. Exact classes only: in DL4J LossMSE
 * is a LossL2 that divides by the number of outputs, and LossMAE such a LossL1.
 */
final class Regressions {
    private static final Set<Class<?>> SQUARES = Set.of(LossMSE.class, LossL2.class);
    private static final Set<Class<?>> DISTANCES = Set.of(LossMAE.class, LossL1.class);
    private static final Set<Class<?>> MEANS_OF_OUTPUTS = Set.of(LossMSE.class, LossMAE.class);

    private Regressions() {}

    /** Whether it is one of them, with weights for outputs or not. */
    static boolean contains(ILossFunction builtIn) {
        return isSquares(builtIn) || isDistances(builtIn) || isPoisson(builtIn);
    }

    private static boolean isSquares(ILossFunction builtIn) {
        return SQUARES.contains(builtIn.getClass());
    }

    private static boolean isDistances(ILossFunction builtIn) {
        return DISTANCES.contains(builtIn.getClass());
    }

    static boolean isPoisson(ILossFunction builtIn) {
        return builtIn.getClass() == LossPoisson.class;
    }

    /** One number for each output; null where there are none. The losses of torch.nn for regression have no weights. */
    static INDArray weightsOf(ILossFunction builtIn) {
        return isSquares(builtIn)
                ? ((LossL2) builtIn).getWeights()
                : isDistances(builtIn) ? ((LossL1) builtIn).getWeights() : null;
    }

    static boolean hasCounterpart(ILossFunction builtIn) {
        return contains(builtIn) && weightsOf(builtIn) == null;
    }

    /** Whether it is divided by the number of outputs, whatever a mask leaves out. */
    static boolean dividesByOutputs(ILossFunction builtIn) {
        return MEANS_OF_OUTPUTS.contains(builtIn.getClass());
    }

    /** With torch's defaults. */
    static LossBuilder<?> counterpart(ILossFunction builtIn) {
        return isSquares(builtIn)
                ? MSELoss.builder()
                : isDistances(builtIn)
                        ? L1Loss.builder()
                        : PoissonNLLLoss.builder().logInput(false);
    }

    static String nameOfCounterpart(ILossFunction builtIn) {
        return counterpart(builtIn).build().name();
    }

    /** With the sum that the built-in hands to DL4J. */
    static LossBuilder<?> sum(ILossFunction builtIn, Reduction reduction, long outputs) {
        LossBuilder<?> builder = isPoisson(builtIn)
                // the built-in has none
                ? PoissonNLLLoss.builder().logInput(false).eps(0)
                : counterpart(builtIn);
        builder.reduction(reduction);
        if (dividesByOutputs(builtIn) && outputs > 1) {
            builder.factor(1.0 / outputs);
        }
        return builder;
    }
}
