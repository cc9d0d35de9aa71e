/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.updater.TorchUpdater;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleBiFunction;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Trainings of torch that differ by rounding alone: in float64, in float32, and in float32 from weights that are one
 * rounding away. How far they part says what rounding does: a unit of a ReLU whose input is nearly 0 is on in one of them
 * and off in another, and Adam makes a full step of a gradient that is nearly 0. Two runs alone may be together by luck,
 * and on another processor they round otherwise.
 */
final class RoundedRuns {
    private static final int RUNS = 6;
    /** Ours may round twice as coarsely. */
    private static final double ALLOWANCE = 2;

    private final PortedModel model;
    private final TorchUpdater updater;
    private final Map<String, INDArray> initial;
    private final int steps;
    private final List<Trajectory> runs = new ArrayList<>();
    private final Random random = new Random(1);

    RoundedRuns(PortedModel model, TorchUpdater updater, Map<String, INDArray> initial, int steps) {
        this.model = model;
        this.updater = updater;
        this.initial = initial;
        this.steps = steps;
        runs.add(LiveTraining.run(model, updater, DataType.DOUBLE, initial, steps));
        runs.add(LiveTraining.run(model, updater, DataType.FLOAT, initial, steps));
    }

    Trajectory inFloat64() {
        return runs.get(0);
    }

    /** As near to one of them as they are to each other; where two runs do not show it, more are made. */
    void assertOneOfThem(Trajectory ours) {
        while (!isOneOfThem(ours) && runs.size() < RUNS) {
            runs.add(LiveTraining.run(model, updater, DataType.FLOAT, nudged(), steps));
        }
        assertThat(isOneOfThem(ours)).as(distances(ours)).isTrue();
    }

    /** In words. */
    String distances(Trajectory ours) {
        return String.format(
                "losses within %.1e of one of %d of torch's runs (which are up to %.1e apart), final weights within %.1e (%.1e)",
                nearest(ours, Trajectory::lossNorm),
                runs.size(),
                spread(Trajectory::lossNorm),
                nearest(ours, Trajectory::parameterNorm),
                spread(Trajectory::parameterNorm));
    }

    private boolean isOneOfThem(Trajectory ours) {
        return nearest(ours, Trajectory::lossNorm) <= ALLOWANCE * spread(Trajectory::lossNorm)
                && nearest(ours, Trajectory::parameterNorm) <= ALLOWANCE * spread(Trajectory::parameterNorm);
    }

    private double nearest(Trajectory ours, ToDoubleBiFunction<Trajectory, Trajectory> distance) {
        return runs.stream()
                .mapToDouble(run -> distance.applyAsDouble(ours, run))
                .min()
                .orElseThrow();
    }

    private double spread(ToDoubleBiFunction<Trajectory, Trajectory> distance) {
        return runs.stream()
                .flatMapToDouble(run -> runs.stream().mapToDouble(other -> distance.applyAsDouble(run, other)))
                .max()
                .orElseThrow();
    }

    /** Each weight as it is, the float above it or the one below it. */
    private Map<String, INDArray> nudged() {
        Map<String, INDArray> nudged = new LinkedHashMap<>();
        initial.forEach((name, tensor) -> {
            INDArray copy = tensor.castTo(DataType.FLOAT).dup('c');
            for (long i = 0; i < copy.length(); i++) {
                float weight = copy.getFloat(i);
                copy.putScalar(i, weight + (random.nextInt(3) - 1) * Math.ulp(weight));
            }
            nudged.put(name, copy);
        });
        return nudged;
    }
}
