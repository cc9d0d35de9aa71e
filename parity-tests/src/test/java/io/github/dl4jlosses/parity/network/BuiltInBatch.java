/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.memory.FilledArray;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;

/** What a program with one of DL4J's losses is trained on, and the same for torch. Masked places have labels like others. */
final class BuiltInBatch {
    private static final int CLASSES = LayerKind.CLASSES;
    private static final long EXAMPLES = BuiltInProgram.EXAMPLES;

    private final BuiltInProgram program;
    private final LayerKind layer;
    private final Random random;
    private final TorchTensor features;
    /** One row of numbers for each position, the classes side by side. */
    private final double[][] target;

    private final boolean[][] kept;

    BuiltInBatch(BuiltInProgram program) {
        this(program, 1);
    }

    /** With features, and so logits, that are so many times larger. */
    BuiltInBatch(BuiltInProgram program, double magnitude) {
        this.program = program;
        this.layer = program.layer();
        this.random = new Random(program.seed() + 1);
        long[] shape = layer.featureShape(EXAMPLES);
        double[] numbers = FilledArray.numbers(() -> magnitude * random.nextGaussian(), shape);
        this.features = TorchTensor.of(program.type(), numbers, shape);
        int rows = Math.toIntExact(EXAMPLES * layer.positionsPerExample());
        this.target = new double[rows][];
        Arrays.setAll(target, row -> label());
        this.kept = new boolean[rows][CLASSES];
        mask();
    }

    private double[] label() {
        double[] row = new double[CLASSES];
        switch (program.loss().labels) {
            case ONE_HOT, INDICES -> row[random.nextInt(CLASSES)] = 1;
            case YES_OR_NO -> Arrays.setAll(row, c -> random.nextInt(2));
            case NUMBERS -> Arrays.setAll(row, c -> random.nextGaussian());
            case COUNTS -> Arrays.setAll(row, c -> random.nextInt(4));
            case SHARES -> {
                Arrays.setAll(row, c -> .1 + random.nextDouble());
                double sum = Arrays.stream(row).sum();
                Arrays.setAll(row, c -> row[c] / sum);
            }
        }
        return row;
    }

    /** The first place takes part, the last does not. */
    private void mask() {
        int positions = Math.toIntExact(layer.positionsPerExample());
        for (int row = 0; row < kept.length; row++) {
            for (int c = 0; c < CLASSES; c++) {
                int place = row * CLASSES + c;
                kept[row][c] = switch (program.masking()) {
                    case NONE -> true;
                    case EVERYTHING -> false;
                    case EXAMPLES -> row / positions < EXAMPLES - 1;
                    case POSITIONS, ROWS_OF_OUTPUTS -> row % 3 != 1 && row < kept.length - 1;
                    case OUTPUTS -> place % 4 != 1 && place < kept.length * CLASSES - 1;
                };
            }
        }
    }

    /** Puts other labels into a row. */
    BuiltInBatch withRow(int row, double... label) {
        target[row] = label.clone();
        return this;
    }

    /** Leaves a row out, for torch alone. */
    BuiltInBatch without(int row) {
        Arrays.fill(kept[row], false);
        return this;
    }

    double keptRows() {
        return Arrays.stream(kept).filter(row -> row[0]).count();
    }

    double keptOutputs() {
        return Arrays.stream(numbers()).flatMapToDouble(Arrays::stream).sum();
    }

    /** Of the classes of the rows that take part. */
    double keptWeights(double... weights) {
        return IntStream.range(0, kept.length)
                .filter(row -> kept[row][0])
                .mapToDouble(row -> weights[index(target[row])])
                .sum();
    }

    // ---- DL4J ----

    MultiDataSet multiDataSet() {
        DataSet single = dataSet();
        return new MultiDataSet(
                new INDArray[] {single.getFeatures()},
                new INDArray[] {single.getLabels()},
                null,
                single.getLabelsMaskArray() == null ? null : new INDArray[] {single.getLabelsMaskArray()});
    }

    DataSet dataSet() {
        return dataSet(labels());
    }

    DataSet dataSet(INDArray labels) {
        return new DataSet(layer.laidOut(features.toArray()), layer.laidOut(labels), null, maskArray());
    }

    /** As the loss takes them, in the shape of DL4J but for the order of dimensions. */
    INDArray labels() {
        if (program.loss().labels != BuiltInLoss.Labels.INDICES) {
            return placed(target).toArray();
        }
        double[] indices =
                Arrays.stream(target).mapToDouble(BuiltInBatch::index).toArray();
        return tensor(indices, layer.shape(EXAMPLES, 1)).toArray();
    }

    /** With another index, be it of a class or not. */
    INDArray labelsWith(int row, double index) {
        INDArray labels = labels();
        labels.reshape(labels.length()).putScalar(row, index);
        return labels;
    }

    private static int index(double... row) {
        int at = 0;
        while (row[at] != 1) {
            at++;
        }
        return at;
    }

    private INDArray maskArray() {
        Masking masking = program.masking();
        if (masking == Masking.NONE) {
            return null;
        }
        if (masking.hasOutputShape()) {
            return layer.laidOut(placed(numbers()).toArray());
        }
        double[] byRow = Arrays.stream(numbers()).mapToDouble(row -> row[0]).toArray();
        if (!layer.hasPositions() || (layer.isImage() && masking != Masking.POSITIONS)) {
            int positions = Math.toIntExact(layer.positionsPerExample());
            double[] examples = new double[Math.toIntExact(EXAMPLES)];
            Arrays.setAll(examples, n -> byRow[n * positions]);
            long[] shape = new long[layer.isVolume() ? 5 : 2];
            Arrays.fill(shape, 1);
            shape[0] = EXAMPLES;
            return tensor(examples, shape).toArray();
        }
        // three-dimensional layers want the channel too
        long[] shape = layer.isVolume() ? layer.shape(EXAMPLES, 1) : layer.rowShape(EXAMPLES);
        INDArray array = tensor(byRow, shape).toArray();
        return layer.isVolume() ? layer.laidOut(array) : array;
    }

    private double[][] numbers() {
        return Arrays.stream(kept).map(BuiltInBatch::numbers).toArray(double[][]::new);
    }

    private static double[] numbers(boolean... flags) {
        double[] numbers = new double[flags.length];
        Arrays.setAll(numbers, c -> flags[c] ? 1 : 0);
        return numbers;
    }

    /** (N, C, ..) of rows. */
    private TorchTensor placed(double[]... rows) {
        int positions = Math.toIntExact(layer.positionsPerExample());
        double[] placed = new double[rows.length * CLASSES];
        for (int row = 0; row < rows.length; row++) {
            for (int c = 0; c < CLASSES; c++) {
                placed[(row / positions * CLASSES + c) * positions + row % positions] = rows[row][c];
            }
        }
        return tensor(placed, layer.shape(EXAMPLES, CLASSES));
    }

    private TorchTensor tensor(double[] numbers, long... shape) {
        return TorchTensor.of(program.type(), numbers, shape);
    }

    // ---- torch ----

    TorchTensor features() {
        return features.to(TorchType.FLOAT64);
    }

    /** [rows, C] */
    TorchTensor target() {
        return TorchTensor.of(
                TorchType.FLOAT64,
                Arrays.stream(target).flatMapToDouble(Arrays::stream).toArray(),
                target.length,
                CLASSES);
    }

    /** [rows, C] */
    TorchTensor keep() {
        double[] flags =
                Arrays.stream(numbers()).flatMapToDouble(Arrays::stream).toArray();
        return TorchTensor.of(
                TorchType.BOOL,
                LongStream.range(0, flags.length)
                        .map(i -> (long) flags[(int) i])
                        .toArray(),
                target.length,
                CLASSES);
    }
}
