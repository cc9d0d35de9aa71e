/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.usecases;

import io.github.dl4jlosses.examples.common.Paragraph;
import io.github.dl4jlosses.examples.data.FashionMnist;
import io.github.dl4jlosses.swap.LossSwap;
import io.github.dl4jlosses.swap.Scale;
import io.github.dl4jlosses.swap.Swapped;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.zoo.model.Darknet19;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** A model of DL4J's zoo, whose softmax stands below the layer of its loss, gets a loss that no logit makes NaN. */
public final class SwapZooModel {
    private static final int CLASSES = FashionMnist.CLASSES.size();

    /** Darknet19 halves its pictures five times. */
    private static final int SIDE = 32;

    private static final int BATCH = 10;
    private static final int[] ADDED = {0, 60, 120};
    private static final String BIASES = "convolution2d_19_b";

    private SwapZooModel() {}

    /**
     * Swaps, and makes both networks sure of one class. The weights are those of {@code init}: over batches of ten pictures the
     * 18 batch normalizations make a step so large of the last bits, which differ by processor, that a trained network would
     * print other digits elsewhere.
     */
    public static void main(String[] args) {
        DataSet batch = pictures().batchBy(BATCH).get(0);
        ComputationGraph before = Darknet19.builder()
                .numClasses(CLASSES)
                .inputShape(new int[] {1, SIDE, SIDE})
                .build()
                .init();

        Swapped<ComputationGraph> swapped = LossSwap.swapAll(before, Scale.DL4J);
        ComputationGraph after = swapped.get();
        System.out.printf("score of a batch: %.4f before, %.4f after%n", before.score(batch), after.score(batch));
        INDArray shown = before.outputSingle(batch.getFeatures());
        System.out.println("output is the same: " + shown.equalsWithEps(after.outputSingle(batch.getFeatures()), 1e-6));

        int sure = batch.getLabels().argMax(1).getInt(0);
        System.out.printf(
                "%nsurer of '%s': %.0f of the %d pictures%n",
                FashionMnist.CLASSES.get(sure), batch.getLabels().sum(0).getDouble(sure), BATCH);
        System.out.printf("%9s  %18s  %18s%n", "added to", "DL4J's loss", "CrossEntropyLoss");
        System.out.printf("%9s  %8s  %8s  %8s  %8s%n", "its logit", "score", "gradient", "score", "gradient");
        double bias = before.getParam(BIASES).getDouble(sure);
        for (int added : ADDED) {
            System.out.printf("%9d", added);
            for (ComputationGraph graph : List.of(before, after)) {
                graph.getParam(BIASES).putScalar(sure, bias + added);
                System.out.printf("  %8.3f  %8.3f", graph.score(batch), gradient(graph, batch, sure));
            }
            System.out.println();
        }
        System.out.println("\n" + Paragraph.of(swapped));
    }

    /** In float32, as the zoo's models are, with a black margin and one-hot labels. */
    private static DataSet pictures() {
        DataSet clothes = FashionMnist.training();
        int margin = (SIDE - FashionMnist.SIDE) / 2;
        INDArray pixels = Nd4j.pad(
                clothes.getFeatures().castTo(DataType.FLOAT),
                new int[][] {{0, 0}, {0, 0}, {margin, margin}, {margin, margin}});
        INDArray labels = Nd4j.zeros(DataType.FLOAT, clothes.numExamples(), CLASSES);
        for (int i = 0; i < clothes.numExamples(); i++) {
            labels.putScalar(i, clothes.getLabels().getLong(i), 1);
        }
        return new DataSet(pixels, labels);
    }

    /** Of the mean loss, with respect to the logit of a class in all pictures. */
    private static double gradient(ComputationGraph graph, DataSet data, int ofClass) {
        graph.setInputs(data.getFeatures());
        graph.setLabels(data.getLabels());
        graph.computeGradientAndScore();
        return graph.gradient().getGradientFor(BIASES).getDouble(ofClass) / data.numExamples();
    }
}
