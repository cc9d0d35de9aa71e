/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.readme;

import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
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
record Contrast(
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
    record Numbers(double value, INDArray gradient) {}

    static List<Contrast> all() {
        double[][] twoRows = {{2, 0}, {2, 0}};
        return List.of(
                binary(-12, 1),
                binary(-20, 1),
                binary(-50, 1),
                binary(20, 0),
                classes("cross entropy, logits (0, 30), class 0", new double[] {0, 30}),
                classes("cross entropy, logits (0, 100), class 0", new double[] {0, 100}),
                divergence(),
                classes(
                        "class weights 1 and 9, logits (2, 0) twice, classes 0 and 1",
                        type -> new LossMCXENT(Nd4j.createFromArray(1.0, 9.0).castTo(type)),
                        CrossEntropyLoss.builder().weight(1, 9).build(),
                        "torch.cross_entropy_loss(x, t, torch.to(torch.tensor([1.0, 9.0]), x.dtype), 1, -100, 0.0)",
                        new long[] {0, 1},
                        twoRows),
                classes(
                        "ignore_index, logits (2, 0) twice, classes 0 and -100",
                        type -> new LossSparseMCXENT(),
                        new CrossEntropyLoss(),
                        "torch.cross_entropy_loss(x, t, None, 1, -100, 0.0)",
                        new long[] {0, -100},
                        twoRows),
                classes(
                        "label smoothing 0.1, logits (2, 0), class 0",
                        null,
                        CrossEntropyLoss.builder().labelSmoothing(.1).build(),
                        "torch.cross_entropy_loss(x, t, None, 1, -100, 0.1)",
                        new long[] {0},
                        new double[] {2, 0}),
                binary(
                        "pos_weight 3, logit 0.5, target 1",
                        null,
                        BCEWithLogitsLoss.builder().posWeight(3).build(),
                        "torch.binary_cross_entropy_with_logits(x, t, None, torch.to(torch.tensor([3.0]), x.dtype), 1)",
                        .5,
                        1),
                classes(
                        "reduction 'sum', logits (2, 0) twice, classes 0 and 1",
                        null,
                        CrossEntropyLoss.builder().reduction(Reduction.SUM).build(),
                        "torch.cross_entropy_loss(x, t, None, 2, -100, 0.0)",
                        new long[] {0, 1},
                        twoRows));
    }

    private static Contrast binary(double logit, double target) {
        return binary(
                "binary cross entropy, logit %.0f, target %.0f".formatted(logit, target),
                type -> new LossBinaryXENT(),
                new BCEWithLogitsLoss(),
                "torch.binary_cross_entropy_with_logits(x, t, None, None, 1)",
                logit,
                target);
    }

    private static Contrast binary(
            String name,
            Function<DataType, ILossFunction> builtIn,
            TorchLoss loss,
            String torch,
            double logit,
            double target) {
        INDArray labels = Nd4j.createFromArray(new double[][] {{target}});
        return new Contrast(
                name,
                Activation.SIGMOID,
                builtIn,
                labels,
                loss,
                labels,
                torch,
                labels,
                Nd4j.createFromArray(new double[][] {{logit}}));
    }

    private static Contrast divergence() {
        INDArray labels = Nd4j.createFromArray(new double[][] {{.5, .5}});
        return new Contrast(
                "KL divergence, logits (0, 100), target (0.5, 0.5)",
                Activation.SOFTMAX,
                type -> new LossKLD(),
                labels,
                KLDivLoss.builder().reduction(Reduction.BATCHMEAN).build(),
                labels,
                "torch.div(torch.kl_div(torch.log_softmax(x, 1), t, 2), x.size(0))",
                labels,
                Nd4j.createFromArray(new double[][] {{0, 100}}));
    }

    private static Contrast classes(String name, double[] logits) {
        return classes(
                name,
                type -> new LossMCXENT(),
                new CrossEntropyLoss(),
                "torch.cross_entropy_loss(x, t, None, 1, -100, 0.0)",
                new long[] {0},
                logits);
    }

    private static Contrast classes(
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
        return new Contrast(
                name,
                Activation.SOFTMAX,
                builtIn,
                builtInLabels,
                loss,
                column,
                torch,
                indices,
                Nd4j.createFromArray(logits));
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

    Optional<Numbers> builtIn(DataType type) {
        return Optional.ofNullable(builtIn).map(loss -> inNetwork(loss.apply(type), builtInLabels, type));
    }

    Numbers ours(DataType type) {
        return inNetwork(loss, labels, type);
    }

    /** As an output layer calls a loss; what it gets is divided by the examples, as DL4J does afterwards. */
    private Numbers inNetwork(ILossFunction called, INDArray labels, DataType type) {
        INDArray given = labels.dataType().isFPType() ? labels.castTo(type) : labels;
        double score = called.computeScore(given, preOutput(type), head.getActivationFunction(), null, false);
        INDArray gradient = called.computeGradient(given, preOutput(type), head.getActivationFunction(), null);
        return new Numbers(score / logits.rows(), gradient.div(logits.rows()));
    }

    Numbers torch(DataType type) {
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
