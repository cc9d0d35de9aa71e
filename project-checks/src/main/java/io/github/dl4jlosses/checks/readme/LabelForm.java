/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.readme;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.TargetFormat;
import io.github.dl4jlosses.examples.common.Networks;
import io.github.dl4jlosses.parity.TorchFunction;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * The same two examples of classes 0 and 2, labelled in a form that a network takes, or torch, which has no format, and with
 * no label for the second.
 */
record LabelForm(String words, TargetFormat format, INDArray labelled, INDArray unlabelled) {
    private static final INDArray LOGITS = Nd4j.createFromArray(new double[][] {{1, 0, -1}, {0, 1, 1}});

    static List<LabelForm> all() {
        INDArray classes = Nd4j.createFromArray(new int[][] {{0}, {2}});
        INDArray ignored = Nd4j.createFromArray(new int[][] {{0}, {-100}});
        INDArray oneHot = Nd4j.createFromArray(new double[][] {{1, 0, 0}, {0, 0, 1}});
        INDArray zeros = Nd4j.createFromArray(new double[][] {{1, 0, 0}, {0, 0, 0}});
        return List.of(
                new LabelForm("indices", TargetFormat.AUTO, classes, ignored),
                new LabelForm("one-hot", TargetFormat.AUTO, oneHot, zeros),
                new LabelForm("one-hot, `targetFormat(TargetFormat.ONE_HOT)`", TargetFormat.ONE_HOT, oneHot, zeros),
                new LabelForm("torch, indices", null, indices(classes), indices(ignored)),
                new LabelForm("torch, probabilities", null, oneHot, zeros));
    }

    private static INDArray indices(INDArray column) {
        return column.reshape(column.length()).castTo(DataType.INT64);
    }

    double weighted() {
        return format == null
                ? torch("torch.to(torch.tensor([1.0, 2.0, 5.0]), x.dtype)", labelled)
                : network(CrossEntropyLoss.builder().weight(1, 2, 5), labelled);
    }

    double unweighted() {
        return format == null ? torch("None", unlabelled) : network(CrossEntropyLoss.builder(), unlabelled);
    }

    private static double torch(String weight, INDArray target) {
        return TorchFunction.of("torch.cross_entropy_loss(x, t, %s, 1, -100, 0.0)".formatted(weight), "x", "t")
                .call(LOGITS, target)
                .value()
                .item();
    }

    /** A network whose logits are its features. */
    private double network(CrossEntropyLoss.Builder loss, INDArray labels) {
        Layer output = Networks.output(loss.targetFormat(format).build(), new ActivationSoftmax(), 3, 3);
        MultiLayerNetwork network = Networks.of(1, new Sgd(1), output);
        network.setParam("0_W", Nd4j.eye(3).castTo(DataType.DOUBLE));
        return network.score(new DataSet(LOGITS, labels), true);
    }
}
