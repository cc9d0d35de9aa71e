/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.spec.SpecHead;
import io.github.dl4jlosses.spec.memory.FilledArray;
import io.github.dl4jlosses.spec.memory.Layout;
import io.github.dl4jlosses.spec.plain.PlainRows;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

class ActivationLogSoftmaxTest {
    private static final Random RANDOM = PrintedSeed.randomFor(ActivationLogSoftmaxTest.class);
    private static final IActivation LOG_SOFTMAX = new ActivationLogSoftmax();

    static Stream<long[]> shapes() {
        return Stream.of(
                new long[] {5}, new long[] {1}, new long[] {4, 3}, new long[] {3, 4, 5}, new long[] {2, 3, 4, 2});
    }

    private static INDArray logits(DataType type, long... shape) {
        return FilledArray.of(() -> 5 * RANDOM.nextGaussian(), type, shape);
    }

    /** Row by row, the formula that the proofs compare with torch, within so much for numbers of some ten. */
    private static void assertRows(INDArray actual, double tolerance, IntFunction<double[]> expected) {
        double[][] rows = new PlainRows(actual.shape()).of(actual);
        for (int r = 0; r < rows.length; r++) {
            assertThat(rows[r]).containsExactly(expected.apply(r), within(tolerance));
        }
    }

    // ---- forward ----

    @ParameterizedTest
    @EnumSource
    void theArgumentIsOverwrittenAndReturned(Layout layout) {
        INDArray logits = logits(DataType.DOUBLE, 4, 3);
        INDArray expected = LOG_SOFTMAX.getActivation(logits.dup(), true);
        Layout.Placed placed = layout.place(logits);
        Layout.Placed around = layout.place(expected);

        INDArray returned = LOG_SOFTMAX.getActivation(placed.array(), false);

        assertThat(returned).isSameAs(placed.array());
        assertThat(placed.bytes())
                .as("the whole memory, with what is around the view")
                .isEqualTo(around.bytes());
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void eachRowIsTheLogarithmOfItsSoftmax(long[] shape) {
        for (DataType type : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
            INDArray logits = logits(type, shape);
            double[][] z = new PlainRows(shape).of(logits);

            INDArray output = LOG_SOFTMAX.getActivation(logits, true);

            assertRows(output, type == DataType.DOUBLE ? 1e-14 : 1e-5, r -> SpecHead.LOG_SOFTMAX.of(z[r]));
        }
    }

    @Test
    void extremeLogitsStayExact() {
        INDArray output = LOG_SOFTMAX.getActivation(
                Nd4j.createFromArray(new double[][] {{1000, 0, -1000}, {-1000, -1000, -1000}, {1e300, -1e300, 0}}),
                true);

        assertThat(unsignedZeros(output.getRow(0))).containsExactly(0, -1000, -2000);
        assertThat(output.getRow(1).toDoubleVector()).containsOnly(new double[] {-Math.log(3)}, within(1e-13));
        assertThat(unsignedZeros(output.getRow(2))).containsExactly(0, -2e300, -1e300);
    }

    /** The numbers, a zero of either sign as 0. */
    private static double[] unsignedZeros(INDArray array) {
        return Arrays.stream(array.toDoubleVector()).map(x -> x + 0.0).toArray();
    }

    @Test
    void aConfidentRowKeepsTheDigitsOfItsSmallLoss() {
        // -log(1 / (1 + e^-30)) = log1p(e^-30), of which a sum of 1 + e^-30 keeps three digits
        INDArray output = LOG_SOFTMAX.getActivation(Nd4j.createFromArray(new double[][] {{30, 0}}), true);

        double exact = -Math.log1p(Math.exp(-30));
        assertThat(output.getDouble(0, 0)).isCloseTo(exact, within(1e-14 * Math.abs(exact)));
    }

    @Test
    void extremeLogitsInFloatAreFinite() {
        INDArray output = LOG_SOFTMAX.getActivation(Nd4j.createFromArray(new float[][] {{1000, -1000}}), true);

        assertThat(unsignedZeros(output.getRow(0))).containsExactly(0, -2000);
    }

    @Test
    void aRowWithNanOrPositiveInfinityIsNanAndItsNeighboursAreNot() {
        INDArray output = LOG_SOFTMAX.getActivation(
                Nd4j.createFromArray(new double[][] {{Double.NaN, 1}, {0, 0}, {Double.POSITIVE_INFINITY, 1}}), true);

        assertThat(output.getRow(0).toDoubleVector()).containsOnly(Double.NaN);
        assertThat(output.getRow(1).toDoubleVector()).containsOnly(new double[] {-Math.log(2)}, within(1e-15));
        assertThat(output.getRow(2).toDoubleVector()).containsOnly(Double.NaN);
    }

    // ---- backward ----

    @ParameterizedTest
    @MethodSource("shapes")
    void backpropIsTheDerivative(long[] shape) {
        INDArray logits = logits(DataType.DOUBLE, shape);
        INDArray upstream = logits(DataType.DOUBLE, shape);
        double[][] z = new PlainRows(shape).of(logits);
        double[][] gradient = new PlainRows(shape).of(upstream);

        INDArray through = LOG_SOFTMAX.backprop(logits, upstream).getFirst();

        assertRows(through, 1e-13, r -> SpecHead.LOG_SOFTMAX.back(z[r], SpecHead.LOG_SOFTMAX.of(z[r]), gradient[r]));
    }

    @ParameterizedTest
    @EnumSource
    void backpropIsTheSameInAnyLayout(Layout layout) {
        INDArray logits = logits(DataType.FLOAT, 4, 3);
        INDArray upstream = logits(DataType.FLOAT, 4, 3);

        INDArray gradient = LOG_SOFTMAX
                .backprop(layout.place(logits).array(), layout.place(upstream).array())
                .getFirst();

        // compared as numbers, since equality of arrays has a tolerance
        assertThat(gradient.toFloatMatrix())
                .isDeepEqualTo(LOG_SOFTMAX
                        .backprop(logits.dup(), upstream.dup())
                        .getFirst()
                        .toFloatMatrix());
    }

    @Test
    void aConstantUpstreamInExtremeLogitsGivesZeros() {
        INDArray gradient = LOG_SOFTMAX
                .backprop(
                        Nd4j.createFromArray(new double[][] {{1000, -1000}}),
                        Nd4j.createFromArray(new double[][] {{0, 1}}))
                .getFirst();

        // e - softmax(z) sum(e) with softmax = (1, 0)
        assertThat(gradient.toDoubleVector()).containsExactly(-1, 1);
    }

    // ---- in a network ----

    @Test
    void aNetworkWithTheLikelihoodPassesTheGradientCheck() {
        DataType before = Nd4j.defaultFloatingPointType();
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
        try {
            MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                    .seed(12345)
                    .dataType(DataType.DOUBLE)
                    .updater(new NoOp())
                    .list()
                    .layer(new DenseLayer.Builder()
                            .nIn(4)
                            .nOut(5)
                            .activation(Activation.TANH)
                            .build())
                    .layer(new OutputLayer.Builder(
                                    NLLLoss.builder().weight(1, 2, 0.5).build())
                            .activation(LOG_SOFTMAX)
                            .nIn(5)
                            .nOut(3)
                            .build())
                    .build());
            net.init();
            INDArray features = FilledArray.of(RANDOM::nextGaussian, DataType.DOUBLE, 6, 4);
            INDArray labels = Nd4j.createFromArray(new double[][] {{0}, {2}, {1}, {1}, {-100}, {0}});

            assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.MLNConfig()
                            .net(net)
                            .input(features)
                            .labels(labels)))
                    .isTrue();
        } finally {
            Nd4j.setDefaultDataTypes(before, before);
        }
    }

    @Test
    void anActivationWithoutOptionsEqualsAnyOther() {
        assertThat(LOG_SOFTMAX)
                .isEqualTo(new ActivationLogSoftmax())
                .hasSameHashCodeAs(new ActivationLogSoftmax())
                .isNotEqualTo(new ActivationSoftmax())
                .hasToString("logsoftmax");
    }

    @Test
    void anEpsilonOfAnotherShapeIsRefused() {
        assertThatThrownBy(() -> LOG_SOFTMAX.backprop(Nd4j.zeros(2, 3), Nd4j.zeros(3, 2)))
                .isInstanceOf(IllegalStateException.class);
    }
}
