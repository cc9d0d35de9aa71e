/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.grid.TorchReference;
import io.github.dl4jlosses.spec.InputRange;
import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.spec.SpecHead;
import io.github.dl4jlosses.spec.TargetForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.variational.LossFunctionWrapper;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * The one place where DL4J asks a loss for its average over the rows: the reconstruction of a variational autoencoder. Its
 * bound and its step against live torch, with the same noise on both sides.
 */
class VariationalAutoencoderTest {
    private static final Random RANDOM = PrintedSeed.randomFor(VariationalAutoencoderTest.class);
    private static final int EXAMPLES = 5;
    static final int INPUTS = 4;
    private static final int LATENT = 2;

    /** As DL4J and the text of torch name them. */
    private static final String[] PARAMETERS = {
        "e0W", "e0b", "pZXMeanW", "pZXMeanb", "pZXLogStd2W", "pZXLogStd2b", "d0W", "d0b", "pXZW", "pXZb"
    };

    /** The negative lower bound: the divergence of the code from a standard normal one, and the reconstruction. */
    private static final String BOUND = """
            e = torch.tanh(torch.add(torch.matmul(t, e0W), e0b))
            mean = torch.add(torch.matmul(e, pZXMeanW), pZXMeanb)
            logVariance = torch.add(torch.matmul(e, pZXLogStd2W), pZXLogStd2b)
            code = torch.add(mean, torch.mul(torch.exp(torch.mul(logVariance, 0.5)), noise))
            d = torch.tanh(torch.add(torch.matmul(code, d0W), d0b))
            z = torch.add(torch.matmul(d, pXZW), pXZb)
            terms = torch.sub(torch.add(torch.mul(mean, mean), torch.exp(logVariance)), torch.add(logVariance, 1))
            divergence = torch.div(torch.mul(torch.sum(terms), 0.5), t.size(0))
            """;

    static Stream<Arguments> reconstructions() {
        List<Arguments> all = new ArrayList<>();
        for (LossSpec<?, ?> spec : LossSpecs.all()) {
            // the features are the targets
            if (!spec.forms().contains(TargetForm.DENSE) || spec.outputsPerLabel() > 1) {
                continue;
            }
            for (SpecHead head : spec.heads()) {
                // a decoder's pre-output is no probability
                if (spec.input() == InputRange.PROBABILITIES && head == SpecHead.IDENTITY) {
                    continue;
                }
                for (Reduction reduction : Reduction.values()) {
                    TorchLoss loss = spec.example(TargetForm.DENSE, INPUTS)
                            .reduction(reduction)
                            .build();
                    all.add(Arguments.of(loss, head));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0} under {1}")
    @MethodSource("reconstructions")
    void theBoundAndItsStepAreTorchs(TorchLoss loss, SpecHead head) {
        // GIVEN
        MultiLayerNetwork network = network(loss, head);
        TorchTensor features = TorchTensor.of(
                TorchType.FLOAT64, RANDOM.doubles(EXAMPLES * INPUTS).toArray(), EXAMPLES, INPUTS);
        StartingPoint before = StartingPoint.of(
                network, Stream.of(PARAMETERS).map("0_"::concat).toList());
        long seed = RANDOM.nextLong();
        Nd4j.getRandom().setSeed(seed);
        INDArray noise = Nd4j.randn(DataType.DOUBLE, EXAMPLES, LATENT);

        // WHEN
        Nd4j.getRandom().setSeed(seed);
        network.pretrainLayer(0, features.toArray());

        // THEN
        TorchResult torch = torch(loss, head, features, TorchTensor.of(noise), before);
        assertThat(network.getLayer(0).score())
                .isCloseTo(torch.value().item(), within(10 * StepComparison.FLOAT64_TOLERANCE));
        before.assertStep(network, 1, name -> torch.gradient(name.substring(2)), 10 * StepComparison.FLOAT64_TOLERANCE);
    }

    @ParameterizedTest(name = "{0} under {1}")
    @MethodSource("reconstructions")
    void aReconstructionSurvivesJson(TorchLoss loss, SpecHead head) {
        MultiLayerNetwork network = network(loss, head);

        MultiLayerNetwork read = new MultiLayerNetwork(MultiLayerConfiguration.fromJson(
                network.getLayerWiseConfigurations().toJson()));

        VariationalAutoencoder layer = (VariationalAutoencoder)
                read.getLayerWiseConfigurations().getConf(0).getLayer();
        assertThat(layer.getOutputDistribution()).isEqualTo(new LossFunctionWrapper(head.inDl4j(), loss));
    }

    static MultiLayerNetwork network(TorchLoss loss, SpecHead head) {
        return NetworkKind.network(TwoLayers.builder(RANDOM, new Sgd(1))
                .list(new VariationalAutoencoder.Builder()
                        .nIn(INPUTS)
                        .nOut(LATENT)
                        .encoderLayerSizes(5)
                        .decoderLayerSizes(6)
                        .activation(Activation.TANH)
                        .pzxActivationFunction(Activation.IDENTITY)
                        .reconstructionDistribution(new LossFunctionWrapper(head.inDl4j(), loss))
                        .build())
                .build());
    }

    private static TorchResult torch(
            TorchLoss loss, SpecHead head, TorchTensor features, TorchTensor noise, StartingPoint parameters) {
        TorchReference reference = TorchReference.of(loss);
        List<String> names = new ArrayList<>(List.of("t", "noise"));
        names.addAll(List.of(PARAMETERS));
        return TorchFunction.of(
                        BOUND + "x = " + LossSpecs.of(loss).seen(head).inTorch() + "\ntorch.add(divergence, "
                                + reference.expression(loss.getReduction()) + ")",
                        reference.withOptions(names.toArray(String[]::new)))
                .withRespectTo(PARAMETERS)
                .call(reference.arguments(TorchType.FLOAT64, 2, parameters.after(features, noise)));
    }
}
