/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.CrossEntropyLoss;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

class TorchUpdaterTest {
    static TorchSGD.Builder sgd() {
        return TorchSGD.builder();
    }

    static TorchAdam.Builder adam() {
        return TorchAdam.builder();
    }

    static TorchAdamW.Builder adamW() {
        return TorchAdamW.builder();
    }

    static Stream<TorchUpdater> updaters() {
        return Stream.of(
                sgd().build(),
                sgd().lr(.1).momentum(.9).nesterov(true).weightDecay(.01).build(),
                sgd().lrSchedule(new StepSchedule(ScheduleType.ITERATION, .1, .5, 10))
                        .momentum(.5)
                        .dampening(.25)
                        .build(),
                adam().build(),
                adam().lr(.1).beta1(.8).beta2(.9).eps(1e-6).weightDecay(.1).build(),
                adam().amsgrad(true).build(),
                adamW().build(),
                adamW().lr(.1).beta1(.8).beta2(.9).eps(1e-6).weightDecay(0).build(),
                adamW().amsgrad(true).build(),
                rmsProp().build(),
                rmsProp()
                        .lr(.1)
                        .alpha(.8)
                        .eps(1e-6)
                        .momentum(.5)
                        .centered(true)
                        .weightDecay(.1)
                        .build(),
                nAdam().build(),
                nAdam().lr(.1)
                        .beta1(.8)
                        .beta2(.9)
                        .eps(1e-6)
                        .momentumDecay(.1)
                        .decoupledWeightDecay(true)
                        .weightDecay(.1)
                        .build(),
                adagrad().build(),
                adagrad()
                        .lr(.1)
                        .lrDecay(.1)
                        .initialAccumulatorValue(.5)
                        .eps(1e-6)
                        .weightDecay(.1)
                        .build());
    }

    private static TorchRMSprop.Builder rmsProp() {
        return TorchRMSprop.builder();
    }

    private static TorchNAdam.Builder nAdam() {
        return TorchNAdam.builder();
    }

    private static TorchAdagrad.Builder adagrad() {
        return TorchAdagrad.builder();
    }

    @ParameterizedTest
    @MethodSource("updaters")
    void anUpdaterSurvivesJsonYamlAndCloneWithEachOption(TorchUpdater updater) {
        MultiLayerConfiguration conf = configuration(updater, DataType.DOUBLE);

        assertThat(MultiLayerConfiguration.fromJson(conf.toJson())).isEqualTo(conf);
        assertThat(MultiLayerConfiguration.fromYaml(conf.toYaml())).isEqualTo(conf);
        assertThat(conf.clone()).isEqualTo(conf);
        assertThat(updater.clone())
                .isEqualTo(updater)
                .hasSameHashCodeAs(updater)
                .isNotSameAs(updater);
        assertThat(conf.toJson()).contains("\"weightDecay\" : " + updater.getWeightDecay());
        assertThat(updaters().filter(updater::equals)).hasSize(1);
    }

    /** An updater beside others that differ from it in one option each. */
    static Stream<List<TorchUpdater>> oneOptionApart() {
        ISchedule schedule = new StepSchedule(ScheduleType.ITERATION, .1, .5, 10);
        return Stream.of(
                List.of(
                        sgd().momentum(.5).build(),
                        sgd().momentum(.6).build(),
                        sgd().momentum(.5).dampening(.1).build(),
                        sgd().momentum(.5).nesterov(true).build(),
                        sgd().momentum(.5).weightDecay(.1).build()),
                List.of(
                        sgd().build(),
                        sgd().lr(.1).build(),
                        sgd().lrSchedule(schedule).build(),
                        sgd().build().configured(),
                        adam().build()),
                List.of(
                        adam().build(),
                        adam().beta1(.8).build(),
                        adam().beta2(.8).build(),
                        adam().eps(1).build(),
                        adam().weightDecay(.1).build(),
                        adamW().weightDecay(0).build()),
                List.of(
                        rmsProp().build(),
                        rmsProp().alpha(.8).build(),
                        rmsProp().eps(1).build(),
                        rmsProp().momentum(.8).build(),
                        rmsProp().centered(true).build(),
                        rmsProp().weightDecay(.1).build()),
                List.of(
                        nAdam().build(),
                        nAdam().beta1(.8).build(),
                        nAdam().beta2(.8).build(),
                        nAdam().eps(1).build(),
                        nAdam().momentumDecay(.8).build(),
                        nAdam().decoupledWeightDecay(true).build(),
                        nAdam().weightDecay(.1).build()),
                List.of(
                        adagrad().build(),
                        adagrad().lrDecay(.8).build(),
                        adagrad().eps(1).build(),
                        adagrad().initialAccumulatorValue(.8).build(),
                        adagrad().weightDecay(.1).build()),
                List.of(
                        adamW().build(),
                        adamW().amsgrad(true).build(),
                        adamW().lr(.1).build(),
                        adamW().weightDecay(.1).build(),
                        adam().weightDecay(.01).build()));
    }

    @ParameterizedTest
    @MethodSource("oneOptionApart")
    void updatersWithDifferentOptionsAreNotEqual(List<TorchUpdater> updaters) {
        TorchUpdater first = updaters.get(0);
        for (TorchUpdater other : updaters.subList(1, updaters.size())) {
            assertThat(first).isNotEqualTo(other);
            assertThat(other).isNotEqualTo(first);
        }
        assertThat(first)
                .isEqualTo(first.clone())
                .isNotEqualTo("another object")
                .isNotEqualTo(null);
    }

    @Test
    void theHashTellsOptionsApartButNotTheLearningRateWhichChangesInUse() {
        assertThat(sgd().momentum(.5).build())
                .doesNotHaveSameHashCodeAs(sgd().momentum(.6).build())
                .hasSameHashCodeAs(sgd().lr(.1).momentum(.5).build());
        assertThat(adam().beta1(.5).build())
                .doesNotHaveSameHashCodeAs(adam().beta1(.6).build())
                .hasSameHashCodeAs(adam().lr(.1).beta1(.5).build());
    }

    @Test
    void eachOptionOfTheOthersCanBeReadBackAndIsSaid() {
        TorchRMSprop rms =
                rmsProp().alpha(.1).eps(.2).momentum(.3).centered(true).build();
        TorchNAdam nadam = nAdam().beta1(.1)
                .beta2(.2)
                .eps(.3)
                .momentumDecay(.4)
                .decoupledWeightDecay(true)
                .build();
        TorchAdagrad adagrad =
                adagrad().lrDecay(.1).initialAccumulatorValue(.2).eps(.3).build();

        assertThat(List.of(rms.getAlpha(), rms.getEps(), rms.getMomentum())).containsExactly(.1, .2, .3);
        assertThat(rms.isCentered()).isTrue();
        assertThat(List.of(nadam.getBeta1(), nadam.getBeta2(), nadam.getEps(), nadam.getMomentumDecay()))
                .containsExactly(.1, .2, .3, .4);
        assertThat(nadam.isDecoupledWeightDecay()).isTrue();
        assertThat(List.of(adagrad.getLrDecay(), adagrad.getInitialAccumulatorValue(), adagrad.getEps()))
                .containsExactly(.1, .2, .3);
        assertThat(rms)
                .hasToString("TorchRMSprop(lr=0.01, alpha=0.1, eps=0.2, momentum=0.3, centered=true, weightDecay=0.0)");
        assertThat(nadam)
                .hasToString("TorchNAdam(lr=0.002, beta1=0.1, beta2=0.2, eps=0.3, momentumDecay=0.4,"
                        + " decoupledWeightDecay=true, weightDecay=0.0)");
        assertThat(adagrad)
                .hasToString(
                        "TorchAdagrad(lr=0.01, lrDecay=0.1, initialAccumulatorValue=0.2, eps=0.3, weightDecay=0.0)");
        assertThat(adam().amsgrad(true).build().toString()).endsWith("weightDecay=0.0, amsgrad=true)");
    }

    @Test
    void theStateOfTheOthersHasTorchsNames() {
        assertThat(names(adam().amsgrad(true).build()))
                .containsExactly("exp_avg", "exp_avg_sq", "max_exp_avg_sq", "step");
        assertThat(names(rmsProp().build())).containsExactly("square_avg");
        assertThat(names(rmsProp().centered(true).momentum(.1).build()))
                .containsExactly("square_avg", "grad_avg", "momentum_buffer");
        assertThat(names(nAdam().build())).containsExactly("exp_avg", "exp_avg_sq", "step", "mu_product");
        assertThat(names(adagrad().build())).containsExactly("sum", "step");
    }

    @Test
    void optionsOfTheOthersThatTorchRefusesAreRefused() {
        refused("Invalid alpha value: -1.0", () -> rmsProp().alpha(-1).build());
        refused("Invalid epsilon value: -1.0", () -> rmsProp().eps(-1).build());
        refused("Invalid momentum value: -1.0", () -> rmsProp().momentum(-1).build());
        refused("Invalid epsilon value: -1.0", () -> nAdam().eps(-1).build());
        refused("Invalid beta parameter at index 0", () -> nAdam().beta1(1).build());
        refused("Invalid beta parameter at index 1", () -> nAdam().beta2(-1).build());
        refused(
                "Invalid momentum_decay value: -1.0",
                () -> nAdam().momentumDecay(-1).build());
        refused("Invalid lr_decay value: -1.0", () -> adagrad().lrDecay(-1).build());
        refused(
                "Invalid initial_accumulator_value value",
                () -> adagrad().initialAccumulatorValue(-1).build());
        refused("Invalid epsilon value: -1.0", () -> adagrad().eps(-1).build());
        ISchedule cycle = TorchOneCycleLR.builder().maxLr(1).totalSteps(10).build();
        refused(
                "optimizer must support momentum",
                () -> adagrad().lrSchedule(cycle).build());
    }

    @Test
    void theirStepsWithADecayDoNotTellWhatTwoBiasesDo() {
        for (TorchUpdater updater : List.of(
                rmsProp().weightDecay(.1).build(),
                nAdam().weightDecay(.1).build(),
                adagrad().weightDecay(.1).build())) {
            refused("With weightDecay 0.1 ", () -> updater.configureTwoBiases(new LSTM.Builder()));
        }
        LSTM lstm = withTwoBiases(
                nAdam().lr(.1).weightDecay(.5).decoupledWeightDecay(true).build());
        assertThat(lstm.getBiasUpdater().getLearningRate(0, 0)).isEqualTo(.2);
    }

    @Test
    void rmsPropWithoutMomentumGetsThatOfACycleAsInTorch() {
        TorchRMSprop cycled = rmsProp()
                .lrSchedule(TorchOneCycleLR.builder().maxLr(1).totalSteps(10).build())
                .build();

        assertThat(cycled.getMomentum()).isEqualTo(.95);
        assertThat(cycled.getMomentum(2, 0)).isEqualTo(.85);
    }

    @Test
    void eachOptionCanBeReadBack() {
        TorchSGD sgd = sgd().lr(.1).momentum(.2).dampening(.3).weightDecay(.4).build();
        TorchAdam adam = adam().beta1(.1).beta2(.2).eps(.3).build();

        assertThat(List.of(sgd.getLr(), sgd.getMomentum(), sgd.getDampening(), sgd.getWeightDecay()))
                .containsExactly(.1, .2, .3, .4);
        assertThat(List.of(adam.getBeta1(), adam.getBeta2(), adam.getEps())).containsExactly(.1, .2, .3);
        assertThat(sgd().momentum(.5).nesterov(true).build().isNesterov()).isTrue();
    }

    @Test
    void configureSetsUpdaterAndDecayOfWeightsAndBiases() {
        TorchUpdater decaying = sgd().lr(.1).weightDecay(.25).build();
        NeuralNetConfiguration.Builder builder = new NeuralNetConfiguration.Builder();

        assertThat(decaying.configure(builder)).isSameAs(builder);
        assertThat(builder.getIUpdater()).isEqualTo(decaying.configured()).isNotEqualTo(decaying);
        assertThat(builder.getRegularization()).containsExactly(new TorchWeightDecay(.25, false));
        assertThat(builder.getRegularizationBias()).containsExactly(new TorchWeightDecay(.25, false));
        NeuralNetConfiguration.Builder without = adam().build().configure(new NeuralNetConfiguration.Builder());
        assertThat(without.getRegularization()).isNullOrEmpty();
        assertThat(without.getRegularizationBias()).isNullOrEmpty();
        NeuralNetConfiguration.Builder decoupled =
                adamW().weightDecay(.5).build().configure(new NeuralNetConfiguration.Builder());
        assertThat(decoupled.getRegularization()).containsExactly(new TorchWeightDecay(.5, true));
    }

    @Test
    void aDecayIsEqualToOneOfTheSameKindAndValue() {
        TorchWeightDecay decay = new TorchWeightDecay(.5, true);

        assertThat(decay)
                .isEqualTo(decay.clone())
                .hasSameHashCodeAs(decay.clone())
                .isNotSameAs(decay.clone())
                .isNotEqualTo(new TorchWeightDecay(.25, true))
                .isNotEqualTo(new TorchWeightDecay(.5, false))
                .isNotEqualTo(new L2Regularization(.5))
                .doesNotHaveSameHashCodeAs(new TorchWeightDecay(.25, true))
                .doesNotHaveSameHashCodeAs(new TorchWeightDecay(.5, false))
                .hasToString("TorchWeightDecay(weightDecay=0.5, decoupled=true)");
        assertThat(new L2Regularization(.5)).isNotEqualTo(decay);
        assertThat(decay.score(Nd4j.ones(3), 0, 0)).isZero();
    }

    @Test
    void aStateOfOtherArraysIsRefused() {
        TorchUpdater updater = sgd().momentum(.5).build();

        assertThatIllegalStateException()
                .isThrownBy(() -> updater.instantiate(Map.of("m", Nd4j.ones(2)), false))
                .withMessageContaining("is [momentum_buffer], but got [m]");
    }

    @Test
    void aStateIsTakenOverOrBegunAnew() {
        TorchUpdater updater = sgd().lr(1).momentum(.5).build();
        Map<String, INDArray> state = Map.of("momentum_buffer", Nd4j.createFromArray(4.0, 8.0));
        INDArray goneOn = Nd4j.createFromArray(1.0, 1.0);
        updater.instantiate(state, false).applyUpdater(goneOn, 0, 0);
        INDArray anew = Nd4j.createFromArray(1.0, 1.0);
        updater.instantiate(state, true).applyUpdater(anew, 0, 0);
        INDArray ofView = Nd4j.createFromArray(1.0, 1.0);
        updater.instantiate(Nd4j.createFromArray(4.0, 8.0), false).applyUpdater(ofView, 0, 0);

        assertThat(goneOn.toDoubleVector()).containsExactly(3, 5);
        assertThat(anew.toDoubleVector()).containsExactly(1, 1);
        assertThat(ofView.toDoubleVector()).containsExactly(3, 5);
    }

    @Test
    void theScheduleOfTwoBiasesSurvivesJsonAndClone() {
        ISchedule schedule = new StepSchedule(ScheduleType.EPOCH, .5, .1, 10);
        ISchedule other = new StepSchedule(ScheduleType.EPOCH, .25, .1, 10);
        TorchUpdater updater = sgd().lrSchedule(schedule).build();
        MultiLayerConfiguration conf = updater.configure(new NeuralNetConfiguration.Builder())
                .list()
                .layer(updater.configureTwoBiases(new LSTM.Builder().nIn(2).nOut(3))
                        .build())
                .layer(new OutputLayer.Builder(new CrossEntropyLoss())
                        .nIn(3)
                        .nOut(2)
                        .build())
                .build();

        assertThat(MultiLayerConfiguration.fromJson(conf.toJson())).isEqualTo(conf);
        ISchedule doubled = new DoubledSchedule(schedule);
        assertThat(doubled)
                .isEqualTo(doubled.clone())
                .isNotSameAs(doubled.clone())
                .hasSameHashCodeAs(doubled.clone())
                .doesNotHaveSameHashCodeAs(new DoubledSchedule(other))
                .isNotEqualTo(new DoubledSchedule(other))
                .isNotEqualTo(schedule)
                .hasToString("2 * " + schedule);
        assertThat(doubled.clone().valueAt(0, 11)).isEqualTo(2 * schedule.valueAt(0, 11));
    }

    @Test
    void twoBiasesOfASimpleUpdaterMoveTwiceAsFarUnderHalfTheDecay() {
        LSTM lstm = withTwoBiases(sgd().lr(.1).momentum(.5).weightDecay(.5).build());

        assertThat(lstm.getBiasUpdater())
                .isEqualTo(sgd().lr(.2).momentum(.5).weightDecay(.25).build().configured());
        assertThat(lstm.getRegularizationBias()).containsExactly(new TorchWeightDecay(.25, false));
        LSTM plain = withTwoBiases(adam().lr(.1).beta1(.5).build());
        assertThat(plain.getBiasUpdater())
                .isEqualTo(adam().lr(.2).beta1(.5).build().configured());
        assertThat(plain.getRegularizationBias()).isNullOrEmpty();
    }

    @Test
    void theTextNamesEachOption() {
        assertThat(sgd().lr(.1).momentum(.9).build())
                .hasToString("TorchSGD(lr=0.1, momentum=0.9, dampening=0.0, nesterov=false, weightDecay=0.0)");
        assertThat(adamW().build())
                .hasToString("TorchAdamW(lr=0.001, beta1=0.9, beta2=0.999, eps=1.0E-8, weightDecay=0.01)");
    }

    @Test
    void whatTorchRefusesIsRefusedInItsWords() {
        refused("Invalid learning rate: -1.0", sgd().lr(-1)::build);
        refused("Invalid learning rate: NaN", adam().lr(Double.NaN)::build);
        refused("Invalid momentum value: -0.5", sgd().momentum(-.5)::build);
        refused("Invalid weight_decay value: -1.0", adamW().weightDecay(-1)::build);
        refused("dampening must be a number", sgd().dampening(Double.NaN)::build);
        refused("Invalid epsilon value: -1.0", adam().eps(-1)::build);
        refused("Invalid beta parameter at index 0: 1.0", adam().beta1(1)::build);
        refused("Invalid beta parameter at index 1: -0.1. (beta2 must be from 0", adamW().beta2(-.1)::build);
        String nesterov = "Nesterov momentum requires a momentum and zero dampening";
        refused(nesterov, sgd().nesterov(true)::build);
        refused(nesterov, sgd().nesterov(true).momentum(.9).dampening(.1)::build);
        assertThat(List.of(
                        sgd().lr(0).momentum(0).weightDecay(0).build(),
                        adam().eps(0).beta1(0).beta2(0).build()))
                .as("the bounds themselves are taken")
                .hasSize(2);
        refused("builder must not be null", () -> sgd().build().configure(null));
    }

    private static void refused(String message, ThrowingCallable call) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessageStartingWith(message);
    }

    @Test
    void aWeightDecayThatWouldHaveNoEffectIsRefused() {
        TorchAdamW bare = adamW().build();

        assertThatIllegalStateException()
                .isThrownBy(() -> bare.instantiate(Nd4j.zeros(4), true))
                .withMessageContaining("configure(NeuralNetConfiguration.Builder) of this TorchAdamW");
    }

    @Test
    void theScoreHasNoWeightDecayInIt() {
        MultiLayerNetwork net = new MultiLayerNetwork(
                configuration(adamW().lr(0).weightDecay(100).build(), DataType.DOUBLE));
        net.init();

        assertThat(net.calcRegularizationScore(true)).isZero();
    }

    @Test
    void aScheduleSetsTheLearningRate() {
        TorchSGD updater = sgd().lrSchedule(new StepSchedule(ScheduleType.ITERATION, .5, .1, 10))
                .build();
        INDArray gradient = Nd4j.createFromArray(1.0, -2.0);
        updater.instantiate((INDArray) null, true).applyUpdater(gradient, 10, 0);

        assertThat(gradient.toDoubleVector()).containsExactly(.05, -.1);
    }

    /** A half counts to 2048, where adding 1 changes nothing any more. */
    @Test
    void halfPrecisionGoesOnWithTheCountOfTheNetworkWhereItCannotCount() {
        TorchAdam updater = adam().lr(1).beta2(.9999).eps(0).build();
        INDArray memory = Nd4j.zeros(DataType.FLOAT16, updater.stateSize(1));
        GradientUpdater<?> state = updater.instantiate(memory, false);
        state.getState().get("exp_avg").assign(1);
        state.getState().get("exp_avg_sq").assign(.25);
        state.getState().get("step").assign(2048);

        assertThat(update(state, 4499)).isCloseTo(updateAfter(4500, state), within(.001));
        assertThat(update(state, 4500)).isCloseTo(updateAfter(4501, state), within(.001));
        assertThat(update(state, 5)).as("a count that began anew").isCloseTo(updateAfter(2048, state), within(.001));
        state.getState().get("step").assign(2046);
        assertThat(update(state, 4499)).as("what can be counted").isCloseTo(updateAfter(2047, state), within(.001));
        assertThat(updateAfter(4500, state) - updateAfter(2048, state))
                .as("the test can fail")
                .isGreaterThan(.1);
    }

    private static double update(GradientUpdater<?> state, int iteration) {
        INDArray update = Nd4j.ones(DataType.FLOAT16, 1);
        state.applyUpdater(update, iteration, 0);
        return update.getDouble(0);
    }

    private static double updateAfter(int steps, GradientUpdater<?> state) {
        double mean = state.getState().get("exp_avg").getDouble(0);
        double square = state.getState().get("exp_avg_sq").getDouble(0);
        return mean / Math.sqrt(square / (1 - Math.pow(.9999, steps)));
    }

    @Test
    void inHalfPrecisionTheFirstStepIsAsLongAsTheLearningRate() {
        TorchAdam updater = adam().lr(.5).eps(0).build();
        GradientUpdater<?> state = updater.instantiate(Nd4j.zeros(DataType.FLOAT16, updater.stateSize(1)), true);

        assertThat(update(state, 0)).isCloseTo(.5, within(.001));
    }

    /** torch.lerp comes from the nearer side, so that neither end is lost to rounding. */
    @Test
    void theMeanLosesNeitherTheOldNorTheNew() {
        assertThat(mean(1e16, 1, 0)).isEqualTo(1);
        assertThat(mean(1, 0x1p54, 1 - 0x1p-53)).isEqualTo(3);
    }

    private static double mean(double old, double gradient, double beta) {
        TorchAdam updater = adam().beta1(beta).build();
        GradientUpdater<?> state = updater.instantiate(Nd4j.createFromArray(old, 0, 0), false);
        state.applyUpdater(Nd4j.createFromArray(gradient), 0, 0);
        return state.getState().get("exp_avg").getDouble(0);
    }

    @Test
    void theStateHasTorchsNames() {
        assertThat(names(sgd().build())).isEmpty();
        assertThat(names(sgd().momentum(.9).build())).containsExactly("momentum_buffer");
        assertThat(names(adamW().weightDecay(0).build())).containsExactly("exp_avg", "exp_avg_sq", "step");
    }

    private static Set<String> names(TorchUpdater updater) {
        return updater.instantiate(Nd4j.zeros(Math.max(1, updater.stateSize(2))), true)
                .getState()
                .keySet();
    }

    /** The step of each is proportional to the learning rate, whatever has happened before. */
    @ParameterizedTest
    @MethodSource("updaters")
    void theLearningRateOfALayerCanBeSetInATrainedNetwork(TorchUpdater updater) {
        if (updater.getLrSchedule() != null || updater.getWeightDecay() != 0) {
            return;
        }
        MultiLayerNetwork once = new MultiLayerNetwork(configuration(updater, DataType.DOUBLE));
        once.init();
        for (int i = 0; i < 3; i++) {
            once.fit(data());
        }
        MultiLayerNetwork twice = once.clone();
        INDArray before = once.params().dup();
        twice.setLearningRate(1, 2 * updater.getLr());
        once.fit(data());
        twice.fit(data());

        INDArray step = once.params().sub(before);
        INDArray other = twice.params().sub(before);
        long hidden = once.getLayer(0).numParams();
        for (long i = 0; i < step.length(); i++) {
            double expected = step.getDouble(i) * (i < hidden ? 1 : 2);
            assertThat(other.getDouble(i)).isCloseTo(expected, within(1e-12));
        }
        assertThat(step.norm2Number().doubleValue()).isPositive();
        twice.setLearningRate(updater.getLr());
        twice.fit(data());
    }

    private static LSTM withTwoBiases(TorchUpdater updater) {
        return updater.configureTwoBiases(new LSTM.Builder().nIn(2).nOut(3)).build();
    }

    private static DataSet data() {
        return new DataSet(
                Nd4j.createFromArray(new double[][] {{1, 0, -1}, {0, 2, 1}, {1, 1, 0}}),
                Nd4j.createFromArray(new double[][] {{0}, {1}, {1}}));
    }

    /** A layer that comes later has taken fewer steps than the others of its block. */
    @Test
    void parametersOfOneUpdaterMayHaveTakenDifferentNumbersOfSteps() {
        TorchAdam updater = adam().lr(.1).build();
        INDArray both = Nd4j.zeros(DataType.DOUBLE, updater.stateSize(2));
        GradientUpdater<?> state = updater.instantiate(both, true);
        state.applyUpdater(Nd4j.createFromArray(3.0, 1.0), 0, 0);
        for (String name : List.of("exp_avg", "exp_avg_sq", "step")) {
            state.getState().get(name).putScalar(1, 0);
        }
        INDArray gradient = Nd4j.createFromArray(-2.0, 5.0);
        state.applyUpdater(gradient, 1, 0);

        double mean = (.9 * .1 * 3 - .1 * 2) / (1 - .9 * .9);
        double square = (.999 * .001 * 9 + .001 * 4) / (1 - .999 * .999);
        assertThat(gradient.getDouble(0)).isCloseTo(.1 * mean / (Math.sqrt(square) + 1e-8), within(1e-12));
        assertThat(gradient.getDouble(1)).isCloseTo(.1 * 5 / (5 + 1e-8), within(1e-12));
    }

    @Test
    void theSumOfTwoBiasesMovesTwiceAsFarUnderHalfTheDecay() {
        LSTM lstm = withTwoBiases(adamW().lr(.1).weightDecay(.5).build());

        assertThat(lstm.getBiasUpdater())
                .isEqualTo(adamW().lr(.2).weightDecay(.25).build().configured());
        assertThat(lstm.getRegularizationBias()).containsExactly(new TorchWeightDecay(.25, true));
        ISchedule schedule = new StepSchedule(ScheduleType.EPOCH, .5, .1, 10);
        LSTM scheduled = withTwoBiases(sgd().lrSchedule(schedule).build());
        assertThat(scheduled.getBiasUpdater().getLearningRate(0, 11)).isEqualTo(.1);
        refused(
                "With weightDecay 0.1 Adam moves each",
                () -> adam().weightDecay(.1).build().configureTwoBiases(new LSTM.Builder()));
        refused("layer must not be null", () -> sgd().build().configureTwoBiases(null));
    }

    @Test
    void aNetworkInHalfPrecisionLearns() {
        MultiLayerNetwork net =
                new MultiLayerNetwork(configuration(adam().lr(.1).eps(1e-3).build(), DataType.FLOAT16));
        net.init();
        DataSet data = new DataSet(
                Nd4j.createFromArray(new double[][] {{1, 0, 0}, {0, 1, 0}}).castTo(DataType.FLOAT16),
                Nd4j.createFromArray(new double[][] {{0}, {1}}));
        double before = net.score(data);
        for (int i = 0; i < 20; i++) {
            net.fit(data);
        }

        assertThat(net.score(data)).isLessThan(before / 2);
    }

    private static MultiLayerConfiguration configuration(TorchUpdater updater, DataType type) {
        return updater.configure(new NeuralNetConfiguration.Builder().seed(3).dataType(type))
                .list()
                .layer(new DenseLayer.Builder().nIn(3).nOut(4).build())
                .layer(new OutputLayer.Builder(new CrossEntropyLoss())
                        .nIn(4)
                        .nOut(2)
                        .build())
                .build();
    }
}
