/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** The source text of a model compiles, and makes the configuration that the conversion makes. */
class TracedSourceTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void theSourceOfAModelMakesItsConfiguration(TracedFile file) throws ReflectiveOperationException {
        TracedCase model = new TracedCase(file);
        String name = "models." + file.name().toLowerCase(Locale.ROOT);
        assertSame(TorchModel.load(file.archive()), name, model.settings(), List.of(model.loss()), model.input());
    }

    @ParameterizedTest
    @MethodSource("io.github.dl4jlosses.porting.TracedModuleTest#modules")
    void theSourceOfAModuleMakesItsConfiguration(TracedModuleTest.Module module) throws ReflectiveOperationException {
        assertSame(
                module.load(), "Model_" + module.name(), TracedModuleTest.settings(), module.losses(), module.types());
    }

    private void assertSame(
            TorchModel model,
            String name,
            NeuralNetConfiguration.Builder settings,
            List<? extends ILossFunction> losses,
            InputType... inputs)
            throws ReflectiveOperationException {
        String source = model.toJava(name, losses, inputs);

        ComputationGraphConfiguration compiled = compiled(name, source, settings, losses);

        ComputationGraphConfiguration converted = model.configuration(settings, losses, inputs);
        assertThat(compiled.toJson()).as(source).isEqualTo(converted.toJson());
    }

    private ComputationGraphConfiguration compiled(
            String name, String source, NeuralNetConfiguration.Builder settings, List<? extends ILossFunction> losses)
            throws ReflectiveOperationException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        JavaFileObject file =
                new SimpleJavaFileObject(
                        URI.create("string:///" + name.replace('.', '/') + ".java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        List<String> problems = new ArrayList<>();
        List<String> options =
                List.of("-d", folder.toString(), "-classpath", System.getProperty("java.class.path"), "-proc:none");
        boolean done = compiler.getTask(
                        null, null, problem -> problems.add(problem.toString()), options, null, List.of(file))
                .call();
        assertThat(done).as(problems + source).isTrue();
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
            return (ComputationGraphConfiguration) loader.loadClass(name)
                    .getMethod("configuration", NeuralNetConfiguration.Builder.class, List.class)
                    .invoke(null, settings, losses);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InvocationTargetException e) {
            throw new AssertionError(source, e.getCause());
        }
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
