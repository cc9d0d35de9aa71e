/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jlosses.ActivationLogSoftmax;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.L1Loss;
import io.github.dl4jlosses.MSELoss;
import io.github.dl4jlosses.PoissonNLLLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TargetFormat;
import io.github.dl4jlosses.TorchLoss;
import java.util.Optional;
import java.util.Set;
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
import org.nd4j.linalg.lossfunctions.impl.LossL1;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.lossfunctions.impl.LossNegativeLogLikelihood;
import org.nd4j.linalg.lossfunctions.impl.LossPoisson;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/** Which loss is whose equivalent; that it is one is shown beside torch. */
class LossSwapEquivalentsTest extends CheckedNetworks {
    private static final INDArray WEIGHTS = Nd4j.createFromArray(new float[][] {{0.5f, 2}});

    private static final Set<Class<?>> REGRESSIONS =
            Set.of(LossMSE.class, LossL2.class, LossMAE.class, LossL1.class, LossPoisson.class);

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
        assertThat(of(new LossMCXENT(Nd4j.createFromArray(0.5f, 2)), SOFTMAX)).isEqualTo(weighted);
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

    /** LossMSE is in DL4J a LossL2, and LossMAE a LossL1: each has torch's mean. */
    @ParameterizedTest
    @EnumSource(Activation.class)
    void regressionsHaveTheirOwnUnderAnyActivation(Activation activation) {
        IActivation any = activation.getActivationFunction();

        assertThat(of(new LossMSE(), any)).isEqualTo(new MSELoss());
        assertThat(of(new LossL2(), any)).isEqualTo(new MSELoss());
        assertThat(of(new LossMAE(), any)).isEqualTo(new L1Loss());
        assertThat(of(new LossL1(), any)).isEqualTo(new L1Loss());
        assertThat(of(new LossPoisson(), any))
                .isEqualTo(PoissonNLLLoss.builder().logInput(false).build());
    }

    @Test
    void regressionsWithWeightsForOutputsHaveNone() {
        assertThat(Stream.of(new LossMSE(WEIGHTS), new LossL2(WEIGHTS), new LossMAE(WEIGHTS), new LossL1(WEIGHTS))
                        .map(weighted -> LossSwap.torchEquivalent(weighted, IDENTITY)))
                .allMatch(Optional::isEmpty);
    }

    @ParameterizedTest
    @EnumSource(LossFunction.class)
    void noOtherLossOrActivationHasAnEquivalent(LossFunction function) {
        ILossFunction builtIn = function.getILossFunction();
        boolean regression = REGRESSIONS.contains(builtIn.getClass());
        for (Activation activation : Activation.values()) {
            boolean softmax =
                    activation == Activation.SOFTMAX && (builtIn instanceof LossMCXENT || builtIn instanceof LossKLD);
            boolean sigmoid = activation == Activation.SIGMOID && builtIn instanceof LossBinaryXENT;

            assertThat(LossSwap.torchEquivalent(builtIn, activation.getActivationFunction())
                            .isPresent())
                    .as("%s with %s", function, activation)
                    .isEqualTo(softmax || sigmoid || regression);
        }
    }

    @Test
    void aSubclassMayComputeSomethingElse() {
        ILossFunction ownLoss = new LossMCXENT() {};
        ILossFunction ownRegression = new LossMSE() {};
        IActivation ownActivation = new ActivationSoftmax() {};

        assertThat(Stream.of(
                        LossSwap.torchEquivalent(ownLoss, SOFTMAX),
                        LossSwap.torchEquivalent(ownRegression, IDENTITY),
                        LossSwap.torchEquivalent(new LossMCXENT(), ownActivation),
                        LossSwap.torchEquivalent(new LossMCXENT(), new ActivationLogSoftmax()),
                        LossSwap.torchEquivalent(new CrossEntropyLoss(), SOFTMAX)))
                .allMatch(Optional::isEmpty);
    }
}
