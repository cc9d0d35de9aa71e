/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
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
final class TorchTraining {

    private final PortedModel model;
    private final TrainingSet data;
    private final DataType type;
    private final TorchOptimizer optimizer;
    private final TorchFunction loss;
    private final Map<String, TorchTensor> parameters = new LinkedHashMap<>();

    private TorchTraining(PortedModel model, DataType type, Map<String, INDArray> initial) {
        this.model = model;
        this.data = model.data();
        this.type = type;
        this.optimizer = model.torchOptimizer();
        initial.forEach((name, tensor) -> parameters.put(name, TorchTensor.of(tensor.castTo(type))));
        String[] names =
                IntStream.range(0, parameters.size()).mapToObj(i -> "p" + i).toArray(String[]::new);
        String[] arguments =
                Stream.concat(Stream.of("x", "t", "w"), Arrays.stream(names)).toArray(String[]::new);
        this.loss = TorchFunction.of(model.torchLoss(), arguments).withRespectTo(names);
    }

    static Trajectory run(PortedModel model, DataType type, Map<String, INDArray> initial, int steps) {
        TorchTraining training = new TorchTraining(model, type, initial);
        double[] losses = IntStream.range(0, steps).mapToDouble(training::step).toArray();
        Map<String, double[]> trained = new LinkedHashMap<>();
        training.parameters.forEach((name, tensor) -> trained.put(name, tensor.toDoubles()));
        return Trajectory.of(losses, TorchLayout.of(trained));
    }

    private double step(int step) {
        List<TorchTensor> arguments = new ArrayList<>(Arrays.asList(data.torchBatch(step, type)));
        TorchTensor lossWeights = TorchTensor.of(TorchType.FLOAT64, model.lossWeights(), model.lossWeights().length);
        arguments.add(lossWeights.to(arguments.get(0).type()));
        arguments.addAll(parameters.values());
        TorchResult result = loss.call(arguments.toArray(TorchTensor[]::new));
        int number = 0;
        for (Map.Entry<String, TorchTensor> parameter : parameters.entrySet()) {
            TorchTensor gradient = result.gradient("p" + number);
            parameter.setValue(optimizer.step(number, parameter.getValue(), gradient, step));
            number++;
        }
        return result.value().item();
    }
}
