/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.OptionSpec;
import io.github.dl4jlosses.spec.memory.Layout;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

class SerializationTest {
    private static final ObjectMapper JSON = NeuralNetConfiguration.mapper();

    /** Every option at a value that is not its default. */
    static Stream<TorchLoss> configured() {
        return LossSpecs.all().stream().flatMap(spec -> spec.forms().stream().map(form -> spec.inUse(form, 2)));
    }

    static Stream<TorchLoss> defaults() {
        return LossSpecs.all().stream().map(LossSpec::defaults);
    }

    static Stream<TorchLoss> all() {
        return Stream.concat(defaults(), configured());
    }

    private static MultiLayerConfiguration layers(TorchLoss loss, IActivation activation) {
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .miniBatch(loss.isMiniBatch())
                .updater(new Adam(0.01))
                .list()
                .layer(new DenseLayer.Builder().nIn(3).nOut(4).build())
                .layer(output(loss, activation))
                .build();
    }

    private static ComputationGraphConfiguration graph(TorchLoss loss) {
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .miniBatch(loss.isMiniBatch())
                .graphBuilder()
                .addInputs("in")
                .addLayer("out", output(loss, new ActivationIdentity()), "in")
                .setOutputs("out")
                .build();
    }

    private static OutputLayer output(TorchLoss loss, IActivation activation) {
        return new OutputLayer.Builder(loss)
                .nIn(4)
                .nOut(2)
                .activation(activation)
                .build();
    }

    private static ILossFunction lossOf(MultiLayerConfiguration conf) {
        return ((OutputLayer) conf.getConf(1).getLayer()).getLossFn();
    }

    private static ILossFunction lossOf(ComputationGraphConfiguration conf) {
        LayerVertex vertex = (LayerVertex) conf.getVertices().get("out");
        return ((OutputLayer) vertex.getLayerConf().getLayer()).getLossFn();
    }

    // ---- configurations ----

    @ParameterizedTest
    @MethodSource("all")
    void layersKeepTheLossThroughJsonAndYaml(TorchLoss loss) {
        MultiLayerConfiguration conf = layers(loss, new ActivationIdentity());

        for (MultiLayerConfiguration read : List.of(
                MultiLayerConfiguration.fromJson(conf.toJson()), MultiLayerConfiguration.fromYaml(conf.toYaml()))) {
            assertThat(lossOf(read)).isEqualTo(loss).isNotSameAs(loss);
            assertThat(read).isEqualTo(conf);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void aGraphKeepsTheLossThroughJsonAndYaml(TorchLoss loss) {
        ComputationGraphConfiguration conf = graph(loss);

        for (ComputationGraphConfiguration read : List.of(
                ComputationGraphConfiguration.fromJson(conf.toJson()),
                ComputationGraphConfiguration.fromYaml(conf.toYaml()))) {
            assertThat(lossOf(read)).isEqualTo(loss).isNotSameAs(loss);
            assertThat(read).isEqualTo(conf);
        }
    }

    @Test
    void theLogSoftmaxActivationSurvivesJson() {
        MultiLayerConfiguration conf = layers(new NLLLoss(), new ActivationLogSoftmax());

        MultiLayerConfiguration read = MultiLayerConfiguration.fromJson(conf.toJson());

        assertThat(((OutputLayer) read.getConf(1).getLayer()).getActivationFn()).isEqualTo(new ActivationLogSoftmax());
        assertThat(read).isEqualTo(conf);
    }

    // ---- the JSON itself ----

    @ParameterizedTest
    @MethodSource("configured")
    void propertiesAreNamedLikeTheBuildersMethods(TorchLoss loss) throws NoSuchMethodException {
        Set<String> properties = new TreeSet<>();
        json(loss).fieldNames().forEachRemaining(properties::add);
        Class<?> builder = loss.getClass().getMethod("builder").getReturnType();

        assertThat(properties.remove("@class")).isTrue();
        assertThat(properties).isEqualTo(optionsOf(builder));
    }

    /** The names of a builder's methods that set something. */
    static Set<String> optionsOf(Class<?> builder) {
        return Arrays.stream(builder.getMethods())
                .filter(method -> method.getParameterCount() == 1 && !Modifier.isStatic(method.getModifiers()))
                .filter(method -> LossBuilder.class.isAssignableFrom(method.getReturnType()))
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest
    @MethodSource("configured")
    void anOptionThatTheJsonLacksGetsItsDefault(TorchLoss loss) {
        ObjectNode defaults = json(LossSpecs.of(loss).defaults());
        ObjectNode full = json(loss);
        full.fieldNames().forEachRemaining(option -> {
            if (!option.equals("@class")) {
                ObjectNode lacking = full.deepCopy();
                lacking.remove(option);
                ObjectNode expected = full.deepCopy();
                expected.set(option, defaults.get(option));
                assertThat(json(read(lacking))).as("without %s", option).isEqualTo(expected);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("defaults")
    void aJsonThatNamesTheClassOnlyIsTheDefaultLoss(TorchLoss loss) {
        ObjectNode bare = JSON.createObjectNode().put("@class", loss.getClass().getName());

        assertThat(read(bare)).isEqualTo(loss);
    }

    @EachLoss
    void anUnknownConstantFails(LossSpec<?, ?> spec) {
        List<String> constants = new ArrayList<>(List.of("reduction", "emptyMean"));
        spec.allOptions().stream()
                .filter(option -> option.domain().example(2) instanceof Enum)
                .forEach(option -> constants.add(option.name()));
        for (String option : constants) {
            assertThatThrownBy(() ->
                            JSON.treeToValue(json(spec.defaults()).put(option, "SOMETHING_ELSE"), ILossFunction.class))
                    .hasMessageContaining("SOMETHING_ELSE");
        }
    }

    @ParameterizedTest
    @MethodSource("defaults")
    void anUnknownOptionFails(TorchLoss loss) {
        assertThatThrownBy(() -> JSON.treeToValue(json(loss).put("temperature", 2), ILossFunction.class))
                .hasMessageContaining(loss.name() + " has no option 'temperature' (here 2)");
    }

    @ParameterizedTest
    @MethodSource("defaults")
    void aModelWithAnUnknownOptionOrClassSaysSo(TorchLoss loss) {
        String good = layers(loss, new ActivationIdentity()).toJson();
        String option = good.replace("\"reduction\"", "\"temperature\" : 2, \"reduction\"");
        String type = good.replace(loss.getClass().getName(), loss.getClass().getName() + "OfTomorrow");
        String constant = good.replace("\"MEAN\"", "\"MEDIAN\"");

        assertThatThrownBy(() -> MultiLayerConfiguration.fromJson(option))
                .hasStackTraceContaining(loss.name() + " has no option 'temperature' (here 2)");
        assertThatThrownBy(() -> MultiLayerConfiguration.fromJson(type))
                .hasStackTraceContaining(loss.getClass().getName() + "OfTomorrow");
        assertThatThrownBy(() -> MultiLayerConfiguration.fromJson(constant)).hasStackTraceContaining("MEDIAN");
        assertThatThrownBy(() -> MultiLayerConfiguration.fromJson(good.substring(0, good.length() / 2)))
                .hasStackTraceContaining("end-of-input");
    }

    @EachLoss
    void anOptionOutOfRangeFailsWithItsOwnMessage(LossSpec<?, ?> spec) {
        for (OptionSpec<?, ?, ?> option : spec.allOptions()) {
            option.domain().refused().forEach((value, words) -> {
                ObjectNode json = json(spec.defaults());
                json.set(option.name(), JSON.valueToTree(value));
                assertThatThrownBy(() -> JSON.treeToValue(json, ILossFunction.class))
                        .hasMessageContaining(words);
            });
        }
    }

    @EachLoss
    void valuesAtTheEndsSurvive(LossSpec<?, ?> spec) {
        double[] weight = {
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            -0.0,
            Double.MIN_VALUE,
            Double.MAX_VALUE,
            0.1,
            1.0 / 3
        };
        for (OptionSpec<?, ?, ?> option : spec.allOptions()) {
            List<Object> values = new ArrayList<>(option.domain().extremes());
            values.addAll(option.domain().taken());
            if (option.isWeight()) {
                values.add(weight);
            }
            for (Object value : values) {
                TorchLoss loss = spec.with(option, value).build();
                MultiLayerConfiguration conf = layers(loss, new ActivationIdentity());
                assertThat(lossOf(MultiLayerConfiguration.fromJson(conf.toJson())))
                        .isEqualTo(loss);
                assertThat(lossOf(MultiLayerConfiguration.fromYaml(conf.toYaml())))
                        .isEqualTo(loss);
            }
        }
    }

    private static ObjectNode json(ILossFunction loss) {
        return JSON.valueToTree(loss);
    }

    private static ILossFunction read(ObjectNode json) {
        try {
            return JSON.treeToValue(json, ILossFunction.class);
        } catch (IOException e) {
            throw new AssertionError(json.toString(), e);
        }
    }

    // ---- whole models ----

    @Test
    void aRestoredNetworkGivesTheSameOutputAndScore() throws IOException {
        // GIVEN a network that has been trained a little
        MultiLayerNetwork net =
                new MultiLayerNetwork(layers(NLLLoss.builder().weight(1, 3).build(), new ActivationLogSoftmax()));
        net.init();
        DataSet data = new DataSet(Nd4j.rand(5, 3), Nd4j.createFromArray(new float[][] {{0}, {1}, {1}, {0}, {-100}}));
        net.fit(data);

        // WHEN
        MultiLayerNetwork restored = restored(net);

        // THEN
        INDArray output = net.output(data.getFeatures());
        assertThat(restored.output(data.getFeatures()).toFloatMatrix()).isDeepEqualTo(output.toFloatMatrix());
        assertThat(restored.score(data)).isEqualTo(net.score(data)).isFinite();
        assertThat(restored.getLayerWiseConfigurations()).isEqualTo(net.getLayerWiseConfigurations());
    }

    @Test
    void aRestoredNetworkGoesOnTrainingAsTheOriginal() throws IOException {
        MultiLayerNetwork net = new MultiLayerNetwork(layers(new NLLLoss(), new ActivationLogSoftmax()));
        net.init();
        DataSet data = new DataSet(Nd4j.rand(5, 3), Nd4j.createFromArray(new float[][] {{0}, {1}, {1}, {0}, {1}}));
        net.fit(data);
        MultiLayerNetwork restored = restored(net);

        net.fit(data);
        restored.fit(data);

        assertThat(Layout.bytes(restored.params())).isEqualTo(Layout.bytes(net.params()));
    }

    private static MultiLayerNetwork restored(MultiLayerNetwork net) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ModelSerializer.writeModel(net, file, true);
        return ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(file.toByteArray()), true);
    }

    // ---- Java serialization ----

    @ParameterizedTest
    @MethodSource("all")
    void aLossSurvivesJavaSerialization(TorchLoss loss) throws Exception {
        assertThat(javaCopy(loss)).isEqualTo(loss).isNotSameAs(loss);
    }

    @Test
    void theActivationSurvivesJavaSerialization() throws Exception {
        assertThat(javaCopy(new ActivationLogSoftmax())).isEqualTo(new ActivationLogSoftmax());
    }

    @ParameterizedTest
    @MethodSource("configured")
    void aConfigurationSurvivesJavaSerialization(TorchLoss loss) throws Exception {
        MultiLayerConfiguration conf = layers(loss, new ActivationLogSoftmax());

        MultiLayerConfiguration copy = (MultiLayerConfiguration) javaCopy(conf);

        assertThat(lossOf(copy)).isEqualTo(loss);
        assertThat(copy).isEqualTo(conf);
    }

    private static Object javaCopy(Object object) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return in.readObject();
        }
    }
}
