/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import io.github.dl4jlosses.porting.RefusedFileException;
import io.github.dl4jlosses.porting.TorchModel;
import io.github.dl4jlosses.porting.TorchPairing;
import io.github.dl4jlosses.porting.TorchSteps;
import io.github.dl4jlosses.porting.TorchWeights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The two sides of a {@link ModelComparison}: an archive that torch runs, and a network on the same examples. */
final class ComparedModel {

    private static final Tolerance OF_FLOAT64 = new Tolerance(1e-10, 1e-10);

    private final Path archive;
    private final Model network;
    private final INDArray[] examples;

    ComparedModel(Path archive, Model network, INDArray... examples) {
        this.archive = archive;
        this.network = network;
        this.examples = examples;
    }

    /**
     * The calls of the archive; null for a scripted model with control flow, which torch runs but whose calls cannot be
     * followed.
     */
    TorchSteps followed(TorchPairing pairing) {
        try {
            return TorchModel.load(archive).steps(pairing);
        } catch (RefusedFileException e) {
            return null;
        }
    }

    /** Compares only the outputs, for an archive whose calls cannot be followed. */
    ModelComparison byOutputs(List<INDArray> inputs) {
        TorchType type =
                typeOf(new ArrayList<>(TorchWeights.load(archive).tensors().values()), examples[0]);
        List<TorchTensor> outputs = TracedRun.outputs(archive, type, inputs);
        List<INDArray> ours = NetworkValues.of(network, examples).outputs();
        return new ModelComparison(
                List.of(),
                differences(unnamed(outputs.size()), outputs, ours, tolerance(type, examples[0])),
                "the archive is no trace. torch.jit.trace(model.eval(), example) saves one");
    }

    /** Compares each value read from the archive, and the outputs. */
    ModelComparison byVertices(TorchSteps steps, List<INDArray> inputs) {
        if (steps.isInTraining()) {
            throw new IllegalArgumentException(archive
                    + " was traced in training, so torch's outputs are not those of evaluation; save"
                    + " torch.jit.trace(model.eval(), example)");
        }
        TorchType type = typeOf(steps.weights(), examples[0]);
        NetworkValues ours = NetworkValues.of(network, examples);
        Tolerance tolerance = tolerance(type, ours.outputs().get(0));
        List<TorchTensor> outputs = TracedRun.outputs(archive, type, inputs);
        List<TorchSteps.Value> names = steps.values();
        int vertices = names.size() - steps.outputs();
        List<ModelComparison.Difference> ofOutputs =
                differences(names.subList(vertices, names.size()), outputs, ours.outputs(), tolerance);
        List<TorchTensor> values;
        try {
            values = TracedRun.values(steps, type, inputs);
        } catch (TorchException e) {
            return new ModelComparison(
                    List.of(), ofOutputs, "torch refuses the calls as they were read: " + e.getMessage());
        }
        requireReadAsRun(outputs, values.subList(vertices, values.size()), tolerance);
        Map<String, ModelComparison.Difference> nearest = new LinkedHashMap<>();
        for (int i = 0; i < vertices; i++) {
            ModelComparison.Difference difference =
                    difference(names.get(i), values.get(i), ours.of(names.get(i).vertex()), tolerance);
            // a hand-written layer may correspond to torch's call with or without the activation after it
            nearest.merge(difference.vertex(), difference, (a, b) -> b.largest() < a.largest() ? b : a);
        }
        return new ModelComparison(List.copyOf(nearest.values()), ofOutputs, "");
    }

    private void requireReadAsRun(List<TorchTensor> run, List<TorchTensor> read, Tolerance tolerance) {
        for (int i = 0; i < run.size(); i++) {
            TensorDistance distance = new TensorDistance(run.get(i), tolerance);
            if (!distance.accepts(read.get(i).toArray())) {
                throw new IllegalStateException("The calls that were read from " + archive
                        + " do not give the archive's output: it was misread. Please report this.");
            }
        }
    }

    private static List<TorchSteps.Value> unnamed(int outputs) {
        return Collections.nCopies(outputs, new TorchSteps.Value("", "", "", List.of()));
    }

    private static List<ModelComparison.Difference> differences(
            List<TorchSteps.Value> names, List<TorchTensor> torchs, List<INDArray> ours, Tolerance tolerance) {
        if (torchs.size() != ours.size()) {
            throw new IllegalArgumentException(
                    "torch's model has " + torchs.size() + " outputs, the network " + ours.size());
        }
        List<ModelComparison.Difference> differences = new ArrayList<>();
        for (int i = 0; i < torchs.size(); i++) {
            differences.add(difference(names.get(i), torchs.get(i), ours.get(i), tolerance));
        }
        return differences;
    }

    private static ModelComparison.Difference difference(
            TorchSteps.Value name, TorchTensor torchs, INDArray ours, Tolerance tolerance) {
        TensorDistance distance = new TensorDistance(torchs, tolerance);
        double largest = name.axes().isEmpty() ? distance.ofAnyOrder(ours) : distance.of(name.inTorchsOrder(ours));
        return new ModelComparison.Difference(
                name.vertex(), name.module(), name.operator(), largest, distance.allowed());
    }

    private static TorchType typeOf(List<INDArray> weights, INDArray example) {
        return weights.stream()
                .filter(weight -> weight.dataType().isFPType())
                .findFirst()
                .map(weight -> TorchTensor.typeOf(weight.dataType()))
                .orElse(TorchTensor.typeOf(example.dataType()));
    }

    private static Tolerance tolerance(TorchType type, INDArray ours) {
        boolean isExact = type == TorchType.FLOAT64 && TorchTensor.typeOf(ours.dataType()) == TorchType.FLOAT64;
        return isExact ? OF_FLOAT64 : Tolerance.of(TorchType.FLOAT32);
    }
}
