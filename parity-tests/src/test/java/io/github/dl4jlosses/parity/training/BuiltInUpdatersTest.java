/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.updater.TorchAdagrad;
import io.github.dl4jlosses.updater.TorchAdam;
import io.github.dl4jlosses.updater.TorchNAdam;
import io.github.dl4jlosses.updater.TorchRMSprop;
import io.github.dl4jlosses.updater.TorchSGD;
import io.github.dl4jlosses.updater.TorchUpdater;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;

/** Why there are updaters of this library: how far DL4J's own are from torch's optimizers of the same name and options. */
class BuiltInUpdatersTest {
    private static final int STEPS = 10;
    private static final int PARAMETERS = 20;

    static Stream<Arguments> others() {
        return Stream.of(
                Arguments.of(
                        new Adam(.01, .9, .999, 1e-8),
                        TorchAdam.builder().lr(.01).build()),
                Arguments.of(
                        new AMSGrad(.01, .9, .999, 1e-8),
                        TorchAdam.builder().lr(.01).amsgrad(true).build()),
                Arguments.of(
                        new Nadam(.01, .9, .999, 1e-8),
                        TorchNAdam.builder().lr(.01).build()),
                Arguments.of(
                        new RmsProp(.01, .99, 1e-8),
                        TorchRMSprop.builder().lr(.01).build()),
                Arguments.of(
                        new AdaGrad(.01, 1e-10), TorchAdagrad.builder().lr(.01).build()));
    }

    /** In steps of the size that torch makes. */
    @ParameterizedTest
    @MethodSource("others")
    void theOwnOneIsAnotherFormula(IUpdater own, TorchUpdater torch) {
        double distance = distance(own, torch);

        System.out.printf(
                "%s: up to %.0e of a step from torch's after %d steps%n",
                own.getClass().getSimpleName(), distance, STEPS);
        assertThat(distance).isGreaterThan(1e-8);
    }

    @Test
    void sgdIsTheSame() {
        assertThat(distance(new Sgd(.01), TorchSGD.builder().lr(.01).build())).isLessThan(1e-12);
    }

    private static double distance(IUpdater own, TorchUpdater options) {
        Random random = new Random(1);
        INDArray parameter = Nd4j.zeros(DataType.DOUBLE, PARAMETERS);
        TorchOptimizer torch = new TorchOptimizer(options, parameter);
        long size = own.stateSize(PARAMETERS);
        GradientUpdater<?> state = own.instantiate(size == 0 ? null : Nd4j.zeros(DataType.DOUBLE, 1, size), true);
        double largest = 0;
        double[] before = torch.parameter().toDoubles();
        for (int step = 0; step < STEPS; step++) {
            // sizes from 1 to 1e-6, where eps counts
            double[] values = random.doubles(PARAMETERS, -1, 1).toArray();
            for (int i = 0; i < PARAMETERS; i++) {
                values[i] *= Math.pow(10, -i % 7);
            }
            torch.step(TorchTensor.of(Nd4j.createFromArray(values)));
            INDArray update = Nd4j.createFromArray(values).reshape(1, PARAMETERS);
            state.applyUpdater(update, step, 0);
            parameter.subi(update.reshape(PARAMETERS));
            double[] after = torch.parameter().toDoubles();
            for (int i = 0; i < PARAMETERS; i++) {
                double stepOfTorch = Math.abs(after[i] - before[i]);
                largest = Math.max(largest, Math.abs(parameter.getDouble(i) - after[i]) / Math.max(1e-12, stepOfTorch));
            }
            before = after;
        }
        return largest;
    }
}
