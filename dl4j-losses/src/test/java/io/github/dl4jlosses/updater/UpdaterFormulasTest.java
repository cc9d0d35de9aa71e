/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import static io.github.dl4jlosses.updater.TorchUpdaterTest.adam;
import static io.github.dl4jlosses.updater.TorchUpdaterTest.adamW;
import static io.github.dl4jlosses.updater.TorchUpdaterTest.sgd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

/** Some steps of each updater beside the algorithm that torch's documentation gives for it, in plain numbers. */
class UpdaterFormulasTest {
    private static final int STEPS = 7;
    private static final int PARAMETERS = 6;

    static Stream<TorchUpdater> updaters() {
        return Stream.of(
                sgd().lr(.1).build(),
                sgd().lr(.1).weightDecay(.3).build(),
                sgd().lr(.1).momentum(.9).build(),
                sgd().lr(.1).momentum(.9).dampening(.25).build(),
                sgd().lr(.1).momentum(.5).nesterov(true).weightDecay(.01).build(),
                sgd().lrSchedule(new StepSchedule(ScheduleType.ITERATION, .5, .1, 3))
                        .momentum(.5)
                        .build(),
                adam().lr(.1).build(),
                adam().lr(.1).beta1(.3).beta2(.9).eps(1e-3).weightDecay(.3).build(),
                adam().lr(.1).beta1(.5).eps(0).build(),
                adamW().lr(.1).build(),
                adamW().lrSchedule(new StepSchedule(ScheduleType.ITERATION, .1, .5, 2))
                        .beta1(.8)
                        .weightDecay(.5)
                        .build());
    }

    @ParameterizedTest
    @MethodSource("updaters")
    void eachStepIsThatOfTheFormula(TorchUpdater updater) {
        Random random = new Random(1);
        double[] plain = random.doubles(PARAMETERS, -1, 1).toArray();
        INDArray parameters = Nd4j.createFromArray(plain.clone()).reshape(2, 3);
        TorchUpdater configured = updater.configured();
        INDArray memory = configured.stateSize(PARAMETERS) == 0
                ? null
                : Nd4j.rand(org.nd4j.linalg.api.buffer.DataType.DOUBLE, 1, configured.stateSize(PARAMETERS));
        GradientUpdater<?> state = configured.instantiate(memory, true);
        double[][] moments = new double[2][PARAMETERS];
        for (int step = 0; step < STEPS; step++) {
            double[] gradient = random.doubles(PARAMETERS, -2, 2).toArray();
            double lr = updater.getLearningRate(step, 0);

            step(
                    updater,
                    state,
                    parameters,
                    Nd4j.createFromArray(gradient.clone()).reshape(2, 3),
                    step);

            for (int i = 0; i < PARAMETERS; i++) {
                plain[i] = updater instanceof TorchSGD
                        ? sgdStep((TorchSGD) updater, plain[i], gradient[i], moments[0], i, step, lr)
                        : adamStep((BaseAdam) updater, plain[i], gradient[i], moments, i, step, lr);
            }
            assertThat(parameters.dup().data().asDouble())
                    .as("after step %d", step)
                    .containsExactly(plain, within(1e-12));
        }
        assertThat(updater.stateSize(PARAMETERS))
                .isEqualTo((long) state.getState().size() * PARAMETERS);
    }

    /** What DL4J does with an updater and a regularization. */
    private static void step(
            TorchUpdater updater, GradientUpdater<?> state, INDArray parameters, INDArray gradient, int step) {
        TorchWeightDecay decay = updater.decay();
        double lr = updater.getLearningRate(step, 0);
        if (decay.applyStep() == Regularization.ApplyStep.BEFORE_UPDATER) {
            decay.apply(parameters, gradient, lr, step, 0);
        }
        state.applyUpdater(gradient, step, 0);
        if (decay.applyStep() == Regularization.ApplyStep.POST_UPDATER) {
            decay.apply(parameters, gradient, lr, step, 0);
        }
        parameters.subi(gradient);
    }

    private static double sgdStep(
            TorchSGD updater, double p, double gradient, double[] buffer, int i, int step, double lr) {
        double g = gradient + updater.getWeightDecay() * p;
        if (updater.getMomentum() == 0) {
            return p - lr * g;
        }
        buffer[i] = step == 0 ? g : updater.getMomentum() * buffer[i] + (1 - updater.getDampening()) * g;
        return p - lr * (updater.isNesterov() ? g + updater.getMomentum() * buffer[i] : buffer[i]);
    }

    private static double adamStep(
            BaseAdam updater, double p, double gradient, double[][] moments, int i, int step, double lr) {
        boolean decoupled = updater instanceof TorchAdamW;
        double g = gradient + (decoupled ? 0 : updater.getWeightDecay() * p);
        double decayed = decoupled ? p - lr * updater.getWeightDecay() * p : p;
        moments[0][i] = updater.getBeta1() * moments[0][i] + (1 - updater.getBeta1()) * g;
        moments[1][i] = updater.getBeta2() * moments[1][i] + (1 - updater.getBeta2()) * g * g;
        double mean = moments[0][i] / (1 - Math.pow(updater.getBeta1(), step + 1));
        double square = moments[1][i] / (1 - Math.pow(updater.getBeta2(), step + 1));
        return decayed - lr * mean / (Math.sqrt(square) + updater.getEps());
    }
}
