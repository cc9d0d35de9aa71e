/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.usecases;

import io.github.dl4jlosses.examples.common.Paragraph;
import io.github.dl4jlosses.examples.data.DigitQuestions;
import io.github.dl4jlosses.examples.data.HandwrittenDigits;
import io.github.dl4jlosses.swap.LossSwap;
import io.github.dl4jlosses.swap.Scale;
import io.github.dl4jlosses.swap.Swapped;
import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.modelimport.keras.KerasModelImport;
import org.deeplearning4j.nn.modelimport.keras.exceptions.InvalidKerasConfigurationException;
import org.deeplearning4j.nn.modelimport.keras.exceptions.UnsupportedKerasConfigurationException;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.ops.transforms.Transforms;

/** A model of Keras, imported with its training set-up, gets its gradients back where it is sure and wrong. */
public final class SwapKerasModel {
    private static final String FILE = "/data/keras/digit_answers.h5";
    private static final int QUESTIONS = DigitQuestions.QUESTIONS.size();
    private static final int[] RANKS = {1, 3, 10, 30, 80};

    private SwapKerasModel() {}

    /** Imports, swaps, and compares what both networks learn from digits that they have not seen. */
    public static void main(String[] args)
            throws IOException, InvalidKerasConfigurationException, UnsupportedKerasConfigurationException {
        MultiLayerNetwork imported;
        try (InputStream file = SwapKerasModel.class.getResourceAsStream(FILE)) {
            imported = KerasModelImport.importKerasSequentialModelAndWeights(file);
        }
        Swapped<MultiLayerNetwork> swapped = LossSwap.swapAll(imported, Scale.DL4J);
        MultiLayerNetwork after = swapped.get();
        DataSet known = withAnswers(HandwrittenDigits.training());
        DataSet other = withAnswers(HandwrittenDigits.test());
        print("score of the digits it was trained on", imported.score(known), after.score(known));
        print("score of other digits", imported.score(other), after.score(other));
        INDArray change = Transforms.abs(imported.output(other.getFeatures()).sub(after.output(other.getFeatures())));
        System.out.println("largest change of an output: " + change.maxNumber());

        System.out.printf("%nanswers about other digits, by how wrong they are%n");
        System.out.printf("%5s  %10s  %6s  %18s  %18s%n", "", "", "", "LossBinaryXENT", "BCEWithLogitsLoss");
        System.out.printf(
                "%5s  %10s  %6s  %8s  %8s  %8s  %8s%n",
                "", "question", "logit", "score", "gradient", "score", "gradient");
        // the layer below the loss has become an identity
        INDArray logits = after.feedForward(other.getFeatures()).get(2);
        // above 0 where the answer is wrong
        INDArray wrong = logits.mul(other.getLabels().mul(-2).add(1));
        int[] order = IntStream.range(0, (int) wrong.length())
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -wrong.getDouble(i)))
                .mapToInt(i -> i)
                .toArray();
        for (int rank : RANKS) {
            int row = order[rank - 1] / QUESTIONS;
            int q = order[rank - 1] % QUESTIONS;
            System.out.printf("%5d  %10s  %6.2f", rank, DigitQuestions.QUESTIONS.get(q), logits.getDouble(row, q));
            for (MultiLayerNetwork network : List.of(imported, after)) {
                print(network, other.get(row), q);
            }
            System.out.println();
        }
        System.out.println("\n" + Paragraph.of(swapped));
    }

    /** The score of a digit, which is of its four answers, and the gradient at the logit of one of them. */
    private static void print(MultiLayerNetwork network, DataSet digit, int q) {
        network.setInput(digit.getFeatures());
        network.setLabels(digit.getLabels());
        network.computeGradientAndScore();
        double gradient = network.gradient().getGradientFor("1_b").getDouble(q);
        System.out.printf("  %8.2f  %8.2g", network.score(), gradient);
    }

    private static void print(String name, double before, double after) {
        System.out.printf("%-40s  %.4f before, %.4f after%n", name, before, after);
    }

    private static DataSet withAnswers(DataSet digits) {
        return new DataSet(
                digits.getFeatures().castTo(DataType.FLOAT),
                DigitQuestions.answers(digits).castTo(DataType.FLOAT));
    }
}
