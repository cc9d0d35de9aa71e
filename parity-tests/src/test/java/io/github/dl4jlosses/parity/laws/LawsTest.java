/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.laws;

import static io.github.dl4jlosses.parity.laws.Trial.largest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.ActivationLogSoftmax;
import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TargetFormat;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.exact.ExactReference;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** How the losses hang together, for random numbers: laws of mathematics, without torch. */
class LawsTest {
    static Stream<Trial> trials() {
        return Trial.all(LawsTest.class);
    }

    @ParameterizedTest
    @MethodSource("trials")
    void binaryCrossEntropyOfSigmoidsIsThatOfTheLogits(Trial trial) {
        // log(1 - p) keeps the digits of p only where p is not near 1
        INDArray logits = trial.array(() -> 6 * trial.random.nextDouble() - 3, trial.n, trial.c);
        INDArray target = trial.array(trial.random::nextDouble, trial.n, trial.c);
        double[] p = Trial.doubles(logits);
        for (int i = 0; i < p.length; i++) {
            p[i] = 1 / (1 + Math.exp(-p[i]));
        }
        INDArray probabilities = trial.array(p, trial.n, trial.c);
        double[] weight = trial.weights();
        BCELoss a = BCELoss.builder().weight(weight).build();
        BCEWithLogitsLoss b = BCEWithLogitsLoss.builder().weight(weight).build();
        trial.assertClose(a.value(probabilities, target), b.value(logits, target), 10);

        INDArray throughSigmoid =
                a.gradient(probabilities, target).mul(probabilities).mul(probabilities.rsub(1));
        trial.assertClose(throughSigmoid, b.gradient(logits, target), 10);
    }

    @ParameterizedTest
    @MethodSource("trials")
    void likelihoodOfLogSoftmaxIsCrossEntropy(Trial trial) {
        INDArray logits = trial.logits();
        INDArray target = trial.indices(trial.classes());
        double[] weight = trial.weights();
        ActivationLogSoftmax activation = new ActivationLogSoftmax();
        INDArray logProbabilities = activation.getActivation(logits.dup(), true);
        NLLLoss c = NLLLoss.builder().weight(weight).ignoreIndex(1).build();
        CrossEntropyLoss d =
                CrossEntropyLoss.builder().weight(weight).ignoreIndex(1).build();
        double mean = d.value(logits, target);
        if (Double.isNaN(mean)) {
            assertThat(c.value(logProbabilities, target)).isNaN();
            return;
        }
        double term = largest(logProbabilities) + largest(logits);
        trial.assertClose(c.value(logProbabilities, target), mean, term);
        INDArray back = activation
                .backprop(logits.dup(), c.gradient(logProbabilities, target))
                .getFirst();
        trial.assertClose(back, d.gradient(logits, target), term);
    }

    @ParameterizedTest
    @MethodSource("trials")
    void indicesAndOneHotRowsAreTheSameTarget(Trial trial) {
        INDArray logits = trial.logits();
        long[] classes = trial.classes();
        CrossEntropyLoss.Builder options =
                CrossEntropyLoss.builder().weight(trial.weights()).labelSmoothing(.1);
        CrossEntropyLoss sparse = options.build();
        CrossEntropyLoss oneHot = options.targetFormat(TargetFormat.ONE_HOT).build();
        assertThat(oneHot.value(logits, trial.oneHot(classes))).isEqualTo(sparse.value(logits, trial.indices(classes)));
        trial.assertSameBits(
                oneHot.gradient(logits, trial.oneHot(classes)), sparse.gradient(logits, trial.indices(classes)));
    }

    @ParameterizedTest
    @MethodSource("trials")
    void oneHotProbabilitiesDifferFromIndicesInTheDenominatorOnly(Trial trial) {
        INDArray logits = trial.logits();
        long[] classes = trial.classes();
        double term = 2 * largest(logits);
        CrossEntropyLoss plain = new CrossEntropyLoss();
        trial.assertClose(
                plain.value(logits, trial.oneHot(classes)), plain.value(logits, trial.indices(classes)), term);
        trial.assertClose(
                plain.gradient(logits, trial.oneHot(classes)), plain.gradient(logits, trial.indices(classes)), 1);

        double[] weight = trial.weights();
        double total = 0;
        for (long target : classes) {
            total += weight[(int) target];
        }
        CrossEntropyLoss weighted = CrossEntropyLoss.builder().weight(weight).build();
        trial.assertClose(
                weighted.value(logits, trial.oneHot(classes)) * trial.n,
                weighted.value(logits, trial.indices(classes)) * total,
                3 * trial.n * term);
    }

    @ParameterizedTest
    @MethodSource("trials")
    void smoothingOfZeroIsNoSmoothing(Trial trial) {
        INDArray logits = trial.logits();
        CrossEntropyLoss plain = new CrossEntropyLoss();
        CrossEntropyLoss zero = CrossEntropyLoss.builder().labelSmoothing(0).build();
        long[] classes = trial.classes();
        for (INDArray target : new INDArray[] {trial.indices(classes), trial.distributions()}) {
            assertThat(zero.value(logits, target)).isEqualTo(plain.value(logits, target));
            trial.assertSameBits(zero.gradient(logits, target), plain.gradient(logits, target));
        }
    }

    @ParameterizedTest
    @MethodSource("trials")
    void smoothingIsCrossEntropyWithSmoothedProbabilities(Trial trial) {
        INDArray logits = trial.logits();
        long[] classes = trial.classes();
        double s = trial.random.nextDouble();
        INDArray smoothed = trial.oneHot(classes).mul(1 - s).add(s / trial.c);
        CrossEntropyLoss smoothing =
                CrossEntropyLoss.builder().labelSmoothing(s).build();
        CrossEntropyLoss plain = new CrossEntropyLoss();
        double term = trial.c * 2 * largest(logits);
        trial.assertClose(smoothing.value(logits, trial.indices(classes)), plain.value(logits, smoothed), term);
        trial.assertClose(smoothing.gradient(logits, trial.indices(classes)), plain.gradient(logits, smoothed), term);
    }

    @ParameterizedTest
    @MethodSource("trials")
    void crossEntropyIsEntropyPlusDivergence(Trial trial) {
        INDArray logits = trial.logits();
        INDArray truth = trial.distributions();
        INDArray logProbabilities = new ActivationLogSoftmax().getActivation(logits.dup(), true);
        // the divergence from log-probability 0 is the sum of p log p
        double entropy = -ExactReference.of(new KLDivLoss())
                .evaluate(TorchTensor.of(logits.mul(0)), TorchTensor.of(truth))
                .value(Reduction.SUM)
                .value()
                .doubleValue();
        double divergence = KLDivLoss.builder().reduction(Reduction.SUM).build().value(logProbabilities, truth);
        double crossEntropy =
                CrossEntropyLoss.builder().reduction(Reduction.SUM).build().value(logits, truth);
        trial.assertClose(crossEntropy, entropy + divergence, trial.n * 2 * largest(logits));
    }

    @ParameterizedTest
    @MethodSource("trials")
    void theDivergenceOfAOneHotTruthIsTheNegativeLogLikelihood(Trial trial) {
        INDArray logProbabilities = new ActivationLogSoftmax().getActivation(trial.logits(), true);
        long[] classes = trial.classes();
        double likelihood =
                NLLLoss.builder().reduction(Reduction.SUM).build().value(logProbabilities, trial.indices(classes));
        // the entropy of a one-hot truth is 0
        double divergence =
                KLDivLoss.builder().reduction(Reduction.SUM).build().value(logProbabilities, trial.oneHot(classes));
        // the sums are formed in different orders
        assertThat(divergence).isCloseTo(likelihood, within(8 * Math.ulp(likelihood)));
    }

    @ParameterizedTest
    @MethodSource("trials")
    void logarithmsOfTargetsAreTheSameTargets(Trial trial) {
        INDArray logProbabilities = new ActivationLogSoftmax().getActivation(trial.logits(), true);
        INDArray logTruth = new ActivationLogSoftmax().getActivation(trial.logits(), true);
        double[] truth = Trial.doubles(logTruth);
        for (int i = 0; i < truth.length; i++) {
            truth[i] = Math.exp(truth[i]);
        }
        double expected = new KLDivLoss().value(logProbabilities, trial.array(truth, trial.n, trial.c));
        double actual = KLDivLoss.builder().logTarget(true).build().value(logProbabilities, logTruth);
        trial.assertClose(actual, expected, largest(logProbabilities) + largest(logTruth));
    }

    @ParameterizedTest
    @MethodSource("trials")
    void theSoftmaxOfTwoClassesIsTheSigmoid(Trial trial) {
        double[] z = Trial.doubles(trial.logits());
        double[] pairs = new double[2 * z.length];
        double[] truths = new double[2 * z.length];
        long[] classes = new long[z.length];
        double[] hard = new double[z.length];
        double[] soft = new double[z.length];
        for (int i = 0; i < z.length; i++) {
            pairs[2 * i + 1] = z[i];
            classes[i] = trial.random.nextInt(2);
            hard[i] = classes[i];
            // multiples of 1/64, whose difference from 1 is exact
            soft[i] = trial.random.nextInt(65) / 64.0;
            truths[2 * i] = 1 - soft[i];
            truths[2 * i + 1] = soft[i];
        }
        INDArray logit = trial.array(z, z.length, 1);
        INDArray logits = trial.array(pairs, z.length, 2);
        CrossEntropyLoss softmax = new CrossEntropyLoss();
        BCEWithLogitsLoss sigmoid = new BCEWithLogitsLoss();
        double term = largest(logit);
        INDArray y = trial.array(hard, z.length, 1);
        trial.assertClose(softmax.value(logits, trial.indices(classes)), sigmoid.value(logit, y), term);
        trial.assertClose(
                softmax.gradient(logits, trial.indices(classes)).getColumn(1, true), sigmoid.gradient(logit, y), 1);
        INDArray truth = trial.array(truths, z.length, 2);
        y = trial.array(soft, z.length, 1);
        trial.assertClose(softmax.value(logits, truth), sigmoid.value(logit, y), term);
        trial.assertClose(softmax.gradient(logits, truth).getColumn(1, true), sigmoid.gradient(logit, y), 1);
    }
}
