/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.evaluation;

import io.github.dl4jlosses.internal.memory.Rows;
import io.github.dl4jlosses.internal.shape.Place;
import io.github.dl4jlosses.internal.shape.TorchNames;
import io.github.dl4jlosses.internal.target.ClassRange;
import io.github.dl4jlosses.internal.target.ClassTargets;
import io.github.dl4jlosses.internal.target.OutputMask;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Selects the rows of a batch that have a class and are neither masked nor ignored. */
final class LabelledRows {
    private final INDArray predictions;
    private final int[] row;
    private final int[] classOfRow;
    private final int positions;

    private LabelledRows(INDArray predictions, int[] row, int[] classOfRow, int positions) {
        this.predictions = predictions;
        this.row = row;
        this.classOfRow = classOfRow;
        this.positions = positions;
    }

    /** Reads and checks labels that hold class indices. */
    static LabelledRows of(INDArray labels, INDArray predictions, INDArray mask, long ignoreIndex) {
        int axis = classAxis(labels, predictions);
        INDArray rows = byRow(predictions, axis);
        int classes = Math.toIntExact(rows.size(1));
        OutputMask kept = OutputMask.of(
                mask == null ? null : maskByRow(mask, predictions, axis),
                rows.size(0),
                classes,
                "a class index stands for its whole row");
        int[] index = ClassTargets.fromIndices(
                        Rows.ofSingles(labels), ClassRange.ignoring(ignoreIndex, classes), kept, Place.NETWORK)
                .index();
        int[] row = IntStream.range(0, Math.toIntExact(rows.size(0)))
                .filter(r -> index[r] >= 0)
                .toArray();
        int[] classOfRow = Arrays.stream(row).map(r -> index[r]).toArray();
        return new LabelledRows(rows, row, classOfRow, Math.toIntExact(rows.size(0) / predictions.size(0)));
    }

    /**
     * The dimension of the classes, in which labels have size 1 or which they lack: the second, or the last with NWC
     * and NHWC.
     */
    private static int classAxis(INDArray labels, INDArray predictions) {
        int last = predictions.rank() - 1;
        boolean second = last >= 1 && fits(labels, predictions, 1);
        if (last > 1 && fits(labels, predictions, last)) {
            if (second && labels.rank() < predictions.rank()) {
                throw new IllegalArgumentException("labels of shape " + TorchNames.size(labels)
                        + " may belong to either order of predictions of shape " + TorchNames.size(predictions)
                        + ": give them with a 1 where the classes are");
            }
            return second ? 1 : last;
        }
        if (second) {
            return 1;
        }
        throw new IllegalArgumentException(
                "labels have shape " + TorchNames.size(labels) + ", but the predictions have "
                        + TorchNames.size(predictions)
                        + ": give labels of that shape, or class indices, with 1 in place of the number of classes");
    }

    private static boolean fits(INDArray labels, INDArray predictions, int axis) {
        long[] single = predictions.shape().clone(); // the array's own
        single[axis] = 1;
        return Arrays.equals(labels.shape(), single)
                || Arrays.equals(labels.shape(), without(axis, predictions.shape()));
    }

    private static long[] without(int axis, long... shape) {
        return IntStream.range(0, shape.length)
                .filter(d -> d != axis)
                .mapToLong(d -> shape[d])
                .toArray();
    }

    /** [rows, classes], example by example. */
    private static INDArray byRow(INDArray array, int axis) {
        int[] order = IntStream.concat(IntStream.range(0, array.rank()).filter(d -> d != axis), IntStream.of(axis))
                .toArray();
        long classes = array.size(axis);
        return array.permute(order).dup('c').reshape('c', array.length() / classes, classes);
    }

    private static INDArray maskByRow(INDArray mask, INDArray predictions, int axis) {
        if (mask.equalShapes(predictions)) {
            return byRow(mask, axis);
        }
        long rows = predictions.length() / predictions.size(axis);
        long examples = predictions.size(0);
        if (mask.rank() > 0 && mask.size(0) == examples && mask.length() == rows) {
            return mask.dup('c').reshape('c', rows, 1);
        }
        if (mask.rank() > 0 && mask.size(0) == examples && mask.length() == examples) {
            return mask.dup('c').reshape('c', examples, 1).repeat(0, rows / examples);
        }
        throw new IllegalArgumentException("mask has shape " + TorchNames.size(mask) + ", but the predictions have "
                + TorchNames.size(predictions) + ": give one number for each example, or for each class index");
    }

    int count() {
        return row.length;
    }

    /** [rows, classes], a single 1 in each row, in the dtype of the predictions. */
    INDArray oneHot() {
        INDArray labels = Nd4j.zeros(predictions.dataType(), row.length, predictions.size(1));
        for (int r = 0; r < row.length; r++) {
            labels.putScalar(r, classOfRow[r], 1);
        }
        return labels;
    }

    /** [rows, classes]. */
    INDArray predictions() {
        return row.length == predictions.size(0) ? predictions : Nd4j.pullRows(predictions, 1, row, 'c');
    }

    /** For each row the value of its example; null if there are no values. */
    List<Serializable> ofExamples(List<? extends Serializable> values) {
        if (values == null || values.isEmpty()) {
            return null;
        }
        List<Serializable> ofRows = new ArrayList<>();
        for (int r : row) {
            ofRows.add(values.get(r / positions));
        }
        return ofRows;
    }
}
