/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.article;

import static io.github.dl4jlosses.examples.article.FiveImplementations.A;
import static io.github.dl4jlosses.examples.article.FiveImplementations.B;
import static io.github.dl4jlosses.examples.article.FiveImplementations.C;
import static io.github.dl4jlosses.examples.article.FiveImplementations.D;
import static io.github.dl4jlosses.examples.article.FiveImplementations.KL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.ActivationLogSoftmax;
import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.TargetFormat;
import io.github.dl4jlosses.examples.article.FiveImplementations.Implementation;
import io.github.dl4jlosses.examples.common.Networks;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The article's identities, nearer than its examples print them: to the rounding of float64, ours and live torch's. */
class ArticleTest {
    private static final int ROWS = 200;
    private static final int CLASSES = 5;

    /** Of numbers from 1 to 2; the losses of a row are up to 6. */
    private static final double FEW_ULPS = 4 * Math.ulp(1.);

    /** What 200 terms that are added one after the other, or 50 steps of training, make of it. */
    private static final double ROUNDING = 1e-14;

    private final Random random = new Random(1);

    private static Pair<Double, INDArray> torch(Implementation of, INDArray logits, INDArray target) {
        TorchResult result = of.torch(logits, target);
        return Pair.of(result.value().item(), result.gradient("x").toArray());
    }

    /** Each here and in torch, and all of them the same. */
    private static void assertEqual(INDArray logits, INDArray target, Implementation... implementations) {
        for (Implementation each : implementations) {
            assertEqual(each.here(logits, target), torch(each, logits, target));
            assertEqual(each.here(logits, target), implementations[0].here(logits, target));
        }
    }

    /** The value, and the gradient of each row, which the mean divides by the rows. */
    private static void assertEqual(Pair<Double, INDArray> one, Pair<Double, INDArray> other) {
        assertThat(one.getFirst()).isCloseTo(other.getFirst(), within(FEW_ULPS));
        assertThat(one.getSecond().ravel().toDoubleVector())
                .containsExactly(other.getSecond().ravel().toDoubleVector(), within(FEW_ULPS / ROWS));
    }

    private INDArray logits(int columns) {
        return Nd4j.createFromArray(IntStream.range(0, ROWS)
                .mapToObj(row -> random.doubles(columns, -3, 3).toArray())
                .toArray(double[][]::new));
    }

    /** 0 or 1. */
    private INDArray yesAndNo() {
        return Nd4j.createFromArray(IntStream.range(0, ROWS)
                .mapToObj(row -> new double[] {random.nextInt(2)})
                .toArray(double[][]::new));
    }

    private INDArray oneHot(int classes) {
        return Nd4j.createFromArray(IntStream.range(0, ROWS)
                .mapToObj(row -> {
                    double[] label = new double[classes];
                    label[random.nextInt(classes)] = 1;
                    return label;
                })
                .toArray(double[][]::new));
    }

    private INDArray distributions() {
        return Transforms.softmax(logits(CLASSES));
    }

    @Test
    void aIsBHereAndInTorch() {
        assertEqual(logits(1), yesAndNo(), A, B);
    }

    @ParameterizedTest
    @ValueSource(doubles = {37, 40, 110, 800})
    void aSaturatesWhereTorchsDoesAndBNever(double logit) {
        INDArray wrong = Nd4j.createFromArray(new double[][] {{logit}});
        INDArray no = Nd4j.createFromArray(new double[][] {{0}});
        for (Pair<Double, INDArray> saturated : List.of(A.here(wrong, no), torch(A, wrong, no))) {
            assertThat(saturated.getFirst()).isEqualTo(100);
            assertThat(saturated.getSecond().getDouble(0)).isZero();
        }
        assertThat(B.here(wrong, no).getFirst()).isEqualTo(logit);
        assertThat(B.here(wrong, no).getSecond().getDouble(0)).isEqualTo(1);
    }

    @Test
    void cIsDHereAndInTorch() {
        assertEqual(logits(CLASSES), oneHot(CLASSES), C, D);
    }

    @Test
    void divergenceIsDForAOneHotTruth() {
        assertEqual(logits(CLASSES), oneHot(CLASSES), KL, D);
    }

    @Test
    void divergenceIsDLessTheEntropyOfTheTruth() {
        INDArray logits = logits(CLASSES);
        INDArray truth = distributions();
        double entropy = -truth.mul(Transforms.log(truth)).sumNumber().doubleValue() / ROWS;
        Pair<Double, INDArray> crossEntropy = D.here(logits, truth);

        assertEqual(KL.here(logits, truth), Pair.of(crossEntropy.getFirst() - entropy, crossEntropy.getSecond()));
        assertEqual(KL.here(logits, truth), torch(KL, logits, truth));
    }

    @Test
    void theLikelihoodOfYesAndNoIsBinaryCrossEntropy() {
        INDArray probability = Transforms.sigmoid(logits(1));
        INDArray target = yesAndNo();
        double logLikelihood = 0;
        for (int row = 0; row < ROWS; row++) {
            double p = probability.getDouble(row);
            logLikelihood += Math.log(target.getDouble(row) == 1 ? p : 1 - p);
        }
        assertThat(new BCELoss().value(probability, target)).isCloseTo(-logLikelihood / ROWS, within(ROUNDING));
    }

    @Test
    void theLikelihoodOfClassesIsCrossEntropy() {
        INDArray probabilities = distributions();
        INDArray classes = Nd4j.argMax(oneHot(CLASSES), 1);
        double logLikelihood = 0;
        for (int row = 0; row < ROWS; row++) {
            logLikelihood += Math.log(probabilities.getDouble(row, classes.getInt(row)));
        }
        INDArray logProbabilities = Transforms.log(probabilities);
        assertThat(new NLLLoss().value(logProbabilities, classes)).isCloseTo(-logLikelihood / ROWS, within(ROUNDING));
        assertThat(new CrossEntropyLoss().value(logProbabilities.add(7), classes))
                .isCloseTo(-logLikelihood / ROWS, within(ROUNDING));
    }

    @Test
    void noModelOfOneDistributionIsBetterThanTheFrequencies() {
        INDArray labels = oneHot(CLASSES);
        INDArray frequencies = Transforms.log(labels.mean(true, 0)).repeat(0, ROWS);
        Pair<Double, INDArray> best = D.here(frequencies, labels);

        assertThat(best.getSecond().sum(0).toDoubleVector()).containsExactly(new double[CLASSES], within(ROUNDING));
        for (int i = 0; i < 100; i++) {
            INDArray other =
                    logits(CLASSES).getRow(0, true).mul(.1).repeat(0, ROWS).addi(frequencies);
            assertThat(D.here(other, labels).getFirst()).isGreaterThan(best.getFirst());
        }
    }

    @Test
    void theGradientOfLogisticRegressionIsXTimesSigmaLessY() {
        INDArray x = logits(CLASSES);
        INDArray y = yesAndNo();
        INDArray w = logits(CLASSES).getRow(0, true).transpose();
        INDArray torch = TorchFunction.of(
                        "torch.binary_cross_entropy_with_logits(torch.mm(x, w), y, None, None, 1)", "x", "w", "y")
                .withRespectTo("w")
                .call(x, w, y)
                .gradient("w")
                .toArray();
        MultiLayerNetwork network =
                Networks.regression(new BCEWithLogitsLoss(), new ActivationSigmoid(), CLASSES, 1, 1);
        network.setParam("0_W", w);
        network.setInput(x);
        network.setLabels(y);
        network.computeGradientAndScore();
        double[] formula = x.transpose()
                .mmul(Transforms.sigmoid(x.mmul(w)).sub(y))
                .div(ROWS)
                .toDoubleVector();

        assertThat(formula).containsExactly(torch.toDoubleVector(), within(ROUNDING));
        assertThat(network.gradient().getGradientFor("0_W").div(ROWS).toDoubleVector())
                .containsExactly(formula, within(ROUNDING));
    }

    @Test
    void cAndDTrainOneNetwork() {
        MultiLayerNetwork c = Networks.regression(new NLLLoss(), new ActivationLogSoftmax(), CLASSES, CLASSES, .5);
        MultiLayerNetwork d = Networks.regression(oneHotLoss(), new ActivationSoftmax(), CLASSES, CLASSES, .5);
        INDArray x = logits(CLASSES);
        INDArray labels = oneHot(CLASSES);
        for (int step = 0; step < 50; step++) {
            c.fit(x, labels);
            d.fit(x, labels);
        }
        assertThat(c.params().norm2Number().doubleValue()).isGreaterThan(.1);
        assertThat(c.params().toDoubleVector()).containsExactly(d.params().toDoubleVector(), within(ROUNDING));
    }

    @Test
    void aSoftmaxOfTwoClassesTrainsAsASigmoidAtTwiceTheRate() {
        MultiLayerNetwork softmax = Networks.regression(oneHotLoss(), new ActivationSoftmax(), CLASSES, 2, .25);
        MultiLayerNetwork sigmoid =
                Networks.regression(new BCEWithLogitsLoss(), new ActivationSigmoid(), CLASSES, 1, .5);
        INDArray x = logits(CLASSES);
        INDArray yes = yesAndNo();
        for (int step = 0; step < 50; step++) {
            softmax.fit(x, Nd4j.hstack(yes.rsub(1), yes));
            sigmoid.fit(x, yes);
        }
        INDArray weights = softmax.getParam("0_W");
        assertThat(sigmoid.getParam("0_W").norm2Number().doubleValue()).isGreaterThan(.1);
        assertThat(weights.getColumn(1).sub(weights.getColumn(0)).toDoubleVector())
                .containsExactly(sigmoid.getParam("0_W").toDoubleVector(), within(ROUNDING));
        assertThat(softmax.output(x).getColumn(1).toDoubleVector())
                .containsExactly(sigmoid.output(x).toDoubleVector(), within(ROUNDING));
    }

    @Test
    void theLastLayerOfANetworkIsALogisticRegressionOnItsHiddenLayer() {
        MultiLayerNetwork whole = Networks.of(
                1,
                new Sgd(1),
                Networks.hidden(CLASSES, CLASSES),
                Networks.output(oneHotLoss(), new ActivationSoftmax(), CLASSES, 3));
        MultiLayerNetwork regression = Networks.regression(oneHotLoss(), new ActivationSoftmax(), CLASSES, 3, 1);
        regression.setParam("0_W", whole.getParam("1_W"));
        regression.setParam("0_b", whole.getParam("1_b"));
        INDArray x = logits(CLASSES);
        INDArray hidden = whole.feedForwardToLayer(0, x).get(1);

        assertThat(regression.output(hidden)).isEqualTo(whole.output(x));
        assertThat(regression.output(x)).isNotEqualTo(whole.output(x));
    }

    private static CrossEntropyLoss oneHotLoss() {
        return CrossEntropyLoss.builder().targetFormat(TargetFormat.ONE_HOT).build();
    }
}
