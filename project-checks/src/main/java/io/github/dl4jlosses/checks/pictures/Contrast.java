/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.pictures;

import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import java.util.Optional;
import java.util.function.Function;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

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
     * A logit and whether it should be yes.
     *
     * @param name the case, in words
     * @param builtIn DL4J's loss for a dtype; null: it has none for the purpose
     * @param loss ours
     * @param torch torch's function of logits x and target t
     * @param logit of one example with one output
     * @param target from 0 for no to 1 for yes
     * @return under a sigmoid
     */
    public static Contrast binary(
            String name,
            Function<DataType, ILossFunction> builtIn,
            TorchLoss loss,
            String torch,
            double logit,
            double target) {
        INDArray labels = Nd4j.createFromArray(new double[][] {{target}});
        INDArray logits = Nd4j.createFromArray(new double[][] {{logit}});
        return new Contrast(name, Activation.SIGMOID, builtIn, labels, loss, labels, torch, labels, logits);
    }

    /**
     * Examples that are of one class each.
     *
     * @param name the case, in words
     * @param builtIn DL4J's loss for a dtype, which takes one-hot labels if it is not sparse; null: it has none
     * @param loss ours
     * @param torch torch's function of logits x and target t
     * @param target the class of each example; below 0: it has none
     * @param logits one row per example
     * @return under a softmax
     */
    public static Contrast classes(
            String name,
            Function<DataType, ILossFunction> builtIn,
            TorchLoss loss,
            String torch,
            long[] target,
            double[]... logits) {
        INDArray indices = Nd4j.createFromArray(target);
        INDArray column = indices.reshape(target.length, 1);
        boolean sparse = builtIn != null && builtIn.apply(DataType.DOUBLE) instanceof LossSparseMCXENT;
        INDArray builtInLabels = sparse ? column : oneHot(target, logits[0].length);
        INDArray rows = Nd4j.createFromArray(logits);
        return new Contrast(name, Activation.SOFTMAX, builtIn, builtInLabels, loss, column, torch, indices, rows);
    }

    private static INDArray oneHot(long[] target, int classes) {
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, target.length, classes);
        for (int row = 0; row < target.length; row++) {
            if (target[row] >= 0) {
                labels.putScalar(row, target[row], 1);
            }
        }
        return labels;
    }

    /**
     * The divergence of one distribution from another.
     *
     * @param name the case, in words
     * @param target the true distribution
     * @param logits of the other
     * @return under a softmax
     */
    public static Contrast divergence(String name, double[] target, double... logits) {
        INDArray labels = Nd4j.createFromArray(new double[][] {target});
        return new Contrast(
                name,
                Activation.SOFTMAX,
                type -> new LossKLD(),
                labels,
                KLDivLoss.builder().reduction(Reduction.BATCHMEAN).build(),
                labels,
                "torch.div(torch.kl_div(torch.log_softmax(x, 1), t, 2), x.size(0))",
                labels,
                Nd4j.createFromArray(new double[][] {logits}));
    }

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
