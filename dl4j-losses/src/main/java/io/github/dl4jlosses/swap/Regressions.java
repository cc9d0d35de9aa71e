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
 * Finds the counterparts in torch of DL4J's losses for regression, which are the same under any activation. Exact
 * classes only: in DL4J LossMSE extends LossL2, and LossMAE extends LossL1; both divide by the number of outputs.
 */
final class Regressions {
    private static final Set<Class<?>> SQUARES = Set.of(LossMSE.class, LossL2.class);
    private static final Set<Class<?>> DISTANCES = Set.of(LossMAE.class, LossL1.class);
    private static final Set<Class<?>> MEANS_OF_OUTPUTS = Set.of(LossMSE.class, LossMAE.class);

    private Regressions() {}

    /** Whether a built-in is one of these losses, with or without weights for outputs. */
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

    /** The weights of a built-in, one number for each output, which torch's losses for regression lack; null: none. */
    static INDArray weightsOf(ILossFunction builtIn) {
        return isSquares(builtIn)
                ? ((LossL2) builtIn).getWeights()
                : isDistances(builtIn) ? ((LossL1) builtIn).getWeights() : null;
    }

    static boolean hasCounterpart(ILossFunction builtIn) {
        return contains(builtIn) && weightsOf(builtIn) == null;
    }

    /** Whether a built-in divides by the number of outputs, masked ones included. */
    static boolean dividesByOutputs(ILossFunction builtIn) {
        return MEANS_OF_OUTPUTS.contains(builtIn.getClass());
    }

    /** The counterpart with torch's defaults. */
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

    /** The counterpart that gives the same sum as the built-in gives DL4J. */
    static LossBuilder<?> sum(ILossFunction builtIn, Reduction reduction, long outputs) {
        LossBuilder<?> builder = isPoisson(builtIn)
                // the built-in has no eps
                ? PoissonNLLLoss.builder().logInput(false).eps(0)
                : counterpart(builtIn);
        builder.reduction(reduction);
        if (dividesByOutputs(builtIn) && outputs > 1) {
            builder.factor(1.0 / outputs);
        }
        return builder;
    }
}
