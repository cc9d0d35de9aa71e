/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.EmptyMean;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.LossBuilder;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TargetFormat;
import io.github.dl4jlosses.TorchLoss;
import java.util.Set;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossNegativeLogLikelihood;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/**
 * Finds the counterpart in torch of each of DL4J's losses that has one. Exact classes only: a subclass may compute
 * something else.
 */
final class BuiltIns {
    private static final Set<Class<?>> OF_CLASSES =
            Set.of(LossMCXENT.class, LossNegativeLogLikelihood.class, LossSparseMCXENT.class, LossKLD.class);

    private BuiltIns() {}

    static boolean hasCounterpart(ILossFunction builtIn) {
        return head(builtIn) != null || Regressions.hasCounterpart(builtIn);
    }

    /** The activation that a built-in's counterpart applies itself; null if it applies none, as in regression. */
    static Class<? extends IActivation> head(ILossFunction builtIn) {
        Class<?> type = builtIn.getClass();
        return type == LossBinaryXENT.class
                ? ActivationSigmoid.class
                : OF_CLASSES.contains(type) ? ActivationSoftmax.class : null;
    }

    /** The counterpart with torch's defaults and the built-in's weights; null if there is none. */
    private static LossBuilder<?> counterpart(ILossFunction builtIn, Class<?> activation, TargetFormat ofClasses) {
        if (Regressions.hasCounterpart(builtIn)) {
            return Regressions.counterpart(builtIn);
        }
        if (activation != head(builtIn)) {
            return null;
        }
        if (builtIn instanceof LossBinaryXENT) {
            BCEWithLogitsLoss.Builder builder = BCEWithLogitsLoss.builder();
            INDArray weights = ((LossBinaryXENT) builtIn).getWeights();
            return weights == null ? builder : builder.weight(numbers(weights));
        }
        if (builtIn instanceof LossKLD) {
            return KLDivLoss.builder();
        }
        CrossEntropyLoss.Builder builder = CrossEntropyLoss.builder()
                .targetFormat(builtIn instanceof LossSparseMCXENT ? TargetFormat.AUTO : ofClasses);
        INDArray weights = weightsOf(builtIn);
        return weights == null ? builder : builder.weight(numbers(weights));
    }

    /** The loss that a PyTorch user would choose in place of a built-in under an activation; null if there is none. */
    static TorchLoss torchEquivalent(ILossFunction builtIn, IActivation activation) {
        LossBuilder<?> builder = counterpart(builtIn, activation.getClass(), TargetFormat.ONE_HOT);
        return builder == null
                ? null
                : builder.reduction(torchReduction(builtIn)).build();
    }

    /**
     * A built-in's counterpart at the requested scale; its head has been found before.
     *
     * @param outputs of the layer, where the built-in divides by their number
     */
    static TorchLoss scaled(ILossFunction builtIn, Scale scale, boolean miniBatch, long outputs) {
        Class<?> head = head(builtIn);
        if (scale == Scale.DL4J) {
            // the built-in gives DL4J the sum, whatever the network divides by
            Reduction sum = miniBatch ? Reduction.BATCHMEAN : Reduction.SUM;
            return head == null
                    ? Regressions.sum(builtIn, sum, outputs).build()
                    : counterpart(builtIn, head, TargetFormat.AUTO)
                            .reduction(sum)
                            .build();
        }
        // without class weights torch's mean is the same for classes and for probabilities
        TargetFormat format = weightsOf(builtIn) == null ? TargetFormat.AUTO : TargetFormat.ONE_HOT;
        return counterpart(builtIn, head, format)
                .reduction(torchReduction(builtIn))
                .emptyMean(EmptyMean.ZERO)
                .build();
    }

    private static Reduction torchReduction(ILossFunction builtIn) {
        return builtIn instanceof LossKLD ? Reduction.BATCHMEAN : Reduction.MEAN;
    }

    /** The built-in's weights; null if it has none. */
    static INDArray weightsOf(ILossFunction builtIn) {
        return builtIn instanceof LossMCXENT
                ? ((LossMCXENT) builtIn).getWeights()
                : builtIn instanceof LossBinaryXENT ? ((LossBinaryXENT) builtIn).getWeights() : null;
    }

    private static double[] numbers(INDArray weights) {
        return weights.reshape(weights.length()).castTo(DataType.DOUBLE).toDoubleVector();
    }
}
