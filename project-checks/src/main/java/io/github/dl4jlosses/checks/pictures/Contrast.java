/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.pictures;

import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.grid.TorchReference;
import io.github.dl4jlosses.spec.Given;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.SpecHead;
import java.util.Optional;
import java.util.function.Function;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/**
 * The same numbers for a loss of DL4J, for ours and for torch's, each as its users call it.
 *
 * @param name the case, in words
 * @param head the activation of the output layer for both losses in DL4J
 * @param builtIn DL4J's loss for a dtype; null: it has none for the purpose
 * @param loss ours, which says what torch's is
 * @param preOutput one row per example
 * @param target the class of each example, below 0 if it has none, or a number for each output
 */
public record Contrast(
        String name,
        SpecHead head,
        Function<DataType, ILossFunction> builtIn,
        TorchLoss loss,
        Given preOutput,
        Given target) {

    /** What DL4J reports and divides out: the score, and a gradient with a row per example. */
    public record Numbers(double value, INDArray gradient) {}

    /** DL4J's own, if it has a loss for the purpose, with pre-output and labels of a dtype. */
    public Optional<Numbers> builtIn(DataType type) {
        return Optional.ofNullable(builtIn).map(loss -> {
            ILossFunction called = loss.apply(type);
            boolean wantsOneHot = target.areIndices() && !(called instanceof LossSparseMCXENT);
            return inNetwork(called, wantsOneHot ? oneHot(type) : labels(type), type);
        });
    }

    /** Ours. */
    public Numbers ours(DataType type) {
        return inNetwork(loss, labels(type), type);
    }

    /** As an output layer calls a loss; what it gets is divided by the examples, as DL4J does afterwards. */
    private Numbers inNetwork(ILossFunction called, INDArray labels, DataType type) {
        long examples = preOutput.shape()[0];
        double score = called.computeScore(labels, array(preOutput, type), head.inDl4j(), null, false);
        INDArray gradient = called.computeGradient(labels, array(preOutput, type), head.inDl4j(), null);
        return new Numbers(score / examples, gradient.div(examples));
    }

    /** Class indices as a column; lists of them as they are. */
    private INDArray labels(DataType type) {
        if (!target.areIndices()) {
            return array(target, type);
        }
        long[] shape = target.shape();
        return Nd4j.createFromArray(target.asIndices()).reshape(shape[0], shape.length == 1 ? 1 : shape[1]);
    }

    private INDArray oneHot(DataType type) {
        INDArray labels = Nd4j.zeros(type, preOutput.shape());
        long[] classes = target.asIndices();
        for (int row = 0; row < classes.length; row++) {
            if (classes[row] >= 0) {
                labels.putScalar(row, classes[row], 1);
            }
        }
        return labels;
    }

    private static INDArray array(Given given, DataType type) {
        return Nd4j.createFromArray(given.asNumbers()).castTo(type).reshape(given.shape());
    }

    /** What torch computes now. */
    public Numbers torch(DataType type) {
        TorchReference reference = TorchReference.of(loss);
        TorchType torchType = type == DataType.DOUBLE ? TorchType.FLOAT64 : TorchType.FLOAT32;
        TorchTensor[] arguments = reference.arguments(
                torchType,
                preOutput.shape().length,
                TorchTensor.of(torchType, preOutput.asNumbers(), preOutput.shape()),
                target.areIndices()
                        ? TorchTensor.of(TorchType.INT64, target.asIndices(), target.shape())
                        : TorchTensor.of(torchType, target.asNumbers(), target.shape()));
        TorchResult result = TorchFunction.of(
                        "x = " + LossSpecs.of(loss).seen(head).inTorch() + "\n"
                                + reference.expression(loss.getReduction()),
                        reference.withOptions("z", "t"))
                .withRespectTo("z")
                .call(arguments);
        return new Numbers(result.value().item(), result.gradient("z").toArray());
    }
}
