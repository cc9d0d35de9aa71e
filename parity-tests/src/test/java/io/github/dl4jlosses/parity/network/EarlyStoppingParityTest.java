/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.spec.PrintedSeed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.EarlyStoppingResult;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.earlystopping.termination.MaxEpochsTerminationCondition;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingGraphTrainer;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingTrainer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.learning.config.Adam;

/**
 * Early stopping sees torch's loss of held-out data after each epoch, and keeps the network that torch has at its best one.
 */
class EarlyStoppingParityTest {
    private static final Random RANDOM = PrintedSeed.randomFor(EarlyStoppingParityTest.class);
    private static final double RATE = 0.2;
    private static final int EPOCHS = 25;

    private static final TwoLayers LAYERS = TwoLayers.classifier(true);

    @ParameterizedTest(name = "a graph: {0}")
    @ValueSource(booleans = {false, true})
    void theBestEpochIsTorchsAndSoAreItsParameters(boolean graph) {
        // GIVEN examples to learn by heart, and others for which torch is best neither at once nor at last
        TwoLayers.Batch examples;
        TwoLayers.Batch heldOut;
        Model model;
        List<Double> losses = new ArrayList<>();
        List<Map<String, TorchTensor>> parameters = new ArrayList<>();
        int best;
        do {
            examples = TwoLayers.classes(RANDOM, 8);
            heldOut = TwoLayers.classes(RANDOM, 10);
            model = LAYERS.model(graph, TwoLayers.builder(RANDOM, new Adam(RATE)));
            run(new TorchTraining(LAYERS, model, RATE), examples, heldOut, losses, parameters);
            best = losses.indexOf(Collections.min(losses));
        } while (best == 0 || best == EPOCHS - 1);

        // WHEN
        EarlyStoppingResult<? extends Model> result = stopped(model, examples.dataSet(), heldOut.dataSet());

        // THEN
        assertThat(result.getBestModelEpoch()).isEqualTo(best);
        assertThat(result.getTotalEpochs()).isEqualTo(EPOCHS);
        assertThat(result.getScoreVsEpoch()).hasSize(EPOCHS);
        result.getScoreVsEpoch()
                .forEach((epoch, score) -> assertThat(score)
                        .as("epoch %s", epoch)
                        .isCloseTo(losses.get(epoch), within(100 * StepComparison.FLOAT64_TOLERANCE)));
        TorchTraining.assertSame(result.getBestModel(), parameters.get(best));
    }

    /** The loss of the held-out examples after each epoch, and the parameters. */
    private static void run(
            TorchTraining torch,
            TwoLayers.Batch examples,
            TwoLayers.Batch heldOut,
            List<Double> losses,
            List<Map<String, TorchTensor>> parameters) {
        losses.clear();
        parameters.clear();
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            torch.fit(examples);
            losses.add(torch.score(heldOut));
            parameters.add(torch.parameters());
        }
    }

    private static EarlyStoppingResult<? extends Model> stopped(Model model, DataSet examples, DataSet heldOut) {
        return model instanceof ComputationGraph graph
                ? new EarlyStoppingGraphTrainer(
                                EarlyStoppingParityTest.<ComputationGraph>configuration(heldOut),
                                graph,
                                iterator(examples),
                                null)
                        .fit()
                : new EarlyStoppingTrainer(
                                EarlyStoppingParityTest.<MultiLayerNetwork>configuration(heldOut),
                                (MultiLayerNetwork) model,
                                iterator(examples),
                                null)
                        .fit();
    }

    private static <T extends Model> EarlyStoppingConfiguration<T> configuration(DataSet heldOut) {
        return new EarlyStoppingConfiguration.Builder<T>()
                .epochTerminationConditions(new MaxEpochsTerminationCondition(EPOCHS))
                .scoreCalculator(new DataSetLossCalculator(iterator(heldOut), true))
                .build();
    }

    private static DataSetIterator iterator(DataSet data) {
        return new ListDataSetIterator<>(List.of(data), data.numExamples());
    }
}
