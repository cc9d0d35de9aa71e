/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** CTCLoss against its definition: all paths of a short sequence, each made a label and added up. */
class CTCLossTest {
    private static final int CASES = 300;
    private static final double NEAR = 1e-12;

    @Test
    void theLossIsTheSumOverAllPathsThatGiveTheLabel() {
        Random random = new Random(1);
        for (int i = 0; i < CASES; i++) {
            int steps = 1 + random.nextInt(6);
            int classes = 2 + random.nextInt(3);
            int blank = random.nextInt(classes);
            int[] label = random.ints(random.nextInt(4), 0, classes)
                    .filter(c -> c != blank)
                    .toArray();
            double[][] x = logProbabilities(random, steps, classes, i % 3 == 0 ? 30 : 1);
            Paths paths = new Paths(x, label, blank);
            CTCLoss loss =
                    CTCLoss.builder().blank(blank).reduction(Reduction.SUM).build();
            INDArray target = label.length == 0 ? Nd4j.create(1).addi(-1) : Nd4j.createFromArray(label);

            LossAndGradient actual = loss.valueAndGradient(Nd4j.createFromArray(x), target);

            if (paths.sum == 0) {
                assertThat(actual.value()).isEqualTo(Double.POSITIVE_INFINITY);
                continue;
            }
            assertThat(actual.value()).isCloseTo(-Math.log(paths.sum), within(NEAR * Math.max(1, actual.value())));
            for (int t = 0; t < steps; t++) {
                for (int c = 0; c < classes; c++) {
                    assertThat(actual.gradient().getDouble(t, c))
                            .as("%s of %s, blank %s", Arrays.toString(label), Arrays.deepToString(x), blank)
                            .isCloseTo(Math.exp(x[t][c]) - paths.through[t][c] / paths.sum, within(NEAR));
                }
            }
        }
    }

    private static double[][] logProbabilities(Random random, int steps, int classes, double spread) {
        double[][] x = new double[steps][classes];
        for (double[] step : x) {
            Arrays.setAll(step, c -> random.nextGaussian() * spread);
            double log = Math.log(Arrays.stream(step).map(Math::exp).sum());
            Arrays.setAll(step, c -> step[c] - log);
        }
        return x;
    }

    /** What all paths of a label have for a probability, together, and through each class at each step. */
    private static final class Paths {
        final double[][] through;
        double sum;
        private final double[][] x;
        private final int[] label;
        private final int blank;
        private final int[] path;

        Paths(double[][] x, int[] label, int blank) {
            this.x = x;
            this.label = label;
            this.blank = blank;
            this.path = new int[x.length];
            this.through = new double[x.length][x[0].length];
            walk(0, 0);
        }

        private void walk(int t, double log) {
            if (t == x.length) {
                if (Arrays.equals(collapsed(), label)) {
                    double p = Math.exp(log);
                    sum += p;
                    for (int s = 0; s < t; s++) {
                        through[s][path[s]] += p;
                    }
                }
                return;
            }
            for (int c = 0; c < x[t].length; c++) {
                path[t] = c;
                walk(t + 1, log + x[t][c]);
            }
        }

        /** Repeated classes are one, and blanks are left out. */
        private int[] collapsed() {
            int[] classes = new int[path.length];
            int n = 0;
            for (int t = 0; t < path.length; t++) {
                if (path[t] != blank && (t == 0 || path[t] != path[t - 1])) {
                    classes[n++] = path[t];
                }
            }
            return Arrays.copyOf(classes, n);
        }
    }
}
