/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.swap.LossSwap;
import io.github.dl4jlosses.swap.Scale;
import io.github.dl4jlosses.swap.Swapped;
import org.assertj.core.data.Offset;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A program with DL4J's losses beside its copy with ours.
 *
 * <p>Both compute the same in an order of their own, and DL4J by way of probabilities. In float64 that leaves 12 digits
 * of scores and of steps. In float32 a score has 6 digits after the point, or in all where it is above 1: DL4J adds up in
 * float32 the logarithms of probabilities near 1, which have no more. A step has 5, counted from its largest element: DL4J
 * divides by probabilities. What is 0, as under a mask of zeros, is 0.
 */
final class SwapComparison {
    /**
     * Of a step whose updater divides by the size of the gradient, so that the rounding of a small element counts as much as
     * that of a large one. The gradients themselves are held to the usual tolerance.
     */
    static final double ADAPTIVE_STEP_TOLERANCE = 1e-7;

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

    /** A swapped configuration is that of the swapped network, and a second swap of either changes nothing. */
    void assertSameConfigurations(Swapped<Model> once) {
        String json = json(swapped);

        assertThat(
                        builtIn instanceof ComputationGraph graph
                                ? LossSwap.swapAll(graph.getConfiguration(), Scale.DL4J)
                                        .get()
                                        .toJson()
                                : LossSwap.swapAll(
                                                ((MultiLayerNetwork) builtIn).getLayerWiseConfigurations(), Scale.DL4J)
                                        .get()
                                        .toJson())
                .isEqualTo(json);
        for (Scale scale : Scale.values()) {
            Swapped<Model> twice = LossSwap.swapAll(swapped, scale);
            assertThat(json(twice.get())).isEqualTo(json);
            assertThat(twice.get().params()).isEqualTo(swapped.params());
            for (int i = 0; i < once.outputs().size(); i++) {
                Swapped.Output first = once.outputs().get(i);
                Swapped.Output second = twice.outputs().get(i);
                assertThat(second.after()).isEqualTo(first.after());
                assertThat(second.explanation())
                        .isEqualTo(
                                first.after().isPresent()
                                        ? "It is a loss of this library already: left as it is."
                                        : first.explanation());
            }
        }
    }

    private static String json(Model program) {
        return program instanceof ComputationGraph graph
                ? graph.getConfiguration().toJson()
                : ((MultiLayerNetwork) program).getLayerWiseConfigurations().toJson();
    }

    /** To the last bit. */
    void assertSameOutput(MultiDataSet batch) {
        assertThat(output(swapped, batch)).as("output()").isEqualTo(output(builtIn, batch));
    }

    static INDArray[] output(Model program, MultiDataSet batch) {
        INDArray mask = batch.getLabelsMaskArray(0);
        if (mask != null && mask.equalShapes(batch.getLabels(0))) {
            // a LossLayer cannot show its output under a mask of outputs
            return output(program, new MultiDataSet(batch.getFeatures(), batch.getLabels()));
        }
        return program instanceof ComputationGraph graph
                ? graph.output(false, batch.getFeatures(), batch.getFeaturesMaskArrays(), batch.getLabelsMaskArrays())
                : new INDArray[] {
                    ((MultiLayerNetwork) program)
                            .output(
                                    batch.getFeatures(0),
                                    false,
                                    batch.getFeaturesMaskArray(0),
                                    batch.getLabelsMaskArray(0))
                };
    }

    void assertSameScore(MultiDataSet batch) {
        double theirs = score(builtIn, batch);
        assertThat(score(swapped, batch)).as("score(batch)").isCloseTo(theirs, scoreTolerance(theirs));
    }

    /** As a step has it, with dropout and statistics of the batch. */
    void assertSameScoreOfTraining(MultiDataSet batch) {
        double theirs = score(builtIn, batch, true);
        assertThat(score(swapped, batch, true)).as("score(batch, true)").isCloseTo(theirs, scoreTolerance(theirs));
    }

    private static double score(Model program, MultiDataSet batch) {
        return score(program, batch, false);
    }

    static double score(Model program, MultiDataSet batch, boolean training) {
        Nd4j.getRandom().setSeed(7);
        return program instanceof ComputationGraph graph
                ? graph.score(batch, training)
                : ((MultiLayerNetwork) program).score(single(batch), training);
    }

    /** What a network of layers takes. */
    private static DataSet single(MultiDataSet batch) {
        return new DataSet(
                batch.getFeatures(0), batch.getLabels(0), batch.getFeaturesMaskArray(0), batch.getLabelsMaskArray(0));
    }

    /** Of a layer that has none, whatever its loss, DL4J's own loss has none either. */
    void assertSameScoresOfExamples(MultiDataSet batch) {
        assertScoresOfExamples(batch, 1);
    }

    /** Ours in units of DL4J's. */
    void assertScoresOfExamples(MultiDataSet batch, double factor) {
        if (!hasScoresOfExamples()) {
            assertThatThrownBy(() -> scoresOfExamples(builtIn, batch)).isInstanceOf(RuntimeException.class);
            return;
        }
        double[] theirs = scoresOfExamples(builtIn, batch);
        double[] ours = scoresOfExamples(swapped, batch);
        assertThat(ours).hasSameSizeAs(theirs);
        for (int i = 0; i < ours.length; i++) {
            double expected = theirs[i] * factor;
            assertThat(ours[i]).as("scoreExamples()[%d]", i).isCloseTo(expected, scoreTolerance(expected));
        }
    }

    /** Framework bugs: the layers for which {@code scoreExamples} throws, as the page of DL4J lists them. */
    private boolean hasScoresOfExamples() {
        boolean isGraph = builtIn instanceof ComputationGraph;
        Layer layer = (isGraph
                        ? ((ComputationGraph) builtIn).getOutputLayer(0)
                        : ((MultiLayerNetwork) builtIn).getOutputLayer())
                .conf()
                .getLayer();
        if (layer instanceof CnnLossLayer image) {
            return image.getFormat() == CNN2DFormat.NCHW;
        }
        if (layer instanceof RnnLossLayer sequence) {
            return !isGraph && sequence.getRnnDataFormat() == RNNFormat.NCW;
        }
        return !(layer instanceof CenterLossOutputLayer
                || layer instanceof Cnn3DLossLayer
                || (isGraph && layer instanceof RnnOutputLayer));
    }

    private static double[] scoresOfExamples(Model program, MultiDataSet batch) {
        INDArray scores = program instanceof ComputationGraph graph
                ? graph.scoreExamples(batch, false)
                : ((MultiLayerNetwork) program).scoreExamples(single(batch), false);
        return scores.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    }

    /** A step of each, always with the same dropout. */
    void assertSameStep(MultiDataSet batch) {
        assertSameStep(batch, stepTolerance());
    }

    void assertSameStep(MultiDataSet batch, double tolerance) {
        assertSame(fit(builtIn, batch), fit(swapped, batch), tolerance);
    }

    static ProgramStep fit(Model program, MultiDataSet batch) {
        return ProgramStep.fit(program, () -> {
            if (program instanceof ComputationGraph graph) {
                graph.fit(batch);
            } else {
                ((MultiLayerNetwork) program).fit(single(batch));
            }
        });
    }

    /** The gradient too, as it comes to the updater; of several segments the last. */
    void assertSameGradientAndStep(MultiDataSet batch, double tolerance) {
        Gradients theirs = new Gradients();
        Gradients ours = new Gradients();
        builtIn.setListeners(theirs);
        swapped.setListeners(ours);

        assertSameStep(batch, tolerance);
        assertSame(theirs.last, ours.last, stepTolerance());
    }

    private static final class Gradients extends BaseTrainingListener {
        private ProgramStep last;

        @Override
        public void onGradientCalculation(Model model) {
            last = ProgramStep.of(model.score(), model.gradient().gradient());
        }
    }

    private void assertSame(ProgramStep theirs, ProgramStep ours, double tolerance) {
        assertThat(ours.score()).as("score of fit").isCloseTo(theirs.score(), scoreTolerance(theirs.score()));
        assertThat(theirs.distance(ours)).as("distance of the steps").isLessThanOrEqualTo(tolerance);
    }

    /** Where DL4J's own loss spoils the score that {@code fit} reports, the swapped one reports that of the batch. */
    void assertSameStepAndTrueScore(MultiDataSet batch) {
        double score = score(builtIn, batch);
        ProgramStep theirs = fit(builtIn, batch);

        assertSame(theirs.withScore(score), fit(swapped, batch), stepTolerance());
        if (theirs.largest() > 0) {
            assertThat(theirs.score()).as("DL4J's score of fit").isNotCloseTo(score, scoreTolerance(score));
        }
    }
}
