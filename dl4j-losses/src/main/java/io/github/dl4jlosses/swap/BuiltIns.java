/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TargetFormat;
import io.github.dl4jlosses.TorchLoss;
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

/** The losses of DL4J that have a counterpart in torch. Exact classes only: a subclass may compute something else. */
final class BuiltIns {
    private BuiltIns() {}

    /** Null where there is none. */
    static TorchLoss torchEquivalent(ILossFunction builtIn, IActivation activation) {
        Class<?> type = builtIn.getClass();
        if (activation.getClass() == ActivationSigmoid.class && type == LossBinaryXENT.class) {
            return logits(((LossBinaryXENT) builtIn).getWeights());
        }
        if (activation.getClass() != ActivationSoftmax.class) {
            return null;
        }
        if (type == LossMCXENT.class || type == LossNegativeLogLikelihood.class) {
            return classes((LossMCXENT) builtIn, TargetFormat.ONE_HOT);
        }
        if (type == LossSparseMCXENT.class) {
            return classes((LossMCXENT) builtIn, TargetFormat.AUTO);
        }
        return type == LossKLD.class
                ? KLDivLoss.builder().reduction(Reduction.BATCHMEAN).build()
                : null;
    }

    private static TorchLoss classes(LossMCXENT builtIn, TargetFormat format) {
        CrossEntropyLoss.Builder builder = CrossEntropyLoss.builder().targetFormat(format);
        INDArray weights = builtIn.getWeights();
        return (weights == null ? builder : builder.weight(numbers(weights))).build();
    }

    private static TorchLoss logits(INDArray weights) {
        BCEWithLogitsLoss.Builder builder = BCEWithLogitsLoss.builder();
        return (weights == null ? builder : builder.weight(numbers(weights))).build();
    }

    private static double[] numbers(INDArray weights) {
        return weights.reshape(weights.length()).castTo(DataType.DOUBLE).toDoubleVector();
    }
}
