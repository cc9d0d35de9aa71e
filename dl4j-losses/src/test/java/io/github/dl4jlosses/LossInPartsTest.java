/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.spec.memory.Layout;
import io.github.dl4jlosses.spec.plain.PlainRows;
import io.github.dl4jlosses.spec.random.RandomNetworkCall;
import java.util.Random;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Parts beside the whole, which the other tests prove right. */
class LossInPartsTest {
    private static final int CALLS = 1_500;

    @Test
    void partsAddUpToTheWholeInDouble() {
        check(RandomNetworkCall::inDouble, 1e-11);
    }

    /** A tile in float may be followed by one in double, and the next part begins anew. */
    @Test
    void partsAddUpToTheWholeInAnyDtype() {
        check(RandomNetworkCall::random, 2e-2);
    }

    private static void check(LongFunction<RandomNetworkCall> calls, double near) {
        for (long seed = 1; seed <= CALLS; seed++) {
            RandomNetworkCall call = calls.apply(seed);
            if (call.preOutput().size(0) > 1) {
                check(call, near, "seed " + seed + ": " + call);
            }
        }
    }

    private static void check(RandomNetworkCall call, double near, String what) {
        INDArray z = call.preOutput();
        long rows = z.size(0);
        Pair<Double, INDArray> whole =
                call.loss().computeGradientAndScore(call.labels(), z, call.activation(), call.mask(), false);
        INDArray ofRows = call.loss().computeScoreArray(call.labels(), z, call.activation(), call.mask());
        LossInParts parts =
                call.loss().inParts(call.labels(), call.activation(), call.mask(), z.dataType(), rows, z.size(1));
        INDArray gradient = z.dup();
        INDArray losses = ofRows.dup();
        double sum = 0;
        double alone = 0;
        Random random = new Random(rows);
        for (long first = 0; first < rows; ) {
            long n = 1L + random.nextInt((int) Math.min(rows - 1, rows - first));
            INDArray part = rows(z, first, n);
            byte[] given = Layout.bytes(part);
            INDArray ofPart = part.dup();
            sum += parts.valueAndGradient(first, part, ofPart);
            alone += parts.value(first, part);
            rows(gradient, first, n).assign(ofPart);
            rows(losses, first, n).assign(parts.lossOfRows(first, part));
            assertThat(Layout.bytes(part)).as(what).isEqualTo(given);
            first += n;
        }
        assertThat(alone).as("value without gradient, " + what).isEqualTo(Double.valueOf(sum));
        isNear(sum, whole.getFirst(), near, what);
        areNear(gradient, whole.getSecond(), near, what);
        areNear(losses, ofRows, near, what);
    }

    private static void areNear(INDArray ours, INDArray wanted, double near, String what) {
        double[][] a = new PlainRows(ours.shape()).of(ours);
        double[][] b = new PlainRows(wanted.shape()).of(wanted);
        for (int r = 0; r < a.length; r++) {
            for (int c = 0; c < a[r].length; c++) {
                isNear(a[r][c], b[r][c], near, what + " [" + r + ", " + c + "]");
            }
        }
    }

    private static void isNear(double ours, double wanted, double near, String what) {
        if (Double.isFinite(wanted)) {
            assertThat(Math.abs(ours - wanted))
                    .as("%s: %s, not %s", what, ours, wanted)
                    .isLessThanOrEqualTo(near * Math.max(1, Math.abs(wanted)));
        } else {
            assertThat(ours).as(what).isEqualTo(Double.valueOf(wanted));
        }
    }

    private static INDArray rows(INDArray array, long first, long n) {
        return array.get(NDArrayIndex.interval(first, first + n), NDArrayIndex.all());
    }

    @Test
    void aMeanDividesByTheWeightsOfTheWhole() {
        INDArray labels = Nd4j.createFromArray(new long[][] {{0}, {1}, {1}});
        CrossEntropyLoss loss = CrossEntropyLoss.builder().weight(1, 3).build();
        LossInParts parts = loss.inParts(labels, new ActivationSoftmax(), null, DataType.DOUBLE, 3, 2);

        double ofFirst = parts.value(0, Nd4j.zeros(DataType.DOUBLE, 1, 2));

        // three rows that share the mean of ln 2 by 1 : 3 : 3
        assertThat(ofFirst).isEqualTo(3 * Math.log(2) / 7, within(1e-15));
    }

    /** They are all read before the first part comes. */
    @Test
    void aLabelThatIsNoClassIsRefusedWithItsRow() {
        INDArray labels = Nd4j.createFromArray(new long[][] {{0}, {1}, {7}});

        assertThatThrownBy(() ->
                        new CrossEntropyLoss().inParts(labels, new ActivationSoftmax(), null, DataType.DOUBLE, 3, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Target 7 is out of bounds. (labels, row 2");
    }

    @Test
    void aLabelThatIsNoProbabilityIsRefusedWithItsRowInTheWhole() {
        INDArray labels = Nd4j.createFromArray(new double[][] {{0, 1}, {1, 1}, {0, 7}});
        LossInParts parts = new BCELoss().inParts(labels, new ActivationSigmoid(), null, DataType.DOUBLE, 3, 2);

        assertThatThrownBy(() -> parts.value(1, Nd4j.zeros(DataType.DOUBLE, 2, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("labels, row 2, column 1 is 7");
    }

    @Test
    void anInputThatIsNoProbabilityIsRefusedWithItsRowInTheWhole() {
        INDArray labels = Nd4j.createFromArray(new double[][] {{0, 1}, {1, 1}, {0, 1}});
        LossInParts parts = new BCELoss().inParts(labels, new ActivationIdentity(), null, DataType.DOUBLE, 3, 2);

        assertThatThrownBy(() -> parts.value(1, Nd4j.createFromArray(new double[][] {{0, 1}, {2, 0}})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("output layer, row 2, column 0 is 2");
    }

    @Test
    void labelsOfOtherRowsAreRefused() {
        assertThatThrownBy(() ->
                        new MSELoss().inParts(Nd4j.zeros(4, 2), new ActivationIdentity(), null, DataType.DOUBLE, 3, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[4, 2]")
                .hasMessageContaining("[3, 2]");
    }

    @Test
    void rowsThatAreNoneOfTheWholeAreRefused() {
        LossInParts parts =
                new MSELoss().inParts(Nd4j.zeros(3, 2), new ActivationIdentity(), null, DataType.DOUBLE, 3, 2);

        assertThatThrownBy(() -> parts.value(2, Nd4j.zeros(DataType.DOUBLE, 2, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("preOutput has shape [2, 2] from row 2 on, but the whole has [3, 2]");
        assertThatThrownBy(() -> parts.value(0, Nd4j.zeros(DataType.DOUBLE, 2, 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[2, 3]");
    }

    @Test
    void sequencesAreNotCut() {
        CTCLoss loss = CTCLoss.builder().positionsPerExample(4).build();
        INDArray labels = Nd4j.createFromArray(new double[][] {{1, -1}, {1, 2}});
        LossInParts parts = loss.inParts(labels, new ActivationSoftmax(), null, DataType.DOUBLE, 8, 3);
        INDArray z = Nd4j.rand(DataType.DOUBLE, 8, 3);

        assertThat(parts.value(0, z)).isEqualTo(loss.computeScore(labels, z, new ActivationSoftmax(), null, false));
        assertThatThrownBy(() -> parts.value(0, rows(z, 0, 4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("CTCLoss takes whole sequences, got 4 of 8 rows");
    }

    /** Another call of the thread between two parts must not change the labels that were read. */
    @Test
    void aLossInPartsKeepsItsLabels() {
        INDArray labels = Nd4j.createFromArray(new long[][] {{0}, {1}});
        LossInParts parts =
                new CrossEntropyLoss().inParts(labels, new ActivationSoftmax(), null, DataType.DOUBLE, 2, 2);
        INDArray z = Nd4j.createFromArray(new double[][] {{3, 0}});
        double before = parts.value(0, z);

        new CrossEntropyLoss().value(z, Nd4j.createFromArray(1));

        assertThat(parts.value(0, z)).isEqualTo(before);
    }
}
