/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.spec.SpecHead;
import io.github.dl4jlosses.spec.TargetForm;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;

/**
 * A network that is saved and read in the middle of its training goes on as the one that was not, bit for bit, and both as
 * torch does. Adam's moments and its count of steps enter each step, so their loss would show.
 */
class SavedTrainingTest {
    private static final Random RANDOM = PrintedSeed.randomFor(SavedTrainingTest.class);
    private static final double RATE = 0.05;
    private static final int STEPS_BEFORE = 3;
    private static final int STEPS_AFTER = 3;

    /** A way out of the virtual machine and back. */
    enum Way {
        MODEL_FILE {
            @Override
            Model through(Model model) throws IOException {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                ModelSerializer.writeModel(model, bytes, true);
                ByteArrayInputStream in = new ByteArrayInputStream(bytes.toByteArray());
                return model instanceof ComputationGraph
                        ? ModelSerializer.restoreComputationGraph(in, true)
                        : ModelSerializer.restoreMultiLayerNetwork(in, true);
            }
        },
        SAVE_AND_LOAD {
            @Override
            Model through(Model model) throws IOException {
                File file = File.createTempFile("network", ".zip");
                try {
                    if (model instanceof ComputationGraph graph) {
                        graph.save(file, true);
                        return ComputationGraph.load(file, true);
                    }
                    ((MultiLayerNetwork) model).save(file, true);
                    return MultiLayerNetwork.load(file, true);
                } finally {
                    Files.delete(file.toPath());
                }
            }
        },
        JSON {
            @Override
            Model through(Model model) {
                return resumed(
                        model,
                        conf -> ComputationGraphConfiguration.fromJson(conf.toJson()),
                        conf -> MultiLayerConfiguration.fromJson(conf.toJson()));
            }
        },
        YAML {
            @Override
            Model through(Model model) {
                return resumed(
                        model,
                        conf -> ComputationGraphConfiguration.fromYaml(conf.toYaml()),
                        conf -> MultiLayerConfiguration.fromYaml(conf.toYaml()));
            }
        },
        JAVA_SERIALIZATION {
            /**
             * DL4J 1.0.0-M2.1 reads a network back without its list of listeners and cannot fit it, but a copy; a graph has
             * lost its counts, too.
             */
            @Override
            Model through(Model model) throws IOException {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                    out.writeObject(model);
                }
                try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
                    Model read = (Model) in.readObject();
                    if (read instanceof ComputationGraph graph) {
                        graph.getConfiguration().setIterationCount(((ComputationGraph) model).getIterationCount());
                        return resumed(graph, conf -> conf, conf -> conf);
                    }
                    return CLONE.through(read);
                } catch (ClassNotFoundException e) {
                    throw new AssertionError(e);
                }
            }
        },
        CLONE {
            /** DL4J 1.0.0-M2.1 forgets a graph's counts when it clones it. */
            @Override
            Model through(Model model) {
                if (model instanceof ComputationGraph graph) {
                    ComputationGraph clone = graph.clone();
                    clone.getConfiguration().setIterationCount(graph.getIterationCount());
                    return clone;
                }
                return ((MultiLayerNetwork) model).clone();
            }
        };

        abstract Model through(Model model) throws IOException;
    }

    /** Another network of a copy of the configuration, with copies of the parameters and of the updater's state. */
    private static Model resumed(
            Model from,
            UnaryOperator<ComputationGraphConfiguration> copyOfGraph,
            UnaryOperator<MultiLayerConfiguration> copyOfLayers) {
        INDArray state = ((NeuralNetwork) from).updaterState().dup();
        if (from instanceof ComputationGraph graph) {
            ComputationGraph copy = new ComputationGraph(copyOfGraph.apply(graph.getConfiguration()));
            copy.init(from.params().dup(), false);
            copy.getUpdater().setStateViewArray(state);
            return copy;
        }
        MultiLayerNetwork copy =
                new MultiLayerNetwork(copyOfLayers.apply(((MultiLayerNetwork) from).getLayerWiseConfigurations()));
        copy.init(from.params().dup(), false);
        copy.getUpdater().setStateViewArray(copy, state, false);
        return copy;
    }

    /** Every loss with every option at work; an activation of this library, too. */
    private static List<TwoLayers> networks() {
        List<TwoLayers> networks = new ArrayList<>();
        for (LossSpec<?, ?> spec : LossSpecs.all()) {
            TargetForm form = spec.forms().get(0);
            TorchLoss loss = spec.example(form, TwoLayers.CLASSES).build();
            networks.add(new TwoLayers(loss, spec.heads().get(0)));
        }
        TorchLoss logLikelihood = NLLLoss.builder().weight(.5, 2, 1).build();
        networks.add(new TwoLayers(logLikelihood, SpecHead.LOG_SOFTMAX));
        return networks;
    }

    static Stream<Arguments> everyWay() {
        List<Arguments> all = new ArrayList<>();
        for (TwoLayers layers : networks()) {
            for (Way way : Way.values()) {
                all.add(Arguments.of(layers, way, false));
                all.add(Arguments.of(layers, way, true));
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0} through {1}, a graph: {2}")
    @MethodSource("everyWay")
    void aRestoredNetworkGoesOnAsTheOneThatWasNotSavedAndAsTorch(TwoLayers layers, Way way, boolean graph)
            throws IOException {
        // GIVEN a network and torch after some steps
        TwoLayers.Batch batch = layers.batch(RANDOM, 7);
        Model model = layers.model(graph, TwoLayers.builder(RANDOM, new Adam(RATE)));
        TorchTraining torch = new TorchTraining(layers, model, RATE);
        for (int step = 0; step < STEPS_BEFORE; step++) {
            TwoLayers.fit(model, batch.dataSet());
            torch.fit(batch);
        }

        // WHEN
        Model restored = way.through(model);
        for (int step = 0; step < STEPS_AFTER; step++) {
            TwoLayers.fit(model, batch.dataSet());
            TwoLayers.fit(restored, batch.dataSet());
            torch.fit(batch);
        }

        // THEN
        Map<String, TorchTensor> uninterrupted = TwoLayers.parameters(model);
        assertThat(TwoLayers.parameters(restored)).isEqualTo(uninterrupted);
        assertThat(restored.score()).isEqualTo(model.score());
        assertThat(restored.score()).isCloseTo(torch.score(), within(100 * StepComparison.FLOAT64_TOLERANCE));
        TorchTraining.assertSame(restored, torch.parameters());
    }
}
