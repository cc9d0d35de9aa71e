/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jlosses.ActivationLogSoftmax;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TargetFormat;
import io.github.dl4jlosses.TorchLoss;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossNegativeLogLikelihood;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/** Which loss is whose equivalent; that it is one is shown beside torch. */
class LossSwapEquivalentsTest extends CheckedNetworks {
    private static final INDArray WEIGHTS = Nd4j.createFromArray(new float[][] {{0.5f, 2}});

    private static TorchLoss of(ILossFunction builtIn, IActivation activation) {
        return LossSwap.torchEquivalent(builtIn, activation).orElseThrow();
    }

    @Test
    void crossEntropiesOfOneHotLabelsReadThemAsClasses() {
        TorchLoss plain =
                CrossEntropyLoss.builder().targetFormat(TargetFormat.ONE_HOT).build();
        TorchLoss weighted = CrossEntropyLoss.builder()
                .weight(0.5, 2)
                .targetFormat(TargetFormat.ONE_HOT)
                .build();

        assertThat(of(new LossMCXENT(), SOFTMAX)).isEqualTo(plain);
        assertThat(of(new LossNegativeLogLikelihood(), SOFTMAX)).isEqualTo(plain);
        assertThat(of(new LossMCXENT(WEIGHTS), SOFTMAX)).isEqualTo(weighted);
        assertThat(of(new LossNegativeLogLikelihood(WEIGHTS), SOFTMAX)).isEqualTo(weighted);
    }

    @Test
    void theOneOfIndicesReadsIndices() {
        assertThat(of(new LossSparseMCXENT(), SOFTMAX)).isEqualTo(new CrossEntropyLoss());
        assertThat(of(new LossSparseMCXENT(WEIGHTS), SOFTMAX))
                .isEqualTo(CrossEntropyLoss.builder().weight(0.5, 2).build());
    }

    @Test
    void theOthersHaveTheirOwn() {
        assertThat(of(new LossBinaryXENT(), SIGMOID)).isEqualTo(new BCEWithLogitsLoss());
        assertThat(of(new LossBinaryXENT(WEIGHTS), SIGMOID))
                .isEqualTo(BCEWithLogitsLoss.builder().weight(0.5, 2).build());
        assertThat(of(new LossKLD(), SOFTMAX))
                .isEqualTo(KLDivLoss.builder().reduction(Reduction.BATCHMEAN).build());
    }

    @Test
    void labelsThatAreProbabilitiesAreAnErrorAndNotAnotherLoss() {
        TorchLoss loss = of(new LossMCXENT(), SOFTMAX);
        INDArray logits = Nd4j.createFromArray(new double[][] {{0, 1}});
        INDArray probabilities = Nd4j.createFromArray(new double[][] {{0.25, 0.75}});

        assertThatIllegalArgumentException()
                .isThrownBy(() -> loss.computeScore(probabilities, logits, SOFTMAX, null, false));
    }

    @ParameterizedTest
    @EnumSource(LossFunction.class)
    void noOtherLossOrActivationHasAnEquivalent(LossFunction function) {
        ILossFunction builtIn = function.getILossFunction();
        for (Activation activation : Activation.values()) {
            boolean softmax =
                    activation == Activation.SOFTMAX && (builtIn instanceof LossMCXENT || builtIn instanceof LossKLD);
            boolean sigmoid = activation == Activation.SIGMOID && builtIn instanceof LossBinaryXENT;

            assertThat(LossSwap.torchEquivalent(builtIn, activation.getActivationFunction())
                            .isPresent())
                    .as("%s with %s", function, activation)
                    .isEqualTo(softmax || sigmoid);
        }
    }

    @Test
    void aSubclassMayComputeSomethingElse() {
        ILossFunction ownLoss = new LossMCXENT() {};
        IActivation ownActivation = new ActivationSoftmax() {};

        assertThat(Stream.of(
                        LossSwap.torchEquivalent(ownLoss, SOFTMAX),
                        LossSwap.torchEquivalent(new LossMCXENT(), ownActivation),
                        LossSwap.torchEquivalent(new LossMCXENT(), new ActivationLogSoftmax()),
                        LossSwap.torchEquivalent(new CrossEntropyLoss(), SOFTMAX)))
                .allMatch(Optional::isEmpty);
    }
}
