/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.PoissonNLLLoss;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.swap.LossSwap;
import io.github.dl4jlosses.swap.Scale;
import io.github.dl4jlosses.swap.Swapped;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.training.CenterLossOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A program in float64 whose losses are swapped at the scale of torch. Its score is what live torch makes of the logits that
 * its output shows. Its gradient is that of the scale of DL4J, which {@link SwapComparison} has proven, times what torch says
 * that the scales differ by.
 */
final class TorchScale {
    /** Of the score and of the largest element of a gradient: a logit is read back from a probability. */
    private static final double TOLERANCE = 1e-9;

    private final Model builtIn;
    private final Swapped<Model> torchs;
    /** With torch's eps, for all else that the scales differ by is a factor. */
    private final Model dl4js;
    /** Of each output; empty where it stays. */
    private final List<Optional<BuiltInLoss>> losses;

    private final boolean training;

    /** With the kind of labels of each output, and losses without weights. */
    TorchScale(Model builtIn, List<BuiltInLoss.Labels> labels) {
        this(builtIn, losses(builtIn, labels), false);
    }

    /** Of one output, which is swapped. */
    TorchScale(Model builtIn, BuiltInLoss loss) {
        this(builtIn, List.of(Optional.of(loss)), false);
    }

    private TorchScale(Model builtIn, List<Optional<BuiltInLoss>> losses, boolean training) {
        this.builtIn = builtIn;
        this.torchs = LossSwap.swapAll(builtIn, Scale.TORCH);
        this.dl4js = dl4js();
        this.losses = losses;
        this.training = training;
    }

    private static List<Optional<BuiltInLoss>> losses(Model builtIn, List<BuiltInLoss.Labels> labels) {
        List<Swapped.Output> outputs = LossSwap.swapAll(builtIn, Scale.TORCH).outputs();
        return IntStream.range(0, labels.size())
                .mapToObj(i -> outputs.get(i)
                        .after()
                        .map(swapped -> BuiltInLoss.of(outputs.get(i).before(), labels.get(i))))
                .toList();
    }

    /** What torch says of an output: the score at the scale of torch, and at that of DL4J, and by how much steps differ. */
    private record Expected(double score, double scoreOfDl4j, double stepFactor) {}

    /** With the logits of training, of a graph without dropout: those that have statistics of the batch. */
    TorchScale inTraining() {
        return new TorchScale(builtIn, losses, true);
    }

    private INDArray[] shown(MultiDataSet batch) {
        return training
                ? ((ComputationGraph) builtIn).output(true, batch.getFeatures())
                : SwapComparison.output(builtIn, batch);
    }

    void assertTorchsScore(MultiDataSet batch) {
        assertScore(
                SwapComparison.score(torchs.get(), batch, training),
                SwapComparison.score(dl4js, batch, training),
                expected(batch, shown(batch)));
    }

    /** What is no loss that has been swapped stays: regularization, the distance from centers, other outputs. */
    private void assertScore(double ours, double ofDl4j, List<Expected> expected) {
        double others =
                ofDl4j - expected.stream().mapToDouble(Expected::scoreOfDl4j).sum();
        double score = expected.stream().mapToDouble(Expected::score).sum() + others;
        double tolerance = TOLERANCE * Math.max(1, Math.abs(ofDl4j));
        assertThat(ours).as("score with the scale of torch").isCloseTo(score, within(tolerance));
        if (isAllThereIs()) {
            assertThat(others).as("what is no loss").isCloseTo(regularization(), within(tolerance));
        }
    }

    private boolean isAllThereIs() {
        return torchs.outputs().stream().allMatch(output -> output.after().isPresent())
                && Stream.of(layers()).noneMatch(CenterLossOutputLayer.class::isInstance);
    }

    private double regularization() {
        return Stream.of(layers())
                .mapToDouble(layer -> layer.calcRegularizationScore(true))
                .sum();
    }

    private Layer[] layers() {
        return builtIn instanceof ComputationGraph graph
                ? graph.getLayers()
                : ((MultiLayerNetwork) builtIn).getLayers();
    }

    /** Of each segment where back-propagation is truncated, with the scores of the segments too. */
    void assertTorchsGradient(MultiDataSet batch) {
        Segments ours = Segments.of(torchs(), batch);
        Segments theirs = Segments.of(dl4js(), batch);
        INDArray[] shown = shown(batch);
        int segments = segments(batch);
        assertThat(ours.gradients).hasSize(segments);
        for (int s = 0; s < segments; s++) {
            MultiDataSet segment = segments == 1 ? batch : segment(batch, s);
            List<Expected> expected =
                    expected(segment, segments == 1 ? shown : new INDArray[] {segment(shown[0], s, 2)});
            if (segments > 1) {
                assertScore(ours.scores.get(s), theirs.scores.get(s), expected);
            }
            INDArray gradient = theirs.gradients.get(s);
            for (int i = 0; i < expected.size(); i++) {
                // of several outputs only what differs, for one that stays has a gradient too
                INDArray alone = expected.size() == 1
                        ? theirs.gradients.get(s)
                        : Segments.of(dl4js(), alone(batch, i)).gradients.get(0);
                gradient = gradient.add(alone.mul(expected.get(i).stepFactor() - 1));
            }
            assertThat(ProgramStep.of(0, gradient).distance(ProgramStep.of(0, ours.gradients.get(s))))
                    .as("distance of the gradients of segment %d", s)
                    .isLessThanOrEqualTo(TOLERANCE);
        }
    }

    private Model torchs() {
        return LossSwap.swapAll(builtIn, Scale.TORCH).get();
    }

    private Model dl4js() {
        Swapped<Model> swapped = LossSwap.swapAll(builtIn, Scale.DL4J);
        Model program = swapped.get();
        for (Swapped.Output output : swapped.outputs()) {
            if (output.after().orElse(null) instanceof PoissonNLLLoss rates) {
                TorchLoss withEps = rates.toBuilder().eps(1e-8).build();
                program = program instanceof ComputationGraph graph
                        ? LossSwap.swap(graph, output.name(), withEps)
                        : LossSwap.swap((MultiLayerNetwork) program, withEps);
            }
        }
        return program;
    }

    /** Scores, and gradients as they come to the updater, of a program that does not move. */
    private static final class Segments extends BaseTrainingListener {
        private final List<Double> scores = new ArrayList<>();
        private final List<INDArray> gradients = new ArrayList<>();

        private static Segments of(Model program, MultiDataSet batch) {
            Segments segments = new Segments();
            program.setListeners(segments);
            if (program instanceof ComputationGraph graph) {
                graph.setLearningRate(0);
            } else {
                ((MultiLayerNetwork) program).setLearningRate(0);
            }
            SwapComparison.fit(program, batch);
            return segments;
        }

        @Override
        public void onGradientCalculation(Model model) {
            scores.add(model.score());
            gradients.add(model.gradient().gradient().dup());
        }
    }

    /** The length of segments; 0: no truncation. */
    private int length() {
        if (builtIn instanceof ComputationGraph graph) {
            return graph.getConfiguration().getBackpropType() == BackpropType.TruncatedBPTT
                    ? graph.getConfiguration().getTbpttFwdLength()
                    : 0;
        }
        var conf = ((MultiLayerNetwork) builtIn).getLayerWiseConfigurations();
        return conf.getBackpropType() == BackpropType.TruncatedBPTT ? conf.getTbpttFwdLength() : 0;
    }

    private int segments(MultiDataSet batch) {
        return length() == 0 ? 1 : Math.toIntExact((batch.getFeatures(0).size(2) + length() - 1) / length());
    }

    private MultiDataSet segment(MultiDataSet batch, int s) {
        INDArray mask = batch.getLabelsMaskArray(0);
        return new MultiDataSet(
                batch.getFeatures(),
                new INDArray[] {segment(batch.getLabels(0), s, 2)},
                null,
                mask == null ? null : new INDArray[] {segment(mask, s, 1)});
    }

    private INDArray segment(INDArray array, int s, int dimension) {
        long from = (long) s * length();
        var interval = NDArrayIndex.interval(from, Math.min(from + length(), array.size(dimension)));
        return dimension == 1
                ? array.get(NDArrayIndex.all(), interval)
                : array.get(NDArrayIndex.all(), NDArrayIndex.all(), interval);
    }

    /** Every other output is masked. */
    private static MultiDataSet alone(MultiDataSet batch, int output) {
        INDArray[] masks = new INDArray[batch.getLabels().length];
        Arrays.setAll(
                masks,
                i -> i == output
                        ? null
                        : Nd4j.zeros(DataType.DOUBLE, batch.getLabels(i).size(0), 1));
        return new MultiDataSet(batch.getFeatures(), batch.getLabels(), null, masks);
    }

    // ---- torch ----

    private List<Expected> expected(MultiDataSet batch, INDArray... shown) {
        List<Expected> all = new ArrayList<>();
        for (int i = 0; i < shown.length; i++) {
            all.add(torchs.outputs().get(i).after().isEmpty() ? new Expected(0, 0, 1) : expected(i, batch, shown[i]));
        }
        return all;
    }

    private Expected expected(int i, MultiDataSet batch, INDArray shown) {
        Swapped.Output output = torchs.outputs().get(i);
        BuiltInLoss loss = losses.get(i).orElseThrow();
        INDArray mask = batch.getLabelsMaskArray(i);
        // DL4J takes rows of steps for examples
        double examples = shown.size(0);
        double positions = shown.length() / (shown.size(1) * examples);
        boolean isEmpty = mask != null && mask.sumNumber().doubleValue() == 0;
        double sum = torch(loss, loss.sumWithTorchsEps(), shown, batch.getLabels(i), mask);
        String words = output.explanation();
        double torch = isEmpty
                ? 0
                : words.contains("Score and step are torch's batchmean")
                        ? sum / examples
                        : torch(loss, loss.mean(), shown, batch.getLabels(i), mask);
        if (words.contains(" times the positions of an example")) {
            torch *= positions;
        } else if (words.contains(" over the positions of an example")) {
            torch /= positions;
        }
        double ofDl4j = output.after().orElseThrow().isMiniBatch() ? sum / examples : sum;
        double divisor =
                words.contains("DL4J divides the score of this layer by the number of examples") ? examples : 1;
        // ND4J takes a factor that is no number for a small one
        assertThat(torch / ofDl4j).matches(factor -> isEmpty || Double.isFinite(factor), "is a number");
        return new Expected(torch / divisor, ofDl4j / divisor, isEmpty ? 0 : torch / ofDl4j);
    }

    /** Of the rows that take part. */
    private static double torch(BuiltInLoss loss, String text, INDArray shown, INDArray label, INDArray mask) {
        String rows = "%1$s = torch.flatten(torch.movedim(%1$s, 1, -1), 0, -2)\n";
        String read = rows.formatted("z")
                + rows.formatted("t")
                + (loss.labels == BuiltInLoss.Labels.INDICES
                        ? "t = torch.to(torch.one_hot(torch.to(torch.flatten(t), 4), z.size(1)), 7)\n"
                        : "")
                + "keep = torch.ne(torch.expand_as(torch.reshape(keep, [-1, 1]), z), 0)\n"
                + (loss.isRegression()
                        ? "x = z\n"
                        : loss.isBinary()
                                ? "z = torch.sub(torch.log(z), torch.log1p(torch.neg(z)))\n"
                                : "z = torch.log(z)\n");
        INDArray keep = mask == null ? Nd4j.ones(DataType.DOUBLE, shown.length() / shown.size(1)) : mask;
        return TorchFunction.of(read + text, "z", "t", "keep")
                .call(tensor(shown), tensor(label), tensor(keep))
                .value()
                .item();
    }

    private static TorchTensor tensor(INDArray array) {
        return TorchTensor.of(array.dup('c')).to(TorchType.FLOAT64);
    }
}
