/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.errors;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.spec.LossSpec;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Shapes that do not go together are both named. */
class ShapeErrorsTest extends Refusals {
    private static final CrossEntropyLoss CROSS_ENTROPY = new CrossEntropyLoss();
    private static final KLDivLoss DIVERGENCE = new KLDivLoss();

    @EachLikelihood
    void aScalarInputHasNoClasses(TorchLoss loss) {
        refusedDirectly(loss, Nd4j.scalar(1.0), indices(0), "its shape must be (C), (N, C)");
    }

    @Test
    void aScalarBesideAScalarTargetIsReadAsProbabilities() {
        // equal shapes mean probabilities, which torch finds before it looks at the rank
        refusedDirectly(
                CROSS_ENTROPY, Nd4j.scalar(1.0), Nd4j.scalar(0L), "Expected floating point type for target", "Long");
        refusedDirectly(CROSS_ENTROPY, Nd4j.scalar(1.0), Nd4j.scalar(1.0), "the input is a single number");
    }

    @Test
    void aScalarIsRefusedInTorchsWords() {
        begins(
                CROSS_ENTROPY,
                Nd4j.scalar(1.0),
                Nd4j.scalar(1.0),
                "Dimension specified as 1 but tensor has no dimensions");
        begins(
                CROSS_ENTROPY,
                Nd4j.scalar(1.0),
                zeros(1),
                "Dimension out of range (expected to be in range of [-1, 0], but got 1)");
    }

    @EachLikelihood
    void shapesOfIndicesAreRefusedInTorchsWords(TorchLoss loss) {
        shapesAreNamed(loss, halves(3, 5), zeros(2), "Expected input batch_size (3) to match target batch_size (2).");
        shapesAreNamed(
                loss, halves(2, 3), Nd4j.scalar(0L), "Expected input batch_size (2) to match target batch_size (0).");
        String several = "0D or 1D target tensor expected, multi-target not supported";
        shapesAreNamed(loss, halves(2, 5), zeros(2, 1), several);
        shapesAreNamed(loss, halves(2, 3), zeros(2, 2), several);
        shapesAreNamed(loss, halves(3), zeros(1, 1), several);
        shapesAreNamed(loss, halves(2, 3, 4), zeros(2, 5), "Expected target size [2, 4], got [2, 5]");
        shapesAreNamed(
                loss,
                halves(2, 3, 4, 5),
                zeros(2, 4),
                "only batches of spatial targets supported (3D tensors) but got targets of dimension: 2");
        String mismatch = "size mismatch (got input: ";
        shapesAreNamed(loss, halves(2, 3, 4, 5), zeros(2, 4, 6), mismatch + "[2, 3, 4, 5] , target: [2, 4, 6]");
        shapesAreNamed(loss, halves(3), zeros(2), mismatch + "[3], target: [2])");
        refusedDirectly(loss, halves(3), zeros(2), "a single class index");
        shapesAreNamed(loss, halves(3), zeros(1), mismatch + "[3], target: [1])");
    }

    /** The message begins with torch's words, and each direct method names both shapes. */
    private static void shapesAreNamed(TorchLoss loss, INDArray input, INDArray target, String torchs) {
        begins(loss, input, target, torchs);
        refusedDirectly(loss, input, target, torchs, Arrays.toString(input.shape()), Arrays.toString(target.shape()));
    }

    @EachDefaultLoss
    void aNetworksPreOutputIsAMatrix(TorchLoss loss) {
        refusedInANetwork(loss, halves(2, 3, 4), halves(2, 3, 4), IDENTITY, "preOutput must have rank 2", "[2, 3, 4]");
    }

    @ParameterizedTest
    @MethodSource("denseSpecs")
    void aTargetOfAnotherShapeIsRefusedInTorchsWords(LossSpec<?, ?> spec) {
        assertThat(spec.otherShape() == null)
                .as("refuses other shapes or broadcasts them")
                .isEqualTo(spec.broadcasts());
        if (!spec.broadcasts()) {
            INDArray input = halvesFor(spec.defaults(), 2, 3);
            begins(spec.defaults(), input, halves(2, 1), String.format(spec.otherShape(), "[2, 1]", "[2, 3]"));
            refusedDirectly(spec.defaults(), input, halves(2, 1), "torch.Size([2, 1])", "torch.Size([2, 3])");
            if (!spec.warnsOnly()) {
                begins(spec.defaults(), input, halves(3, 2), String.format(spec.otherShape(), "[3, 2]", "[2, 3]"));
                refusedDirectly(spec.defaults(), input, halves(3, 2), "torch.Size([3, 2])", "torch.Size([2, 3])");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("denseSpecs")
    void shapesThatDoNotBroadcastAreRefusedInTorchsWords(LossSpec<?, ?> spec) {
        if (spec.warnsOnly()) {
            refusedDirectly(
                    spec.defaults(),
                    halvesFor(spec.defaults(), 2, 3),
                    halves(2, 2),
                    spec.namesTargetFirst()
                            ? "The size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 1"
                            : "The size of tensor a (3) must match the size of tensor b (2) at non-singleton dimension 1",
                    "[2, 3]",
                    "[2, 2]");
        }
    }

    @Test
    void theDivergenceWantsShapesThatBroadcast() {
        refusedDirectly(
                DIVERGENCE,
                halves(2, 3),
                halves(2, 2),
                "must match the size of tensor b",
                "dimension 1",
                "[2, 3]",
                "[2, 2]");
    }

    @EachDefaultLoss
    void labelsOfANetworkMustFitTheOutput(TorchLoss loss) {
        INDArray preOutput = halvesFor(loss, 2, 3);
        refusedInANetwork(loss, halves(2, 4), preOutput, IDENTITY, "labels", "[2, 4]", "[2, 3]");
        refusedInANetwork(loss, halves(3, 3), preOutput, IDENTITY, "labels", "[3, 3]", "[2, 3]");
    }

    @EachClassLoss
    void indicesOfANetworkMayBeAVectorButNoRow(TorchLoss loss) {
        INDArray preOutput = halves(3, 5).putScalar(1, 4, 2);
        INDArray vector = numbers(0, 4, 2);

        assertThat(loss.computeScore(vector, preOutput, SOFTMAX, null, false))
                .isEqualTo(loss.computeScore(vector.reshape(3, 1), preOutput, SOFTMAX, null, false));
        refusedInANetwork(
                loss,
                vector.reshape(1, 3),
                preOutput,
                SOFTMAX,
                "labels have shape [1, 3], but the output layer has [3, 5]",
                "class indices of shape [3, 1]");
    }

    /** Where torch refuses them, too, or takes the last dimension for the classes. */
    @Test
    void positionsOfADirectCallAreRefusedWhereTheLossTakesRowsOnly() {
        specs().filter(spec -> spec.mostDimensions() == 2)
                .forEach(spec -> refusedDirectly(
                        spec.defaults(), halves(2, 3, 4), halves(2, 3, 4), "[2, 3, 4]", "(C) or (N, C)"));
    }

    @Test
    void labelsOfANetworkAreNotBroadcast() {
        denseSpecs()
                .forEach(spec -> refusedInANetwork(
                        spec.defaults(),
                        halves(2, 1),
                        halvesFor(spec.defaults(), 2, 3),
                        IDENTITY,
                        "labels",
                        "[2, 1]",
                        "[2, 3]"));
    }
}
