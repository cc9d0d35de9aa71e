/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.workers;

import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** Several machines, by DL4J's own engine on Apache Spark, against torch. */
@Timeout(value = 5, unit = MINUTES, threadMode = SEPARATE_THREAD)
class SparkTest {
    private static final double TOLERANCE = 1e-14;
    /** More rows than any batch has, so that Spark leaves the batches as they are. */
    private static final int ROWS = 8;

    private static JavaSparkContext context;

    @BeforeAll
    static void start() throws IOException {
        context = SparkCluster.start();
    }

    @AfterAll
    static void stop() {
        context.stop();
    }

    @Test
    void theLossArrivesOnEveryExecutorWithItsOptions() {
        Task task = Task.WEIGHTED_SMOOTHED_IGNORING;
        Broadcast<MultiLayerConfiguration> sent =
                context.broadcast(task.network().getLayerWiseConfigurations());

        List<String> arrived = context.parallelize(Collections.nCopies(16, 0), 16)
                .map(zero -> SparkEnv.get().executorId() + " "
                        + ((BaseOutputLayer) sent.value().getConf(0).getLayer()).getLossFn())
                .distinct()
                .collect();

        assertThat(arrived).containsExactlyInAnyOrder("0 " + task.loss(), "1 " + task.loss());
    }

    @ParameterizedTest
    @EnumSource
    void oneWorkerIsPlainFit(Task task) {
        assertIsPlainFit(task, task.network(new Adam(.1)), task.network(new Adam(.1)));
    }

    @Test
    void oneWorkerIsPlainFitOfAFusedLayer() {
        Task task = Task.WEIGHTED_SMOOTHED_IGNORING;
        assertIsPlainFit(task, task.fusedNetwork(new Adam(.1)), task.fusedNetwork(new Adam(.1)));
    }

    private static void assertIsPlainFit(Task task, MultiLayerNetwork plain, MultiLayerNetwork fitted) {
        List<DataSet> batches = List.of(task.dataSet(0), task.dataSet(3));
        batches.forEach(plain::fit);
        SparkDl4jMultiLayer spark = onSpark(fitted, 1);
        for (DataSet batch : batches) {
            spark.fit(context.parallelize(List.of(batch), 1));
        }

        assertThat(fitted.params()).isEqualTo(plain.params());
        assertThat(spark.getScore()).isEqualTo(plain.score());
    }

    @ParameterizedTest
    @EnumSource
    void averagingTakesTheMeanOfTheWorkersMeans(Task task) {
        int workers = SparkCluster.EXECUTORS;
        MultiLayerNetwork network = task.network();
        SparkDl4jMultiLayer spark = onSpark(network, workers);
        double[] torch = Task.parameters(network);
        double score = 0;
        for (int round = 0; round < Task.batches(); round += workers) {
            spark.fit(context.parallelize(task.dataSets().subList(round, round + workers), workers));
            score = (task.torchLoss(round, torch) + task.torchLoss(round + 1, torch)) / workers;
            torch = task.torchAverage(round, workers, torch);
        }
        assertThat(Task.parameters(network)).containsExactly(torch, within(TOLERANCE));
        assertThat(spark.getScore()).isCloseTo(score, within(TOLERANCE));
    }

    @Test
    void theDistributedScoreWeighsEachPartByItsExamples() {
        Task task = Task.WEIGHTED;
        MultiLayerNetwork network = task.network();
        double[] parameters = Task.parameters(network);

        double score = onSpark(network, 2)
                .calculateScore(context.parallelize(task.dataSets().subList(0, 2), 2), true);

        // 5 examples and 2
        double expected = (5 * task.torchLoss(0, parameters) + 2 * task.torchLoss(1, parameters)) / 7;
        assertThat(score).isCloseTo(expected, within(TOLERANCE));
    }

    @Test
    void anErrorOfTheLossReachesTheDriver() {
        Task task = Task.WEIGHTED;
        DataSet wrong = task.dataSet(1);
        wrong.setLabels(Nd4j.createFromArray(new int[][] {{0}, {3}}));

        assertThatThrownBy(() -> onSpark(task.network(), 1).fit(context.parallelize(List.of(wrong), 1)))
                .hasMessageContaining("IllegalArgumentException: Target 3 is out of bounds. (labels, row 1;");
    }

    private static SparkDl4jMultiLayer onSpark(MultiLayerNetwork network, int workers) {
        return new SparkDl4jMultiLayer(
                context,
                network,
                new ParameterAveragingTrainingMaster.Builder(workers, ROWS)
                        .batchSizePerWorker(ROWS)
                        .averagingFrequency(1)
                        .saveUpdater(true)
                        .repartionData(Repartition.Never)
                        .rddTrainingApproach(RDDTrainingApproach.Direct)
                        .build());
    }
}
