/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.swap.LossSwap;
import io.github.dl4jlosses.swap.Scale;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/** An example that a network is wrong about, and sure: score and gradient of DL4J's loss, of the swapped one, and of torch. */
class SwapWrongExampleTest {
    private static final String BINARY = "torch.binary_cross_entropy_with_logits(z, t, None, None, 2)";
    private static final String CLASSES = "torch.cross_entropy_loss(z, t, None, 2, -100, 0.0)";

    /** What DL4J's own loss makes of the example. */
    private enum BuiltIn {
        /** It learns nothing: its gradient is below a thousandth of torch's. */
        GIVES_UP,
        /** It learns what torch does, though its score may be clipped. */
        LEARNS,
        /** It makes NaN of all weights. */
        BREAKS
    }

    /**
     * @param below whether the activation is that of the layer below a loss layer
     * @param z how far the logits are apart
     */
    private record Wrong(ILossFunction loss, boolean below, double z, DataType type, BuiltIn builtIn) {
        private boolean isBinary() {
            return loss instanceof LossBinaryXENT;
        }

        private Activation activation() {
            return isBinary() ? Activation.SIGMOID : Activation.SOFTMAX;
        }

        /** Wrong about both outputs; sure of the first class, where the second is right. */
        private INDArray logits() {
            return Nd4j.createFromArray(new double[][] {{z, isBinary() ? -z : 0}})
                    .castTo(type);
        }

        private INDArray labels() {
            INDArray labels = loss instanceof LossSparseMCXENT
                    ? Nd4j.createFromArray(new double[][] {{1}})
                    : Nd4j.createFromArray(new double[][] {{0, 1}});
            return labels.castTo(type);
        }

        private TorchResult torch() {
            return TorchFunction.of(isBinary() ? BINARY : CLASSES, "z", "t")
                    .withRespectTo("z")
                    .call(
                            TorchTensor.of(logits()).to(TorchType.FLOAT64),
                            TorchTensor.of(TorchType.FLOAT64, new double[] {0, 1}, 1, 2));
        }

        /** Whose pre-output is its input. */
        private MultiLayerNetwork network() {
            Layer[] layers = below
                    ? new Layer[] {
                        new DenseLayer.Builder()
                                .nIn(2)
                                .nOut(2)
                                .activation(activation())
                                .build(),
                        new LossLayer.Builder(loss)
                                .activation(Activation.IDENTITY)
                                .build()
                    }
                    : new Layer[] {
                        new OutputLayer.Builder(loss)
                                .nIn(2)
                                .nOut(2)
                                .activation(activation())
                                .build()
                    };
            MultiLayerNetwork network = NetworkKind.network(new NeuralNetConfiguration.Builder()
                    .dataType(type)
                    .updater(new Sgd(1))
                    .list(layers)
                    .build());
            network.setParam(Step.WEIGHTS, Nd4j.eye(2).castTo(type));
            network.setParam(Step.BIAS, Nd4j.zeros(type, 1, 2));
            return network;
        }

        /** What the bias loses in a step of rate 1. */
        private double[] gradient(MultiLayerNetwork network) {
            StartingPoint before = StartingPoint.of(network, List.of(Step.BIAS));
            network.fit(new DataSet(logits(), labels()));
            return before.step(network, Step.BIAS, 1);
        }
    }

    static Stream<Wrong> examples() {
        return Stream.of(DataType.DOUBLE, DataType.FLOAT)
                .flatMap(type -> Stream.of(false, true)
                        .flatMap(below -> Stream.of(20.0, 50.0, type == DataType.FLOAT ? 120.0 : 800.0)
                                .flatMap(z -> examples(below, z, type))));
    }

    private static Stream<Wrong> examples(boolean below, double z, DataType type) {
        // a probability of which nothing is left: DL4J divides by it where it does not know of the softmax
        BuiltIn divided = z > 100 ? BuiltIn.BREAKS : BuiltIn.LEARNS;
        return Stream.of(
                new Wrong(new LossBinaryXENT(), below, z, type, BuiltIn.GIVES_UP),
                new Wrong(new LossMCXENT(), below, z, type, below ? divided : BuiltIn.LEARNS),
                new Wrong(new LossSparseMCXENT(), below, z, type, below ? divided : BuiltIn.LEARNS),
                new Wrong(new LossKLD(), below, z, type, divided));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("examples")
    void aSwappedLossLearnsFromItWhatTorchDoes(Wrong wrong) {
        TorchResult torch = wrong.torch();
        double[] expected = torch.gradient("z").toDoubles();
        MultiLayerNetwork builtIn = wrong.network();

        MultiLayerNetwork swapped = LossSwap.swapAll(builtIn, Scale.DL4J).get();

        assertThat(wrong.gradient(swapped)).containsExactly(expected, within(tolerance(wrong.type())));
        assertThat(swapped.score()).isCloseTo(torch.value().item(), within(tolerance(wrong.type()) * wrong.z()));
        double[] theirs = wrong.gradient(builtIn);
        switch (wrong.builtIn()) {
            case GIVES_UP -> {
                assertThat(theirs).containsExactly(new double[2], within(1e-3));
                assertThat(builtIn.score()).isLessThan(24);
            }
            case LEARNS -> assertThat(theirs).containsExactly(expected, within(1e-6));
            case BREAKS -> assertThat(theirs).containsExactly(Double.NaN, Double.NaN);
        }
    }

    private static double tolerance(DataType type) {
        return type == DataType.DOUBLE ? 1e-14 : 1e-7;
    }
}
