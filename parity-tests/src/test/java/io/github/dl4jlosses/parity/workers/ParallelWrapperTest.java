/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.workers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.optimize.solvers.accumulation.encoding.threshold.FixedThresholdAlgorithm;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.deeplearning4j.parallelism.ParallelWrapper.TrainingMode;
import org.deeplearning4j.parallelism.trainer.Trainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Several workers in one JVM, by DL4J's own {@link ParallelWrapper}, against torch. */
@Timeout(value = 60, threadMode = SEPARATE_THREAD)
class ParallelWrapperTest {
    private static final double TOLERANCE = 1e-14;
    private static final int WORKERS = 2;

    @ParameterizedTest
    @EnumSource
    void oneWorkerIsPlainFit(Task task) {
        MultiLayerNetwork plain = task.network(new Adam(.1));
        task.dataSets().forEach(plain::fit);

        MultiLayerNetwork wrapped = task.network(new Adam(.1));
        ParallelWrapper wrapper = new ParallelWrapper.Builder<>(wrapped).build(); // 1 worker on a CPU
        assertThat(wrapper.getWorkers()).isOne();
        wrapper.fit(new ExistingDataSetIterator(task.dataSets()));

        assertThat(wrapped.params()).isEqualTo(plain.params());
        assertThat(wrapped.score()).isEqualTo(plain.score());
    }

    /** A bug of DL4J that docs/dl4j.md names: all epochs belong into one call of fit. */
    @Test
    void fitForgetsTheStateOfTheUpdater() {
        MultiLayerNetwork network = Task.WEIGHTED.network(new Adam(.1));
        new ParallelWrapper.Builder<>(network).build().fit(new ExistingDataSetIterator(Task.WEIGHTED.dataSets()));

        assertThat(network.getUpdater().getStateViewArray().toDoubleVector()).containsOnly(0);
    }

    @ParameterizedTest
    @EnumSource
    void averagingTakesTheMeanOfTheWorkersMeansAsDistributedDataParallelDoes(Task task) {
        assertAveragesAsTorch(task, task.network());
    }

    @ParameterizedTest
    @EnumSource
    void averagingOfAFusedLayerIsTheSame(Task task) {
        assertAveragesAsTorch(task, task.fusedNetwork(new Sgd(Task.RATE)));
    }

    private static void assertAveragesAsTorch(Task task, MultiLayerNetwork network) {
        double[] torch = Task.parameters(network);
        fit(wrapper(network, TrainingMode.AVERAGING).build(), task.dataSets());

        double score = 0;
        for (int round = 0; round < Task.batches(); round += WORKERS) {
            score = (task.torchLoss(round, torch) + task.torchLoss(round + 1, torch)) / WORKERS;
            torch = task.torchAverage(round, WORKERS, torch);
        }
        assertThat(Task.parameters(network)).containsExactly(torch, within(TOLERANCE));
        assertThat(network.score()).isCloseTo(score, within(TOLERANCE));
    }

    /** The mean over a batch weighs its parts by their denominators, which workers do not know of each other. */
    @Test
    void theMeanOfMeansIsNotTheMeanOfTheWholeBatch() {
        Task task = Task.WEIGHTED;
        double[] parameters = Task.parameters(task.network());
        // the weights of the classes 0, 0, 1, 0, 2 and 2, 1
        double first = .5 + .5 + 2 + .5 + 4;
        double second = 4 + 2;

        double whole = task.network().score(DataSet.merge(task.dataSets().subList(0, WORKERS)));

        double one = task.torchLoss(0, parameters);
        double other = task.torchLoss(1, parameters);
        assertThat(whole).isCloseTo((first * one + second * other) / (first + second), within(TOLERANCE));
        assertThat(whole).isNotCloseTo((one + other) / 2, within(1e-3));
    }

    /** A first step of Adam is the learning rate times the sign of the gradient, for any gradient far above its epsilon. */
    @Test
    void averagedStepsOfAdamAreNotTheStepOfTheAveragedGradient() {
        Task task = Task.WEIGHTED;
        double rate = .1;
        MultiLayerNetwork network = task.network(new Adam(rate));
        double[] before = Task.parameters(network);
        fit(wrapper(network, TrainingMode.AVERAGING).build(), task.dataSets().subList(0, WORKERS));

        double[] one = task.torchGradient(0, before);
        double[] other = task.torchGradient(1, before);
        double[] averaged = new double[before.length];
        Arrays.setAll(averaged, i -> before[i] - rate * (Math.signum(one[i]) + Math.signum(other[i])) / 2);
        assertThat(Task.parameters(network)).containsExactly(averaged, within(1e-5));
        // torch averages the gradients first, and its step has the length of the learning rate all the same
        double[] torch = new double[before.length];
        Arrays.setAll(torch, i -> before[i] - rate * Math.signum(one[i] + other[i]));
        assertThat(IntStream.range(0, torch.length).filter(i -> Math.abs(torch[i] - averaged[i]) > rate / 2))
                .isNotEmpty();
    }

    /** Each worker's step is rounded to the threshold, and the rounded steps are added up: no mean over the workers. */
    @ParameterizedTest
    @EnumSource
    void sharedGradientsAddTheRoundedStepsOfTheWorkers(Task task) {
        double threshold = 0x1p-6; // DL4J keeps it as a float
        MultiLayerNetwork network = task.network();
        double[] torch = Task.parameters(network);
        double[] before = torch.clone();
        fit(
                wrapper(network, TrainingMode.SHARED_GRADIENTS)
                        .thresholdAlgorithm(new FixedThresholdAlgorithm(threshold))
                        .build(),
                task.dataSets().subList(0, WORKERS));

        for (int batch = 0; batch < WORKERS; batch++) {
            step(torch, 1, rounded(task.torchGradient(batch, before), threshold));
        }
        assertThat(Task.parameters(network)).containsExactly(torch, within(TOLERANCE));
    }

    /** DL4J's dense encoding: two bits, which stand for 0, plus and minus the threshold, and minus half of it. */
    private static double[] rounded(double[] gradient, double threshold) {
        return Arrays.stream(gradient)
                .map(slope -> Task.RATE * slope)
                .map(step -> Math.abs(step) >= threshold
                        ? Math.copySign(threshold, step)
                        : step <= -threshold / 2 ? -threshold / 2 : 0)
                .toArray();
    }

    @ParameterizedTest
    @EnumSource(value = TrainingMode.class, names = "CUSTOM", mode = EnumSource.Mode.EXCLUDE)
    void everyWorkerHasALossOfItsOwnWithAllOptions(TrainingMode mode) {
        Task task = Task.WEIGHTED_SMOOTHED_IGNORING;
        Map<String, ILossFunction> losses = new ConcurrentHashMap<>();
        ParallelWrapper wrapper = wrapper(task.network(), mode).build();
        wrapper.setListeners(new BaseTrainingListener() {
            @Override
            public void iterationDone(Model model, int iteration, int epoch) {
                losses.put(Thread.currentThread().getName(), lossOf((MultiLayerNetwork) model));
            }
        });
        fit(wrapper, task.dataSets());

        assertThat(losses).hasSize(WORKERS);
        List<ILossFunction> distinct = List.copyOf(losses.values());
        assertThat(distinct).containsOnly(task.loss());
        assertThat(distinct.get(0)).isNotSameAs(distinct.get(1));
    }

    private static ILossFunction lossOf(MultiLayerNetwork network) {
        return ((BaseOutputLayer) network.getLayer(0).conf().getLayer()).getLossFn();
    }

    @Test
    void anErrorOfTheLossReachesTheCaller() {
        Task task = Task.WEIGHTED;
        DataSet wrong = task.dataSet(1);
        wrong.setLabels(Nd4j.createFromArray(new int[][] {{0}, {3}}));
        ParallelWrapper wrapper =
                wrapper(task.network(), TrainingMode.AVERAGING).build();
        wrapper.setHandler(silent(wrapper.getHandler()));

        assertThatThrownBy(() -> fit(wrapper, List.of(task.dataSet(0), wrong)))
                .hasRootCauseInstanceOf(IllegalArgumentException.class)
                .rootCause()
                .hasMessageStartingWith("Target 3 is out of bounds. (labels, row 1;");
    }

    /** The wrapper's own also prints the exception with its stack trace, which would look like a failure of the build. */
    private static Thread.UncaughtExceptionHandler silent(Thread.UncaughtExceptionHandler handler) {
        return (thread, exception) -> {
            PrintStream console = System.err;
            System.setErr(new PrintStream(OutputStream.nullOutputStream(), false, UTF_8));
            try {
                handler.uncaughtException(thread, exception);
            } finally {
                System.setErr(console);
            }
        };
    }

    private static ParallelWrapper.Builder<MultiLayerNetwork> wrapper(MultiLayerNetwork network, TrainingMode mode) {
        ParallelWrapper.Builder<MultiLayerNetwork> builder = new ParallelWrapper.Builder<>(network);
        builder.workers(WORKERS).trainingMode(mode).prefetchBuffer(0);
        return builder;
    }

    private static void fit(ParallelWrapper wrapper, List<DataSet> batches) {
        wrapper.fit(StartTogether.of(wrapper, batches));
    }

    private static void step(double[] parameters, double rate, double... gradient) {
        Arrays.setAll(parameters, i -> parameters[i] - rate * gradient[i]);
    }

    /**
     * Batches that are handed out when every worker is ready.
     *
     * <p>Each worker of a {@link ParallelWrapper} copies the parameters of the network in its own thread, while the first one may
     * already train that very network: without waiting, runs differ.
     */
    private static final class StartTogether extends ExistingDataSetIterator {
        private static final long serialVersionUID = 1L;
        private static final long POLL_NANOS = 1_000_000;

        private final transient ParallelWrapper wrapper;
        /** Workers get the listeners last, when they have the parameters. */
        private final transient TrainingListener mark = new Mark();

        private StartTogether(ParallelWrapper wrapper, List<DataSet> batches) {
            super(batches);
            this.wrapper = wrapper;
        }

        static StartTogether of(ParallelWrapper wrapper, List<DataSet> batches) {
            StartTogether iterator = new StartTogether(wrapper, batches);
            wrapper.setListeners(iterator.mark);
            return iterator;
        }

        @Override
        public DataSet next() {
            while (!areReady(wrapper.getZoo())) {
                LockSupport.parkNanos(POLL_NANOS);
            }
            return super.next();
        }

        /** Until they have a copy, workers have no network, or all the same one. */
        private boolean areReady(Trainer... workers) {
            return Arrays.stream(workers).map(Trainer::getModel).distinct().count() == workers.length
                    && Arrays.stream(workers).allMatch(this::hasMark);
        }

        private boolean hasMark(Trainer worker) {
            return worker.getModel() instanceof MultiLayerNetwork network
                    && network.getListeners().contains(mark);
        }

        private static final class Mark extends BaseTrainingListener {}
    }
}
