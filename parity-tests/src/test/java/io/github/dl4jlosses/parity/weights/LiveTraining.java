/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.training.TorchOptimizer;
import io.github.dl4jlosses.updater.TorchUpdater;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A model trained by torch itself, live: its kernels, its autograd, the arithmetic of its optimizer. */
final class LiveTraining {

    private final PortedModel model;
    private final TrainingSet data;
    private final DataType type;
    private final TorchFunction loss;
    private final Map<String, TorchOptimizer> parameters = new LinkedHashMap<>();
    private final TorchClipping clipping;

    private LiveTraining(
            PortedModel model,
            TorchUpdater updater,
            DataType type,
            Map<String, INDArray> initial,
            TorchClipping clipping) {
        this.clipping = clipping;
        this.model = model;
        this.data = model.data();
        this.type = type;
        initial.forEach((name, tensor) -> parameters.put(name, new TorchOptimizer(updater, tensor.castTo(type))));
        String[] names =
                IntStream.range(0, parameters.size()).mapToObj(i -> "p" + i).toArray(String[]::new);
        String[] arguments =
                Stream.concat(Stream.of("x", "t", "w"), Arrays.stream(names)).toArray(String[]::new);
        this.loss = TorchFunction.of(model.torchLoss(), arguments).withRespectTo(names);
    }

    static Trajectory run(
            PortedModel model, TorchUpdater updater, DataType type, Map<String, INDArray> initial, int steps) {
        return run(model, updater, type, initial, steps, TorchClipping.NONE);
    }

    static Trajectory run(
            PortedModel model,
            TorchUpdater updater,
            DataType type,
            Map<String, INDArray> initial,
            int steps,
            TorchClipping clipping) {
        LiveTraining training = new LiveTraining(model, updater, type, initial, clipping);
        double[] losses = IntStream.range(0, steps).mapToDouble(training::step).toArray();
        Map<String, double[]> trained = new LinkedHashMap<>();
        training.parameters.forEach(
                (name, optimizer) -> trained.put(name, optimizer.parameter().toDoubles()));
        return Trajectory.of(losses, trained);
    }

    private double step(int step) {
        List<TorchTensor> arguments = new ArrayList<>(Arrays.asList(data.torchBatch(step, type)));
        TorchTensor lossWeights = TorchTensor.of(TorchType.FLOAT64, model.lossWeights(), model.lossWeights().length);
        arguments.add(lossWeights.to(arguments.get(0).type()));
        parameters.values().forEach(optimizer -> arguments.add(optimizer.parameter()));
        TorchResult result = loss.call(arguments.toArray(TorchTensor[]::new));
        List<TorchTensor> gradients = clipping.clip(IntStream.range(0, parameters.size())
                .mapToObj(number -> result.gradient("p" + number))
                .toList());
        int number = 0;
        for (TorchOptimizer optimizer : parameters.values()) {
            optimizer.step(gradients.get(number));
            number++;
        }
        return result.value().item();
    }
}
