/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** The source text of a model compiles, and makes the configuration that the conversion makes. */
class TracedSourceTest {

    /** What is compiled, and what it must make. */
    private record Model(
            TorchModel traced,
            String name,
            NeuralNetConfiguration.Builder settings,
            List<? extends ILossFunction> losses,
            List<InputType> inputs) {

        String source() {
            return traced.toJava(name, losses, types());
        }

        InputType[] types() {
            return inputs.toArray(InputType[]::new);
        }

        JavaFileObject file() {
            String source = source();
            return new SimpleJavaFileObject(
                    URI.create("string:///" + name.replace('.', '/') + ".java"), JavaFileObject.Kind.SOURCE) {
                @Override
                public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                    return source;
                }
            };
        }
    }

    @Test
    void theSourceOfEachModelMakesItsConfiguration(@TempDir Path folder)
            throws IOException, ReflectiveOperationException {
        List<Model> models = models();
        compile(models.stream().map(Model::file).toList(), folder);

        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
            for (Model model : models) {
                Object compiled = loader.loadClass(model.name())
                        .getMethod("configuration", NeuralNetConfiguration.Builder.class, List.class)
                        .invoke(null, model.settings(), model.losses());

                ComputationGraphConfiguration converted =
                        model.traced().configuration(model.settings(), model.losses(), model.types());
                assertThat(((ComputationGraphConfiguration) compiled).toJson())
                        .as(model.source())
                        .isEqualTo(converted.toJson());
            }
        }
    }

    private static List<Model> models() throws IOException {
        List<Model> models = new ArrayList<>();
        for (TracedFile file : TracedFile.values()) {
            TracedCase each = new TracedCase(file);
            models.add(new Model(
                    TorchModel.load(file.archive()),
                    "models." + file.name().toLowerCase(Locale.ROOT),
                    each.settings(),
                    List.of(each.loss()),
                    List.of(each.input())));
        }
        TracedModule.all()
                .forEach(module -> models.add(new Model(
                        module.load(),
                        "Model_" + module.name(),
                        TracedModule.settings(),
                        module.losses(),
                        List.of(module.types()))));
        return models;
    }

    private static void compile(List<JavaFileObject> files, Path folder) {
        List<String> problems = new ArrayList<>();
        List<String> options =
                List.of("-d", folder.toString(), "-classpath", System.getProperty("java.class.path"), "-proc:none");
        boolean done = ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, problem -> problems.add(problem.toString()), options, null, files)
                .call();
        assertThat(done).as(problems.toString()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "class", "a.class", "A; static {}", "A\n", "../A", "A.", "1A"})
    void onlyANameCanBeTheName(String name) {
        TracedCase model = new TracedCase(TracedFile.MLP_REGRESSION);
        TorchModel loaded = TorchModel.load(TracedFile.MLP_REGRESSION.archive());

        assertThatThrownBy(() -> loaded.toJava(name, List.of(model.loss()), model.input()))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("className");
    }

    @Test
    void aReaderFindsTheModulesInTheSource() {
        TracedCase model = new TracedCase(TracedFile.MLP_REGRESSION);

        String source = TorchModel.load(TracedFile.MLP_REGRESSION.archive())
                .toJava("Mlp", List.of(model.loss()), model.input());

        assertThat(source).isEqualTo("""
                import java.util.List;
                import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
                import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
                import org.deeplearning4j.nn.conf.layers.ActivationLayer;
                import org.deeplearning4j.nn.conf.layers.DenseLayer;
                import org.deeplearning4j.nn.conf.layers.OutputLayer;
                import org.nd4j.linalg.activations.impl.ActivationIdentity;
                import org.nd4j.linalg.activations.impl.ActivationReLU;
                import org.nd4j.linalg.activations.impl.ActivationTanH;
                import org.nd4j.linalg.lossfunctions.ILossFunction;

                /** A model that torch.jit.trace wrote. */
                public final class Mlp {

                    private Mlp() {}

                    /**
                     * The configuration.
                     *
                     * @param settings updater, data type and the like
                     * @param losses one for each output
                     */
                    public static ComputationGraphConfiguration configuration(
                            NeuralNetConfiguration.Builder settings, List<? extends ILossFunction> losses) {
                        ComputationGraphConfiguration.GraphBuilder graph = settings.graphBuilder();
                        graph.addInputs("input");
                        graph.addLayer(
                                "0",
                                new DenseLayer.Builder()
                                        .nIn(7)
                                        .nOut(16)
                                        .hasBias(true)
                                        .activation(new ActivationIdentity())
                                        .build(),
                                "input");
                        graph.addLayer(
                                "1",
                                new ActivationLayer.Builder()
                                        .activation(new ActivationTanH())
                                        .build(),
                                "0");
                        graph.addLayer(
                                "2",
                                new DenseLayer.Builder()
                                        .nIn(16)
                                        .nOut(16)
                                        .hasBias(true)
                                        .activation(new ActivationIdentity())
                                        .build(),
                                "1");
                        graph.addLayer(
                                "3",
                                new ActivationLayer.Builder()
                                        .activation(new ActivationReLU())
                                        .build(),
                                "2");
                        graph.addLayer(
                                "4",
                                new OutputLayer.Builder(losses.get(0))
                                        .nIn(16)
                                        .nOut(2)
                                        .hasBias(true)
                                        .activation(new ActivationIdentity())
                                        .build(),
                                "3");
                        graph.setOutputs("4");
                        return graph.build();
                    }
                }
                """);
    }
}
