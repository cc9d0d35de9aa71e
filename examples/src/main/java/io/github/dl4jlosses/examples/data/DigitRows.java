/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Rows of two to five handwritten digits side by side, with up to two empty columns of pixels before each. They are read from
 * left to right through a window of 8 x 8 pixels that moves two columns at a step. The label says which digits there are, not
 * where.
 */
public final class DigitRows {
    private static final int SIZE = 8;
    private static final int STRIDE = 2;
    /** The blank, and the digits 0 to 9 as classes 1 to 10. */
    public static final int CLASSES = HandwrittenDigits.CLASSES + 1;

    private static final int LEAST = 2;
    private static final int MOST = 5;
    /** Of 0 columns, 1 or 2. */
    private static final int GAPS = 3;

    private final DataSet digits;
    private final Random random = new Random(1);

    private DigitRows(DataSet digits) {
        this.digits = digits;
    }

    /** Rows of digits, drawn at random, in batches. */
    public static List<DataSet> of(DataSet digits, int rows, int batch) {
        DigitRows drawn = new DigitRows(digits);
        List<DataSet> all = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            all.add(drawn.row());
        }
        // features and labels are padded with zeros, and masks say where they end
        return DataSet.merge(all).batchBy(batch);
    }

    private DataSet row() {
        int length = LEAST + random.nextInt(MOST - LEAST + 1);
        List<INDArray> columns = new ArrayList<>();
        double[] label = new double[length];
        for (int i = 0; i < length; i++) {
            int digit = random.nextInt(digits.numExamples());
            int gap = random.nextInt(GAPS);
            if (gap > 0) {
                columns.add(Nd4j.zeros(digits.getFeatures().dataType(), SIZE, gap));
            }
            columns.add(digits.getFeatures().getRow(digit).reshape(SIZE, SIZE));
            label[i] = digits.getLabels().getRow(digit).argMax().getInt() + 1;
        }
        return new DataSet(
                windows(Nd4j.concat(1, columns.toArray(INDArray[]::new))),
                Nd4j.createFromArray(label).reshape(1, 1, length));
    }

    /** What the window shows at each step, [1, 64, T]. */
    private static INDArray windows(INDArray pixels) {
        List<INDArray> steps = new ArrayList<>();
        for (long first = 0; first + SIZE <= pixels.size(1); first += STRIDE) {
            INDArray window = pixels.get(NDArrayIndex.all(), NDArrayIndex.interval(first, first + SIZE));
            steps.add(window.dup().reshape(1, HandwrittenDigits.PIXELS, 1));
        }
        return Nd4j.concat(2, steps.toArray(INDArray[]::new));
    }

    /** The labels of a batch, up to their ends. */
    public static List<int[]> labels(DataSet batch) {
        List<int[]> labels = new ArrayList<>();
        for (int n = 0; n < batch.numExamples(); n++) {
            int[] padded = batch.getLabels()
                    .slice(n)
                    .reshape(batch.getLabels().size(2))
                    .toIntVector();
            labels.add(Arrays.copyOf(
                    padded, batch.getLabelsMaskArray().getRow(n).sumNumber().intValue()));
        }
        return labels;
    }

    /** Such as {@code 407}. */
    public static String text(int[] label) {
        StringBuilder text = new StringBuilder();
        for (int c : label) {
            text.append(c - 1);
        }
        return text.toString();
    }
}
