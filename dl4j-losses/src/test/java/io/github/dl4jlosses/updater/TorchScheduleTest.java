/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import static io.github.dl4jlosses.updater.TorchUpdaterTest.adam;
import static io.github.dl4jlosses.updater.TorchUpdaterTest.adamW;
import static io.github.dl4jlosses.updater.TorchUpdaterTest.sgd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.Regularization.ApplyStep;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

/** The schedules beside what torch's own schedulers wrote down, step by step. */
class TorchScheduleTest {
    /** torch multiplies from step to step where the closed form computes once. */
    private static final double ROUNDINGS = 1e-13;

    private static TorchLinearLR.Builder linear() {
        return TorchLinearLR.builder().lr(.1);
    }

    private static TorchCosineAnnealingLR.Builder cosine(int tMax) {
        return TorchCosineAnnealingLR.builder().lr(.1).tMax(tMax);
    }

    private static TorchOneCycleLR.Builder cycle() {
        return TorchOneCycleLR.builder().maxLr(.3).totalSteps(40);
    }

    /** By their names in generate.py. */
    static Map<String, ISchedule> schedules() {
        return Map.of(
                "cosine",
                cosine(20).build(),
                "cosine_eta_min",
                cosine(7).etaMin(.02).build(),
                "linear",
                linear().build(),
                "linear_down",
                linear().startFactor(1).endFactor(.05).totalIters(31).build(),
                "one_cycle",
                cycle().build(),
                "one_cycle_uneven",
                cycle().totalSteps(39).pctStart(.23).build(),
                "one_cycle_three_phase_linear",
                TorchOneCycleLR.builder()
                        .maxLr(.2)
                        .totalSteps(37)
                        .pctStart(.4)
                        .linear(true)
                        .threePhase(true)
                        .baseMomentum(.6)
                        .maxMomentum(.8)
                        .divFactor(10)
                        .finalDivFactor(100)
                        .build(),
                "one_cycle_rate_only",
                cycle().cycleMomentum(false).build(),
                "warm_up_then_cosine",
                TorchSequentialLR.builder()
                        .first(linear().startFactor(.01).totalIters(7).build())
                        .then(7, cosine(23).etaMin(.001).build())
                        .build(),
                "three_in_a_row",
                TorchSequentialLR.builder()
                        .first(linear().build())
                        .then(3, new StepSchedule(ScheduleType.ITERATION, .1, .5, 4))
                        .then(20, new ExponentialSchedule(ScheduleType.ITERATION, .1, .9))
                        .build());
    }

    static Stream<String> names() {
        return schedules().keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("names")
    void eachStepHasTorchsRateAndMomentum(String name) {
        TorchSGD sgd = sgd().momentum(.9).lrSchedule(schedules().get(name)).build();
        List<String[]> rows = TorchWitness.rows("rates.csv", name);

        assertThat(rows).hasSizeGreaterThan(30);
        for (String[] row : rows) {
            int step = Integer.parseInt(row[1]);
            double lr = Double.parseDouble(row[2]);
            assertThat(sgd.getLearningRate(step, 0))
                    .as("rate at step %d", step)
                    .isCloseTo(lr, within(ROUNDINGS * Math.abs(lr)));
            assertThat(sgd.getMomentum(step, 0))
                    .as("momentum at step %d", step)
                    .isCloseTo(name.equals("one_cycle_rate_only") ? .9 : Double.parseDouble(row[3]), within(ROUNDINGS));
        }
    }

    /** By their names in generate.py; a schedule may change what is built. */
    private static TorchUpdater updater(String name, ISchedule schedule) {
        switch (name) {
            case "adam":
                return adam().lr(.1).lrSchedule(schedule).build();
            case "adam_decay":
                return adam().lr(.1)
                        .lrSchedule(schedule)
                        .beta1(.7)
                        .beta2(.95)
                        .weightDecay(.1)
                        .build();
            case "adam_amsgrad":
                return adam().lr(.1)
                        .lrSchedule(schedule)
                        .beta1(.5)
                        .beta2(.6)
                        .amsgrad(true)
                        .weightDecay(.1)
                        .build();
            case "adamw":
                return adamW().lr(.1).lrSchedule(schedule).weightDecay(.3).build();
            case "adamw_amsgrad":
                return adamW().lr(.1)
                        .lrSchedule(schedule)
                        .beta2(.5)
                        .amsgrad(true)
                        .build();
            case "sgd":
                return sgd().lr(.1).lrSchedule(schedule).build();
            case "sgd_nesterov":
                return sgd().lr(.1)
                        .lrSchedule(schedule)
                        .momentum(.5)
                        .nesterov(true)
                        .build();
            case "sgd_dampening_decay":
                return sgd().lr(.1)
                        .lrSchedule(schedule)
                        .momentum(.5)
                        .dampening(.25)
                        .weightDecay(.05)
                        .build();
            case "rmsprop":
                return TorchRMSprop.builder().lr(.1).lrSchedule(schedule).build();
            case "rmsprop_centered_momentum":
                return TorchRMSprop.builder()
                        .lr(.1)
                        .lrSchedule(schedule)
                        .alpha(.9)
                        .eps(.01)
                        .momentum(.7)
                        .centered(true)
                        .weightDecay(.1)
                        .build();
            case "nadam":
                return TorchNAdam.builder().lr(.1).lrSchedule(schedule).build();
            case "nadam_decay":
                return TorchNAdam.builder()
                        .lr(.1)
                        .lrSchedule(schedule)
                        .beta1(.7)
                        .beta2(.95)
                        .eps(.01)
                        .momentumDecay(.1)
                        .weightDecay(.1)
                        .build();
            case "adagrad":
                return TorchAdagrad.builder().lr(.1).lrSchedule(schedule).build();
            case "adagrad_decay":
                return TorchAdagrad.builder()
                        .lr(.1)
                        .lrSchedule(schedule)
                        .lrDecay(.1)
                        .initialAccumulatorValue(.5)
                        .eps(.01)
                        .weightDecay(.1)
                        .build();
            default:
                throw new AssertionError(name);
        }
    }

    static Stream<Arguments> trainings() {
        return TorchWitness.rows("trainings.csv").stream()
                .skip(1)
                .map(row -> row[0] + "," + row[1])
                .distinct()
                .map(pair -> Arguments.of((Object[]) pair.split(",")));
    }

    @ParameterizedTest
    @MethodSource("trainings")
    void parametersGoTheWayThatTorchsOptimizersWent(String optimizer, String schedule) {
        follow(optimizer, updater(optimizer, schedules().get(schedule)), schedule);
    }

    @Test
    void eachOptimizerIsThere() {
        assertThat(trainings()).hasSize(14 * 4 - 2 * 2);
    }

    private static void follow(String name, TorchUpdater updater, String schedule) {
        INDArray p = Nd4j.createFromArray(1, -2, .5);
        long size = updater.stateSize(3);
        GradientUpdater<?> state =
                updater.configured().instantiate(size == 0 ? null : Nd4j.zeros(p.dataType(), size), true);
        List<String[]> rows = TorchWitness.rows("trainings.csv", name, schedule);
        assertThat(rows).hasSize(30);
        for (int step = 0; step < rows.size(); step++) {
            INDArray gradient = p.mul(.5).addi(Math.sin(step + 1));
            double lr = updater.getLearningRate(step, 0);
            if (updater.decay().applyStep() == ApplyStep.BEFORE_UPDATER) {
                updater.decay().apply(p, gradient, lr, step, 0);
            }
            state.applyUpdater(gradient, step, 0);
            if (updater.decay().applyStep() == ApplyStep.POST_UPDATER) {
                updater.decay().apply(p, gradient, lr, step, 0);
            }
            p.subi(gradient);
            for (int i = 0; i < 3; i++) {
                double torch = Double.parseDouble(rows.get(step)[3 + i]);
                assertThat(p.getDouble(i))
                        .as("%s under %s, parameter %d after step %d", name, schedule, i, step)
                        .isCloseTo(torch, within(1e-12));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void aScheduleSurvivesJsonYamlAndClone(String name) {
        ISchedule schedule = schedules().get(name);
        MultiLayerConfiguration conf = configuration(adam().lrSchedule(schedule).build());

        ISchedule read = schedule(MultiLayerConfiguration.fromJson(conf.toJson()));

        assertThat(read).isEqualTo(schedule).hasSameHashCodeAs(schedule).hasToString(schedule.toString());
        assertThat(schedule(MultiLayerConfiguration.fromYaml(conf.toYaml()))).isEqualTo(schedule);
        assertThat(schedule.clone()).isEqualTo(schedule);
        for (int step = 0; step < 37; step++) {
            assertThat(read.valueAt(step, 0)).isEqualTo(schedule.valueAt(step, 0));
        }
        assertThat(schedules().values().stream().filter(schedule::equals)).hasSize(1);
    }

    private static MultiLayerConfiguration configuration(IUpdater updater) {
        return new NeuralNetConfiguration.Builder()
                .updater(updater)
                .list()
                .layer(new OutputLayer.Builder().nIn(3).nOut(2).build())
                .build();
    }

    private static ISchedule schedule(MultiLayerConfiguration conf) {
        return ((TorchUpdater) ((BaseLayer) conf.getConf(0).getLayer()).getIUpdater()).getLrSchedule();
    }

    @Test
    void aScheduleThatTorchStepsOnceAnEpochWaitsForItsBatches() {
        ISchedule each = linear().totalIters(4).build();
        ISchedule epochs = linear().totalIters(4).every(25).build();
        ISchedule cycle = cycle().every(25).build();

        for (int iteration : new int[] {0, 24, 25, 49, 99, 100}) {
            assertThat(epochs.valueAt(iteration, 7)).isEqualTo(each.valueAt(iteration / 25, 0));
            assertThat(((MomentumCycle) cycle).momentumAt(iteration, 0))
                    .isEqualTo(cycle().build().momentumAt(iteration / 25, 0));
        }
        assertThat(epochs).isNotEqualTo(each).hasToString(each.toString().replace(")", ", every=25)"));
    }

    @Test
    void aRateThatIsDoubledForTwoBiasesCyclesTheSameMomentum() {
        TorchOneCycleLR cycle = cycle().build();
        LSTM lstm = adam().lrSchedule(cycle)
                .build()
                .configureTwoBiases(new LSTM.Builder().nIn(2).nOut(3))
                .build();
        TorchAdam bias = (TorchAdam) lstm.getBiasUpdater();

        assertThat(bias.getLearningRate(5, 0)).isEqualTo(2 * cycle.valueAt(5, 0));
        assertThat(bias.getBeta1(5, 0)).isEqualTo(cycle.momentumAt(5, 0));
        TorchAdam plain =
                (TorchAdam) adam().lrSchedule(linear().build()).build().ofTwoBiases();
        assertThat(plain.getBeta1(5, 0)).isEqualTo(.9);
    }

    @Test
    void sgdWithoutMomentumGetsThatOfTheCycleAsInTorch() {
        assertThat(sgd().lrSchedule(cycle().build()).build().getMomentum()).isEqualTo(.95);
        assertThat(sgd().lrSchedule(cycle().cycleMomentum(false).build())
                        .build()
                        .getMomentum())
                .isZero();
    }

    @Test
    void updatersOfDl4jTakeTheRates() {
        assertThat(new Sgd(cosine(20).build()).getLearningRate(20, 0)).isCloseTo(0, within(1e-17));
    }

    @Test
    void aStepBeyondACycleIsRefusedAsInTorch() {
        TorchOneCycleLR cycle = cycle().build();

        assertThat(cycle.valueAt(40, 0)).isPositive();
        assertThatIllegalStateException()
                .isThrownBy(() -> cycle.valueAt(41, 0))
                .withMessageStartingWith("Tried to step 42 times. The specified number of total steps is 40");
        assertThatIllegalStateException().isThrownBy(() -> cycle.momentumAt(41, 0));
    }

    @Test
    void optionsOutOfTheirRangeAreRefused() {
        refused("lr must be set", () -> TorchLinearLR.builder().build());
        refused("lr must be set", () -> TorchCosineAnnealingLR.builder().tMax(3).build());
        refused("tMax must be set", () -> TorchCosineAnnealingLR.builder().lr(1).build());
        refused("etaMin must be", () -> cosine(3).etaMin(Double.NaN).build());
        refused("every must be 1 or more", () -> cosine(3).every(0).build());
        refused("Starting multiplicative factor", () -> linear().startFactor(0).build());
        refused(
                "Starting multiplicative factor",
                () -> linear().startFactor(1.1).build());
        refused("Ending multiplicative factor", () -> linear().endFactor(-.1).build());
        refused("Ending multiplicative factor", () -> linear().endFactor(1.1).build());
        refused("totalIters", () -> linear().totalIters(0).build());
        refused(
                "maxLr must be set",
                () -> TorchOneCycleLR.builder().totalSteps(4).build());
        refused(
                "Expected positive integer total_steps",
                () -> TorchOneCycleLR.builder().maxLr(1).build());
        refused(
                "Expected float between 0 and 1 pct_start",
                () -> cycle().pctStart(-.1).build());
        refused(
                "Expected float between 0 and 1 pct_start",
                () -> cycle().pctStart(1.1).build());
        refused("divFactor and finalDivFactor", () -> cycle().divFactor(0).build());
        refused("divFactor and finalDivFactor", () -> cycle().finalDivFactor(-1).build());
        refused("baseMomentum and maxMomentum", () -> cycle().baseMomentum(-1).build());
        refused("baseMomentum and maxMomentum", () -> cycle().maxMomentum(1).build());
        refused(
                "leaves no step for a phase",
                () -> cycle().totalSteps(10).pctStart(.1).build());
        refused("leaves no step for a phase", () -> cycle().pctStart(1).build());
    }

    @Test
    void aSequenceThatCannotBeIsRefused() {
        refused("must be set", () -> TorchSequentialLR.builder().build());
        refused("must be set", () -> sequence().then(3, null).build());
        refused("Milestones", () -> sequence().then(0, linear().build()).build());
        refused(
                "Milestones",
                () -> sequence()
                        .then(3, linear().build())
                        .then(3, linear().build())
                        .build());
        refused(
                "TorchOneCycleLR cannot be part",
                () -> sequence().then(3, cycle().build()).build());
        refused(
                "every belongs to the sequence",
                () -> sequence().then(3, linear().every(2).build()).build());
    }

    private static TorchSequentialLR.Builder sequence() {
        return TorchSequentialLR.builder().first(linear().build());
    }

    private static void refused(String message, ThrowingCallable call) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessageContaining(message);
    }
}
