/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.readme;

import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.examples.losses.Contrast;
import java.util.List;
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

/** The cases of the table of differences. */
final class Contrasts {
    private Contrasts() {}

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
}
