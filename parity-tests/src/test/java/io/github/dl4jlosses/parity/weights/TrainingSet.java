/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import io.github.dl4jlosses.parity.TorchTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The examples that a model is trained on, as {@code generate.py} prepares them, in the shapes of both sides. Batches are
 * consecutive rows and start again after the last full one.
 */
record TrainingSet(INDArray features, INDArray labels, INDArray torchFeatures, INDArray torchTarget, int batchSize) {

    /** The tensors of a batch in the shapes of one side. */
    record Batch(INDArray features, INDArray target) {}

    Batch batch(int step) {
        return new Batch(rows(features, step), rows(labels, step));
    }

    TorchTensor[] torchBatch(int step, DataType type) {
        INDArray target = rows(torchTarget, step);
        return new TorchTensor[] {
            TorchTensor.of(rows(torchFeatures, step).castTo(type)),
            TorchTensor.of(target.dataType() == DataType.DOUBLE ? target.castTo(type) : target)
        };
    }

    private INDArray rows(INDArray array, int step) {
        long all = array.size(0) / batchSize * batchSize;
        long start = (long) step * batchSize % all;
        INDArrayIndex[] indices = new INDArrayIndex[array.rank()];
        Arrays.fill(indices, NDArrayIndex.all());
        indices[0] = NDArrayIndex.interval(start, start + batchSize);
        return array.get(indices).dup('c');
    }

    private static TrainingSet same(INDArray features, INDArray labels, int batchSize) {
        return new TrainingSet(features, labels, features, labels, batchSize);
    }

    /** DL4J wants a column of class indices, torch a row. */
    private static TrainingSet classes(INDArray features, double[] classes, int batchSize) {
        INDArray target = Nd4j.createFromArray(classes).castTo(DataType.INT64);
        return new TrainingSet(features, target.reshape(classes.length, 1), features, target, batchSize);
    }

    static TrainingSet digits() {
        double[][] rows = TestData.rows("digits/digits.csv.gz", 0);
        return classes(
                columns(rows, 0, 64).divi(16),
                Arrays.stream(rows).mapToDouble(row -> row[64]).toArray(),
                32);
    }

    static TrainingSet digitAttributes() {
        double[][] attributes = Arrays.stream(TestData.rows("digits/digits.csv.gz", 0))
                .map(row -> attributes((int) row[64]))
                .toArray(double[][]::new);
        return same(digits().features(), Nd4j.createFromArray(attributes), 32);
    }

    private static double[] attributes(int digit) {
        List<Predicate<Integer>> attributes = List.of(
                d -> d % 2 == 0,
                d -> d > 4,
                d -> List.of(2, 3, 5, 7).contains(d),
                d -> List.of(0, 6, 8, 9).contains(d));
        return attributes.stream()
                .mapToDouble(attribute -> attribute.test(digit) ? 1 : 0)
                .toArray();
    }

    static TrainingSet distilledDigits() {
        double[][] teacher = TestData.rows("pytorch/digits_distill_kl.teacher.csv.gz", 0);
        INDArray pixels = digits().features().get(NDArrayIndex.interval(0, teacher.length), NDArrayIndex.all());
        return same(pixels.dup('c'), Nd4j.createFromArray(teacher), 32);
    }

    static TrainingSet breastCancer() {
        double[][] rows = TestData.rows("breast_cancer/breast_cancer.csv", 1);
        INDArray features = columns(rows, 0, 30);
        features.subiRowVector(features.mean(0)).diviRowVector(features.std(false, 0));
        return same(features, columns(rows, 30, 31).rsubi(1), 19);
    }

    static TrainingSet fashion() {
        double[][] rows = TestData.rows("fashion_mnist/train.csv.gz", 1);
        return classes(
                columns(rows, 1, 785).divi(255).reshape('c', rows.length, 1, 28, 28),
                Arrays.stream(rows).mapToDouble(row -> row[0]).toArray(),
                20);
    }

    private static INDArray columns(double[][] rows, int from, int to) {
        return Nd4j.createFromArray(Arrays.stream(rows)
                .map(row -> Arrays.copyOfRange(row, from, to))
                .toArray(double[][]::new));
    }

    /** Lines of the text as sequences of characters, padded; the target is the next character, -100 where padded. */
    static TrainingSet constitution() {
        int length = 40;
        List<String> lines = TestData.lines("text/us_constitution.txt").stream()
                .filter(line -> line.length() >= 10)
                .toList();
        List<Integer> alphabet = new ArrayList<>(
                lines.stream().flatMap(line -> line.chars().boxed()).collect(Collectors.toCollection(TreeSet::new)));
        double[][][] features = new double[lines.size()][alphabet.size()][length];
        long[][] target = new long[lines.size()][length];
        for (int i = 0; i < target.length; i++) {
            String line = lines.get(i);
            Arrays.fill(target[i], -100);
            for (int t = 0; t < Math.min(length, line.length() - 1); t++) {
                features[i][alphabet.indexOf((int) line.charAt(t))][t] = 1;
                target[i][t] = alphabet.indexOf((int) line.charAt(t + 1));
            }
        }
        INDArray x = Nd4j.createFromArray(features);
        INDArray y = Nd4j.createFromArray(target);
        return new TrainingSet(
                x, y.reshape(y.size(0), 1, y.size(1)), x.permute(0, 2, 1).dup('c'), y, 16);
    }
}
