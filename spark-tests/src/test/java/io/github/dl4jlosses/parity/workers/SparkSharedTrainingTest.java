/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.workers;

import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.solvers.accumulation.encoding.threshold.FixedThresholdAlgorithm;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.parameterserver.training.SharedTrainingMaster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.parameterserver.distributed.conf.VoidConfiguration;
import org.nd4j.parameterserver.distributed.v2.enums.MeshBuildMode;

/**
 * Workers that share quantised updates while they train, by DL4J's SharedTrainingMaster. When an update arrives is chance, also
 * with one worker, so that two runs give other parameters; torch says whether they are better ones.
 */
@Timeout(value = 5, unit = MINUTES, threadMode = SEPARATE_THREAD)
class SparkSharedTrainingTest {
    private static final String LOCAL = "127.0.0.1";
    private static final int PORT = 40_123;
    private static final int EPOCHS = 3;
    private static final int WORKERS = 2;
    private static final int ROWS = 8;
    private static final double THRESHOLD = 1e-3;

    private static JavaSparkContext context;

    /** In this JVM: executors of their own on one machine would want the same port. */
    @BeforeAll
    static void start() {
        context = new JavaSparkContext(new SparkConf()
                .setMaster("local[" + WORKERS + "]")
                .setAppName("dl4j-losses")
                .set("spark.driver.host", LOCAL)
                .set("spark.driver.bindAddress", LOCAL)
                .set("spark.ui.enabled", "false"));
    }

    @AfterAll
    static void stop() {
        context.stop();
    }

    @ParameterizedTest
    @EnumSource
    void torchsLossFalls(Task task) {
        assertLossFalls(task, task.network());
    }

    @Test
    void torchsLossFallsWithAFusedLayer() {
        Task task = Task.WEIGHTED_SMOOTHED_IGNORING;
        assertLossFalls(task, task.fusedNetwork(new Sgd(Task.RATE)));
    }

    private static void assertLossFalls(Task task, MultiLayerNetwork network) {
        SparkDl4jMultiLayer spark = new SparkDl4jMultiLayer(context, network, master());
        double before = torchLoss(task, network);

        MultiLayerNetwork trained = network;
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            trained = spark.fit(context.parallelize(task.dataSets(), WORKERS));
        }

        assertThat(torchLoss(task, trained)).isLessThan(before);
        BaseOutputLayer layer = (BaseOutputLayer) trained.getLayer(0).conf().getLayer();
        assertThat(layer).hasSameClassAs(network.getLayer(0).conf().getLayer());
        assertThat(layer.getLossFn()).isEqualTo(task.loss());
    }

    private static double torchLoss(Task task, MultiLayerNetwork network) {
        double[] parameters = Task.parameters(network);
        return IntStream.range(0, Task.batches())
                .mapToDouble(batch -> task.torchLoss(batch, parameters))
                .sum();
    }

    private static SharedTrainingMaster master() {
        VoidConfiguration configuration = VoidConfiguration.builder()
                .unicastPort(PORT)
                .networkMask(LOCAL + "/8")
                .controllerAddress(LOCAL)
                .meshBuildMode(MeshBuildMode.PLAIN)
                .build();
        return new SharedTrainingMaster.Builder(configuration, ROWS)
                .batchSizePerWorker(ROWS)
                .workersPerNode(1)
                .thresholdAlgorithm(new FixedThresholdAlgorithm(THRESHOLD))
                .rddTrainingApproach(RDDTrainingApproach.Direct)
                .build();
    }
}
