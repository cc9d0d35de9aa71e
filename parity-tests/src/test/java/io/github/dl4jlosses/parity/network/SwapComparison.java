/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.ToDoubleFunction;
import org.assertj.core.data.Offset;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;

/**
 * A program with DL4J's losses beside its copy with ours.
 *
 * <p>Both compute the same in an order of their own, and DL4J by way of probabilities. In float64 that leaves 12 digits
 * of scores and of steps. In float32 a score has 6 digits after the point, or in all where it is above 1: DL4J adds up in
 * float32 the logarithms of probabilities near 1, which have no more. A step has 5, counted from its largest element: DL4J
 * divides by probabilities. What is 0, as under a mask of zeros, is 0.
 */
final class SwapComparison {
    private final Model builtIn;
    private final Model swapped;
    private final boolean isDouble;

    SwapComparison(Model builtIn, Model swapped) {
        this.builtIn = builtIn;
        this.swapped = swapped;
        this.isDouble = builtIn.params().dataType() == DataType.DOUBLE;
    }

    private Offset<Double> scoreTolerance(double score) {
        return within(score == 0 ? 0 : (isDouble ? 1e-12 : 1e-6) * Math.max(1, Math.abs(score)));
    }

    private double stepTolerance() {
        return isDouble ? 1e-12 : 1e-5;
    }

    /** To the last bit. */
    void assertSameOutput(DataSet batch) {
        assertSameOutput(batch.toMultiDataSet());
    }

    void assertSameOutput(org.nd4j.linalg.dataset.api.MultiDataSet batch) {
        assertThat(output(swapped, batch)).as("output()").isEqualTo(output(builtIn, batch));
    }

    private static INDArray[] output(Model program, org.nd4j.linalg.dataset.api.MultiDataSet batch) {
        return program instanceof ComputationGraph graph
                ? graph.output(batch.getFeatures())
                : new INDArray[] {((MultiLayerNetwork) program).output(batch.getFeatures(0))};
    }

    void assertSameScore(DataSet batch) {
        assertSameScore(program -> TwoLayers.score(program, batch));
    }

    void assertSameScore(MultiDataSet batch) {
        assertSameScore(program -> ((ComputationGraph) program).score(batch));
    }

    private void assertSameScore(ToDoubleFunction<Model> score) {
        double theirs = score.applyAsDouble(builtIn);
        assertThat(score.applyAsDouble(swapped)).as("score(batch)").isCloseTo(theirs, scoreTolerance(theirs));
    }

    /** Where DL4J computes them; some of its layers cannot, whatever their loss. */
    void assertSameScoresOfExamples(DataSet batch) {
        double[] theirs;
        try {
            theirs = scoresOfExamples(builtIn, batch);
        } catch (RuntimeException itCannot) {
            return;
        }
        double[] ours = scoresOfExamples(swapped, batch);
        assertThat(ours).hasSameSizeAs(theirs);
        for (int i = 0; i < ours.length; i++) {
            assertThat(ours[i]).as("scoreExamples()[%d]", i).isCloseTo(theirs[i], scoreTolerance(theirs[i]));
        }
    }

    private static double[] scoresOfExamples(Model program, DataSet batch) {
        INDArray scores = program instanceof ComputationGraph graph
                ? graph.scoreExamples(batch, false)
                : ((MultiLayerNetwork) program).scoreExamples(batch, false);
        return scores.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    }

    void assertSameStep(DataSet batch) {
        assertSameStep(ProgramStep.fit(builtIn, batch), ProgramStep.fit(swapped, batch));
    }

    /** The same numbers, in one array or in several. */
    void assertSameStep(MultiDataSet batch) {
        assertSameStep(
                ProgramStep.fit(builtIn, () -> ((ComputationGraph) builtIn).fit(batch)),
                ProgramStep.fit(swapped, () -> ((ComputationGraph) swapped).fit(batch)));
    }

    void assertSameStep(ProgramStep theirs, ProgramStep ours) {
        assertThat(ours.score()).as("score of fit").isCloseTo(theirs.score(), scoreTolerance(theirs.score()));
        assertThat(theirs.distance(ours)).as("distance of the steps").isLessThanOrEqualTo(stepTolerance());
    }

    /** Where DL4J's own loss spoils the score that {@code fit} reports, the swapped one reports that of the batch. */
    void assertSameStepAndTrueScore(DataSet batch) {
        double score = TwoLayers.score(builtIn, batch);
        ProgramStep theirs = ProgramStep.fit(builtIn, batch);
        ProgramStep ours = ProgramStep.fit(swapped, batch);

        assertSameStep(theirs.withScore(score), ours);
        if (theirs.largest() > 0) {
            assertThat(theirs.score()).as("DL4J's score of fit").isNotCloseTo(score, scoreTolerance(score));
        }
    }
}
