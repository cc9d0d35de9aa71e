/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.laws;

import static io.github.dl4jlosses.parity.laws.Trial.largest;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.TorchLoss;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What leaves cross entropy unchanged, and what its gradient keeps. */
class SymmetryLawsTest {
    private static final double SHIFT = 64;

    static Stream<Trial> trials() {
        return Trial.all(SymmetryLawsTest.class);
    }

    private static CrossEntropyLoss smoothed(double... weight) {
        return CrossEntropyLoss.builder().weight(weight).labelSmoothing(.125).build();
    }

    @ParameterizedTest
    @MethodSource("trials")
    void aConstantAddedToAllLogitsChangesNothing(Trial trial) {
        INDArray logits = trial.coarseLogits();
        INDArray shifted = logits.add(SHIFT);
        CrossEntropyLoss loss = smoothed(trial.weights());
        for (INDArray target : new INDArray[] {trial.indices(trial.classes()), trial.distributions()}) {
            trial.assertClose(loss.value(shifted, target), loss.value(logits, target), largest(shifted));
            trial.assertClose(loss.gradient(shifted, target), loss.gradient(logits, target), 1);
        }
    }

    @ParameterizedTest
    @MethodSource("trials")
    void theGradientOfEachRowSumsToZero(Trial trial) {
        INDArray logits = trial.logits();
        for (CrossEntropyLoss loss : new CrossEntropyLoss[] {new CrossEntropyLoss(), smoothed(trial.weights())}) {
            for (INDArray target : new INDArray[] {trial.indices(trial.classes()), trial.distributions()}) {
                double[] gradient = Trial.doubles(loss.gradient(logits, target));
                for (int r = 0; r < trial.n; r++) {
                    double sum = 0;
                    for (int c = 0; c < trial.c; c++) {
                        sum += gradient[r * trial.c + c];
                    }
                    trial.assertClose(sum, 0, 1);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("trials")
    void permutedRowsHavePermutedLossesAndGradients(Trial trial) {
        INDArray logits = trial.logits();
        long[] classes = trial.classes();
        int[] order = permutation(trial.n, trial);
        long[] permuted = IntStream.of(order).mapToLong(r -> classes[r]).toArray();
        CrossEntropyLoss loss = smoothed(trial.weights());
        INDArray rows = rows(trial, logits, order);
        INDArray target = trial.indices(classes);
        INDArray permutedTarget = trial.indices(permuted);

        trial.assertClose(loss.value(rows, permutedTarget), loss.value(logits, target), 2 * largest(logits));
        double[] losses = Trial.doubles(loss.unreduced(logits, target));
        double[] expected = IntStream.of(order).mapToDouble(r -> losses[r]).toArray();
        assertThat(Trial.doubles(loss.unreduced(rows, permutedTarget))).isEqualTo(expected);
        trial.assertClose(loss.gradient(rows, permutedTarget), rows(trial, loss.gradient(logits, target), order), 1);
    }

    @ParameterizedTest
    @MethodSource("trials")
    void permutedClassesHaveTheSameLossAndAPermutedGradient(Trial trial) {
        INDArray logits = trial.logits();
        long[] classes = trial.classes();
        double[] weight = trial.weights();
        int[] order = permutation(trial.c, trial);
        int[] place = new int[trial.c];
        double[] permutedWeight = new double[trial.c];
        for (int c = 0; c < trial.c; c++) {
            place[order[c]] = c;
            permutedWeight[c] = weight[order[c]];
        }
        long[] permuted = IntStream.range(0, trial.n)
                .mapToLong(r -> place[(int) classes[r]])
                .toArray();
        TorchLoss before = smoothed(weight);
        TorchLoss after = smoothed(permutedWeight);
        INDArray columns = columns(trial, logits, order);
        double term = 3 * trial.c * 2 * largest(logits);
        trial.assertClose(
                after.value(columns, trial.indices(permuted)), before.value(logits, trial.indices(classes)), term);
        trial.assertClose(
                after.gradient(columns, trial.indices(permuted)),
                columns(trial, before.gradient(logits, trial.indices(classes)), order),
                term);
    }

    @ParameterizedTest
    @MethodSource("trials")
    void weightsThatAllGrowLeaveTheMeanOverClassIndices(Trial trial) {
        INDArray logits = trial.logits();
        INDArray target = trial.indices(trial.classes());
        double[] weight = trial.weights();
        double factor = .5 + 5 * trial.random.nextDouble();
        double[] scaled = weight.clone();
        for (int c = 0; c < scaled.length; c++) {
            scaled[c] *= factor;
        }
        double term = 2 * trial.c * largest(logits);
        trial.assertClose(
                smoothed(scaled).value(logits, target), smoothed(weight).value(logits, target), term);
        trial.assertClose(
                smoothed(scaled).gradient(logits, target), smoothed(weight).gradient(logits, target), 10);
        NLLLoss likelihood = NLLLoss.builder().weight(weight).build();
        NLLLoss scaledLikelihood = NLLLoss.builder().weight(scaled).build();
        trial.assertClose(scaledLikelihood.value(logits, target), likelihood.value(logits, target), term);
    }

    private static int[] permutation(int size, Trial trial) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, size).boxed().toList());
        Collections.shuffle(order, trial.random);
        return order.stream().mapToInt(Integer::intValue).toArray();
    }

    private static INDArray rows(Trial trial, INDArray array, int... order) {
        double[] from = Trial.doubles(array);
        double[] to = new double[from.length];
        for (int r = 0; r < trial.n; r++) {
            System.arraycopy(from, order[r] * trial.c, to, r * trial.c, trial.c);
        }
        return trial.array(to, trial.n, trial.c);
    }

    private static INDArray columns(Trial trial, INDArray array, int... order) {
        double[] from = Trial.doubles(array);
        double[] to = new double[from.length];
        for (int i = 0; i < to.length; i++) {
            to[i] = from[i / trial.c * trial.c + order[i % trial.c]];
        }
        return trial.array(to, trial.n, trial.c);
    }
}
