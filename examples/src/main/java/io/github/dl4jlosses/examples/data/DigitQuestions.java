/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.data;

import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.adapter.MultiDataSetIteratorAdapter;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/** Four questions about a handwritten digit, which are answered by yes or no. */
public final class DigitQuestions {
    /** In the order of the answers. */
    public static final List<String> QUESTIONS = List.of("even", "above 4", "prime", "has a loop");

    /** A row for each digit, a column for each question. */
    private static final INDArray ANSWERS = Nd4j.createFromArray(new double[][] {
        {1, 0, 0, 1}, {0, 0, 0, 0}, {1, 0, 1, 0}, {0, 0, 1, 0}, {1, 0, 0, 0},
        {0, 1, 1, 0}, {1, 1, 0, 1}, {0, 1, 1, 0}, {1, 1, 0, 1}, {0, 1, 0, 1}
    });

    private DigitQuestions() {}

    /** The answers for digits with one-hot labels, [N, 10]: 1 for yes and 0 for no, [N, 4]. */
    public static INDArray answers(DataSet digits) {
        return digits.getLabels().mmul(ANSWERS);
    }

    /** Batches whose labels are the digit, one-hot, and the answers. */
    public static MultiDataSetIterator batches(DataSet digits, int size) {
        MultiDataSetIterator batches =
                new MultiDataSetIteratorAdapter(new ExistingDataSetIterator(digits.batchBy(size)));
        batches.setPreProcessor(batch -> {
            INDArray digit = batch.getLabels(0);
            batch.setLabels(new INDArray[] {digit, digit.mmul(ANSWERS)});
        });
        return batches;
    }

    /** Hides answers by chance, always the same ones: 1 for the share that stays known, and 0 for the others. */
    public static INDArray known(double share, INDArray answers) {
        DoubleStream chance = new Random(1).doubles(answers.length());
        double[] known = chance.map(number -> number < share ? 1 : 0).toArray();
        return Nd4j.createFromArray(known).reshape(answers.shape());
    }
}
