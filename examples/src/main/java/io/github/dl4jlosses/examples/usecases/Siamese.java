/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.usecases;

import io.github.dl4jlosses.examples.data.DigitTriplets;
import io.github.dl4jlosses.examples.data.HandwrittenDigits;
import io.github.dl4jlosses.parity.TorchResult;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

/** Are two digits the same one? Networks that learn distances, with losses of torch that take several inputs. */
public final class Siamese {
    private static final int STEPS = 100;
    private static final double RATE = 0.01;
    private static final DataSet TRAINING = HandwrittenDigits.training();
    private static final DataSet TEST = HandwrittenDigits.test();
    private static final MultiDataSet PAIRS = DigitTriplets.of(TRAINING).pairs();
    private static final MultiDataSet TRIPLETS = DigitTriplets.of(TRAINING).triplets();

    private static final List<SiameseLoss> LOSSES = List.of(
            new SiameseLoss(
                    "CosineEmbeddingLoss",
                    graphs -> graphs.cosine(0.5),
                    "torch.cosine_embedding_loss(a, b, torch.flatten(t), 0.5, 1)",
                    1e-12),
            new SiameseLoss(
                    "HingeEmbeddingLoss",
                    graphs -> graphs.contrastive(2),
                    "torch.hinge_embedding_loss(torch.norm(a - b, 2, 1), torch.flatten(t), 2.0, 1)",
                    1e-12),
            new SiameseLoss(
                    "MarginRankingLoss",
                    graphs -> graphs.triplet(1),
                    "torch.margin_ranking_loss(torch.norm(a - d, 2, 1), torch.norm(a - b, 2, 1), torch.ones(len(a)), 1., 1)",
                    1e-12),
            new SiameseLoss(
                    "TripletMarginLoss",
                    graphs -> graphs.triplet(1),
                    "torch.triplet_margin_loss(a, b, d, 1., 2., 1e-6, False, 1)",
                    1e-6));

    private Siamese() {}

    /** Compares the loss and the step of each with torch's, trains, and looks for the nearest digit. */
    public static void main(String[] args) {
        System.out.println("before training               torch       here   step within");
        LOSSES.forEach(Siamese::compare);
        System.out.println();
        System.out.println("test digits                  the alike one is    the nearest training digit");
        System.out.println("                           nearer than another       is the same one");
        printAccuracy("distance of the pixels", TRAINING.getFeatures(), TEST.getFeatures());
        // the last two are one graph
        LOSSES.subList(0, LOSSES.size() - 1).forEach(Siamese::train);
    }

    private static MultiDataSet batch(ComputationGraph graph) {
        return graph.getNumInputArrays() == 2 ? PAIRS : TRIPLETS;
    }

    private static void compare(SiameseLoss loss) {
        ComputationGraph graph = loss.graph().apply(new SiameseGraphs(new Sgd(1)));
        ComputationGraph before = graph.clone();
        TorchResult torch = loss.inTorch(batch(graph), graph);
        graph.fit(batch(graph));
        double difference = SiameseLoss.difference(torch, before, graph);
        System.out.printf(
                "%-24s %10.6f %10.6f   %s%n",
                loss.name(),
                torch.value().item(),
                graph.score(),
                String.format(difference <= loss.within() ? "%.0e" : "more than %.0e", loss.within()));
    }

    private static void train(SiameseLoss loss) {
        ComputationGraph graph = loss.graph().apply(new SiameseGraphs(new Adam(RATE)));
        for (int step = 0; step < STEPS; step++) {
            graph.fit(batch(graph));
        }
        printAccuracy(loss.name(), embedded(graph, TRAINING.getFeatures()), embedded(graph, TEST.getFeatures()));
    }

    /** What the loss measures distances of. */
    private static INDArray embedded(ComputationGraph graph, INDArray digits) {
        INDArray[] inputs = new INDArray[graph.getNumInputArrays()];
        Arrays.fill(inputs, digits);
        var vertices = graph.feedForward(inputs, false);
        return vertices.getOrDefault("a of length 1", vertices.get("a of 8"));
    }

    private static void printAccuracy(String name, INDArray training, INDArray test) {
        DigitTriplets triplets = DigitTriplets.of(new DataSet(test, TEST.getLabels()));
        INDArray alike = squared(triplets.anchors().sub(triplets.alike()));
        INDArray others = squared(triplets.anchors().sub(triplets.others()));
        // the nearest has the largest of these: its squared distance is what is the same for all, less this
        int[] nearest = test.mmul(training.transpose())
                .muli(2)
                .subiRowVector(squared(training).reshape(1, training.size(0)))
                .argMax(1)
                .toIntVector();
        INDArray right = TRAINING.getLabels().getRows(nearest).mul(TEST.getLabels());
        System.out.printf(
                "%-24s %17.3f %26.3f%n",
                name,
                alike.lt(others).castTo(DataType.DOUBLE).meanNumber().doubleValue(),
                right.sumNumber().doubleValue() / test.size(0));
    }

    private static INDArray squared(INDArray rows) {
        return rows.mul(rows).sum(true, 1);
    }
}
