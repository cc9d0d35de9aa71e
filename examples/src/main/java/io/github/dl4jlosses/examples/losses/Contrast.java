/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.losses;

import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import java.util.Optional;
import java.util.function.Function;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * The same numbers for a loss of DL4J, for ours and for torch's, each as its users call it.
 *
 * @param name the case, in words
 * @param head the activation of the output layer for both losses in DL4J
 * @param builtIn DL4J's loss for a dtype; null: it has none for the purpose
 * @param builtInLabels what DL4J's loss takes
 * @param loss ours
 * @param labels what ours takes
 * @param torch torch's function of logits x and target t
 * @param torchTarget what torch's takes
 * @param logits one row per example
 */
public record Contrast(
        String name,
        Activation head,
        Function<DataType, ILossFunction> builtIn,
        INDArray builtInLabels,
        TorchLoss loss,
        INDArray labels,
        String torch,
        INDArray torchTarget,
        INDArray logits) {

    /**
     * What DL4J reports and divides out.
     *
     * @param value the score
     * @param gradient one row per example
     */
    public record Numbers(double value, INDArray gradient) {}

    /**
     * DL4J's own.
     *
     * @param type the dtype of logits and labels
     * @return its numbers, if it has a loss for the purpose
     */
    public Optional<Numbers> builtIn(DataType type) {
        return Optional.ofNullable(builtIn).map(loss -> inNetwork(loss.apply(type), builtInLabels, type));
    }

    /**
     * Ours.
     *
     * @param type the dtype of logits and labels
     * @return its numbers
     */
    public Numbers ours(DataType type) {
        return inNetwork(loss, labels, type);
    }

    /** As an output layer calls a loss; what it gets is divided by the examples, as DL4J does afterwards. */
    private Numbers inNetwork(ILossFunction called, INDArray labels, DataType type) {
        INDArray given = labels.dataType().isFPType() ? labels.castTo(type) : labels;
        double score = called.computeScore(given, preOutput(type), head.getActivationFunction(), null, false);
        INDArray gradient = called.computeGradient(given, preOutput(type), head.getActivationFunction(), null);
        return new Numbers(score / logits.rows(), gradient.div(logits.rows()));
    }

    /**
     * What torch computes now.
     *
     * @param type the dtype of logits and target
     * @return its numbers
     */
    public Numbers torch(DataType type) {
        INDArray target = torchTarget.dataType().isFPType() ? torchTarget.castTo(type) : torchTarget;
        TorchResult result = TorchFunction.of(torch, "x", "t")
                .withRespectTo("x")
                .call(TorchTensor.of(preOutput(type)), TorchTensor.of(target));
        return new Numbers(result.value().item(), result.gradient("x").toArray());
    }

    private INDArray preOutput(DataType type) {
        return logits.castTo(type).dup();
    }
}
