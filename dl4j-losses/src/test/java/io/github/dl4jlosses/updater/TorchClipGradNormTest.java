/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.CrossEntropyLoss;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** What is counted and scaled, by the formula; the proofs against torch train beside it. */
class TorchClipGradNormTest {
    private static final int EXAMPLES = 5;

    private static TorchClipGradNorm.Builder clip() {
        return TorchClipGradNorm.builder();
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 2, 3, Double.POSITIVE_INFINITY})
    void allGradientsTogetherAreScaledToTheNorm(double normType) {
        MultiLayerNetwork net =
                network(DataType.DOUBLE, new DenseLayer.Builder().nOut(4).build(), output());
        Map<String, double[]> before = gradients(net);
        double norm = norm(normType, before.values().toArray(double[][]::new));
        TorchClipGradNorm half = clip().maxNorm(norm / 2).normType(normType).build();

        half.onGradientCalculation(net);

        assertThat(half.getLastNorm()).isCloseTo(norm, within(1e-14));
        gradients(net).forEach((name, after) -> {
            double[] expected = Arrays.stream(before.get(name))
                    .map(g -> g * norm / 2 / (norm + 1e-6))
                    .toArray();
            assertThat(after).as(name).containsExactly(expected, within(1e-14));
        });
    }

    @Test
    void aNormBelowTheLimitLeavesTheGradientAlone() {
        MultiLayerNetwork net = network(DataType.DOUBLE, output());
        double[] before = gradients(net).get("0_W");
        TorchClipGradNorm listener = clip().maxNorm(1e6).build();
        assertThat(listener.getLastNorm()).isNaN();

        listener.onGradientCalculation(net);

        assertThat(gradients(net).get("0_W")).isEqualTo(before);
    }

    @Test
    void underMiniBatchTheNormIsThatOfTheGradientAfterTheDivision() {
        MultiLayerNetwork net = network(DataType.DOUBLE, output());
        TorchClipGradNorm listener = clip().maxNorm(1).build();
        listener.onGradientCalculation(net);
        double whole = listener.getLastNorm();

        net.conf().setMiniBatch(true);
        net.computeGradientAndScore();
        listener.onGradientCalculation(net);

        assertThat(listener.getLastNorm()).isCloseTo(whole / EXAMPLES, within(1e-14));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theStatisticsOfBatchNormAreNoGradients(boolean useLogStd) {
        MultiLayerNetwork net = network(
                DataType.DOUBLE,
                new BatchNormalization.Builder().useLogStd(useLogStd).build(),
                output());
        Map<String, double[]> before = gradients(net);
        String variance = useLogStd ? "0_log10stdev" : "0_var";
        TorchClipGradNorm listener = clip().maxNorm(0).build();

        listener.onGradientCalculation(net);

        assertThat(listener.getLastNorm())
                .isCloseTo(
                        norm(2, before.get("0_gamma"), before.get("0_beta"), before.get("1_W"), before.get("1_b")),
                        within(1e-14));
        Map<String, double[]> after = gradients(net);
        assertThat(after.get("0_mean")).isEqualTo(before.get("0_mean")).isNotEqualTo(new double[3]);
        assertThat(after.get(variance)).isEqualTo(before.get(variance)).isNotEqualTo(new double[3]);
        assertThat(after.get("0_gamma")).containsOnly(0);
    }

    @Test
    void aBiasThatIsTwoInTorchCountsTwice() {
        LSTM.Builder lstm = new LSTM.Builder().nOut(2);
        assertCountedTwice(network(DataType.DOUBLE, lstm.build(), recurrentOutput()), "0_b");
        assertCountedTwice(network(DataType.DOUBLE, new LastTimeStep(lstm.build()), output()), "0_b");
        assertCountedTwice(
                network(DataType.DOUBLE, new Bidirectional(lstm.build()), recurrentOutput()), "0_fb", "0_bb");
        assertCountedTwice(
                network(DataType.DOUBLE, new SimpleRnn.Builder().nOut(2).build(), recurrentOutput()), "0_b");
    }

    private static void assertCountedTwice(MultiLayerNetwork net, String... biases) {
        Map<String, double[]> gradients = gradients(net);
        for (String bias : biases) {
            assertThat(norm(2, gradients.get(bias))).isPositive();
            gradients.put(bias + " again", gradients.get(bias));
        }
        TorchClipGradNorm listener = clip().maxNorm(1).build();
        listener.onGradientCalculation(net);
        assertThat(listener.getLastNorm())
                .isCloseTo(norm(2, gradients.values().toArray(double[][]::new)), within(1e-14));
    }

    @Test
    void aFrozenLayerHasNoGradient() {
        MultiLayerNetwork net = network(
                DataType.DOUBLE,
                new FrozenLayer(new DenseLayer.Builder().nOut(4).build()),
                output());
        Map<String, double[]> gradients = gradients(net);
        TorchClipGradNorm listener = clip().maxNorm(1).build();

        listener.onGradientCalculation(net);

        assertThat(gradients).containsOnlyKeys("1_W", "1_b");
        assertThat(listener.getLastNorm())
                .isCloseTo(norm(2, gradients.values().toArray(double[][]::new)), within(1e-14));
    }

    @Test
    void theNormOfHalvesDoesNotOverflow() {
        MultiLayerNetwork net = network(DataType.FLOAT16, output());
        INDArray gradient = net.gradient().getGradientFor("0_W");
        net.gradient().getGradientFor("0_b").assign(0);
        gradient.assign(1000);
        TorchClipGradNorm listener = clip().maxNorm(1).build();

        listener.onGradientCalculation(net);

        assertThat(listener.getLastNorm()).isCloseTo(1000 * Math.sqrt((double) gradient.length()), within(1.));
    }

    @Test
    void aNormThatIsNotFiniteSpreadsOrIsRefused() {
        MultiLayerNetwork net = network(DataType.DOUBLE, output());
        net.gradient().getGradientFor("0_b").putScalar(0, Double.NaN);

        assertThatIllegalStateException()
                .isThrownBy(
                        () -> clip().maxNorm(1).errorIfNonfinite(true).build().onGradientCalculation(net))
                .withMessageContaining("is non-finite, so it cannot be clipped. (it is NaN)");
        clip().maxNorm(1).build().onGradientCalculation(net);
        assertThat(gradients(net).get("0_W")).containsOnly(Double.NaN);
    }

    @Test
    void optionsOutOfTheirRangeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> clip().build())
                .withMessageContaining("maxNorm must be set");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> clip().maxNorm(-1).build())
                .withMessageContaining("maxNorm must be set, to 0 or more, but is -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> clip().maxNorm(1).normType(0).build())
                .withMessageContaining("normType must be above 0");
    }

    private static double norm(double p, double[]... parts) {
        double[] all = Arrays.stream(parts)
                .flatMapToDouble(Arrays::stream)
                .map(Math::abs)
                .toArray();
        return Double.isInfinite(p)
                ? Arrays.stream(all).max().orElseThrow()
                : Math.pow(Arrays.stream(all).map(g -> Math.pow(g, p)).sum(), 1 / p);
    }

    private static Map<String, double[]> gradients(MultiLayerNetwork net) {
        Map<String, double[]> gradients = new LinkedHashMap<>();
        net.gradient().gradientForVariable().forEach((name, gradient) -> {
            if (gradient != null) {
                gradients.put(name, gradient.dup().data().asDouble());
            }
        });
        return gradients;
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(
                        CrossEntropyLoss.builder().miniBatch(false).build())
                .nOut(2)
                .build();
    }

    private static RnnOutputLayer recurrentOutput() {
        return new RnnOutputLayer.Builder(
                        CrossEntropyLoss.builder().miniBatch(false).build())
                .nOut(2)
                .build();
    }

    /** With the gradient of a batch in it. */
    private static MultiLayerNetwork network(DataType type, Layer... layers) {
        Nd4j.getRandom().setSeed(1);
        boolean recurrent = !(layers[0] instanceof DenseLayer
                || layers[0] instanceof OutputLayer
                || layers[0] instanceof BatchNormalization
                || layers[0] instanceof FrozenLayer);
        ListBuilder list = new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(type)
                .updater(new Sgd(.1))
                .miniBatch(false)
                .list();
        Arrays.stream(layers).forEach(list::layer);
        MultiLayerNetwork net =
                new MultiLayerNetwork(list.setInputType(recurrent ? InputType.recurrent(3) : InputType.feedForward(3))
                        .build());
        net.init();
        boolean sequences = layers[layers.length - 1] instanceof RnnOutputLayer;
        INDArray input = recurrent ? Nd4j.rand(type, EXAMPLES, 3, 4) : Nd4j.rand(type, EXAMPLES, 3);
        INDArray labels = sequences ? Nd4j.zeros(type, EXAMPLES, 1, 4) : Nd4j.zeros(type, EXAMPLES, 1);
        net.setInput(input);
        net.setLabels(labels);
        net.computeGradientAndScore();
        return net;
    }
}
