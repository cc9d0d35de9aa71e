/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.spec.PrintedSeed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.assertj.core.data.Offset;
import org.deeplearning4j.core.storage.Persistable;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.listeners.CollectScoresIterationListener;
import org.deeplearning4j.optimize.listeners.PerformanceListener;
import org.deeplearning4j.optimize.listeners.ScoreIterationListener;
import org.deeplearning4j.ui.model.stats.StatsListener;
import org.deeplearning4j.ui.model.stats.api.StatsReport;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.learning.config.Adam;

/** Every listener is told torch's loss: those that collect it, and the one that feeds the training UI. */
class ListenersTest {
    private static final Random RANDOM = PrintedSeed.randomFor(ListenersTest.class);
    private static final double RATE = 0.05;
    private static final int STEPS = 4;

    @ParameterizedTest(name = "a graph: {0}, miniBatch {1}")
    @CsvSource({"false, true", "true, true", "false, false", "true, false"})
    void listenersAndTheTrainingUiAreToldTorchsLoss(boolean graph, boolean miniBatch) {
        // GIVEN
        TwoLayers layers = TwoLayers.classifier(miniBatch);
        TwoLayers.Batch batch = TwoLayers.classes(RANDOM, 6);
        Model model =
                layers.model(graph, TwoLayers.builder(RANDOM, new Adam(RATE)).miniBatch(miniBatch));
        CollectScoresIterationListener collected = new CollectScoresIterationListener();
        InMemoryStatsStorage storage = new InMemoryStatsStorage();
        Scores scores = new Scores();
        model.setListeners(
                collected,
                new StatsListener(storage, 1),
                new ScoreIterationListener(1),
                new PerformanceListener(1, true),
                scores);
        TorchTraining torch = new TorchTraining(layers, model, RATE);

        // WHEN
        List<Double> losses = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            TwoLayers.fit(model, batch.dataSet());
            torch.fit(batch);
            losses.add(torch.score());
        }

        // THEN
        assertClose(scores.seen, losses);
        assertClose(
                DoubleStream.of(collected.getScoreVsIter().getEffectiveScores())
                        .boxed()
                        .toList(),
                losses);
        assertClose(ofTheUi(storage), losses);
    }

    private static void assertClose(List<Double> scores, List<Double> losses) {
        Offset<Double> tolerance = within(100 * StepComparison.FLOAT64_TOLERANCE);
        assertThat(scores).zipSatisfy(losses, (score, loss) -> assertThat(score).isCloseTo(loss, tolerance));
    }

    /** The points of the UI's chart, in the order of their iterations. */
    private static List<Double> ofTheUi(InMemoryStatsStorage storage) {
        String session = storage.listSessionIDs().get(0);
        String worker = storage.listWorkerIDsForSession(session).get(0);
        List<Double> scores = new ArrayList<>();
        for (Persistable report : storage.getAllUpdatesAfter(session, StatsListener.TYPE_ID, worker, 0)) {
            StatsReport stats = (StatsReport) report;
            assertThat(stats.getIterationCount()).isEqualTo(scores.size());
            scores.add(stats.getScore());
        }
        return scores;
    }

    /** A user's own. */
    private static final class Scores extends BaseTrainingListener {
        private final List<Double> seen = new ArrayList<>();

        @Override
        public void iterationDone(Model model, int iteration, int epoch) {
            seen.add(model.score());
        }
    }
}
