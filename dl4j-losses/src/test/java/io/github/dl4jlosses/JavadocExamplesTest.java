/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.swap.LossSwap;
import io.github.dl4jlosses.swap.Scale;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;

/** The examples of the javadoc, and the numbers that stand there: read from the sources, so that they cannot drift. */
class JavadocExamplesTest {
    @EachLoss
    void theExampleOfALossHasItsExactNumber(LossSpec<?, ?> spec) throws IOException {
        JavadocExample example = JavadocExample.of(spec.type());
        TorchLoss loss = spec.defaults();

        double value = loss.value(example.input, example.target);

        double exact = example.exactly(spec.exactOf(loss)).value().doubleValue();
        assertThat(value).isCloseTo(exact, within(1e-15 * Math.max(1, Math.abs(exact))));
        assertThat(example.stated).isEqualTo(value);
    }

    @EachLoss
    void theExampleOfABuilderBuilds(LossSpec<?, ?> spec) throws ReflectiveOperationException, IOException {
        BuilderExample example = BuilderExample.of(spec.type(), spec.builder());

        TorchLoss loss = example.built();

        assertThat(loss).isNotEqualTo(spec.defaults());
        assertThat(loss.toString()).contains(example.options);
    }

    @Test
    void theExampleOfTheCommonOptionsBuilds() throws IOException {
        TorchLoss loss =
                BCELoss.builder().reduction(Reduction.SUM).miniBatch(false).build();

        assertThat(loss).hasToString("BCELoss(reduction=SUM, miniBatch=false)");
        shows(LossBuilder.class, "BCELoss.builder().reduction(Reduction.SUM).miniBatch(false).build();");
    }

    @Test
    void anEmptyMeanOnRequest() throws IOException {
        INDArray logits = Nd4j.createFromArray(new double[][] {{0, 0}});
        INDArray ignored = Nd4j.createFromArray(new long[] {-100});

        double value =
                CrossEntropyLoss.builder().emptyMean(EmptyMean.ZERO).build().value(logits, ignored);

        assertThat(value)
                .isEqualTo(stated(EmptyMean.class, "value(logits, ignored);"))
                .isZero();
    }

    @Test
    void aSumOfTwoRows() throws IOException {
        INDArray logits = Nd4j.createFromArray(new double[][] {{0, 0}, {0, 0}});
        INDArray target = Nd4j.createFromArray(new long[] {0, 1});

        double value =
                CrossEntropyLoss.builder().reduction(Reduction.SUM).build().value(logits, target);

        assertThat(value).isCloseTo(2 * Math.log(2), within(1e-15));
        assertThat(value).isEqualTo(stated(Reduction.class, "value(logits, target);"));
    }

    @Test
    void aRowOfZerosIsIgnored() throws IOException {
        INDArray logits = Nd4j.createFromArray(new double[][] {{0, 0}, {0, 0}});
        INDArray oneHot = Nd4j.createFromArray(new double[][] {{1, 0}, {0, 0}});

        double value = CrossEntropyLoss.builder()
                .targetFormat(TargetFormat.ONE_HOT)
                .build()
                .value(logits, oneHot);

        assertThat(value).isCloseTo(Math.log(2), within(1e-15));
        assertThat(value).isEqualTo(stated(TargetFormat.class, "value(logits, oneHot);"));
    }

    @Test
    void theLogarithmOfASoftmaxOfEqualLogits() throws IOException {
        INDArray z = Nd4j.createFromArray(new double[][] {{0, 0}});

        assertThat(new ActivationLogSoftmax().getActivation(z, false).toDoubleVector())
                .containsExactly(-Math.log(2), -Math.log(2));
        shows(
                ActivationLogSoftmax.class,
                "INDArray z = Nd4j.createFromArray(new double[][] {{0, 0}});",
                "getActivation(z, false); // [[" + -Math.log(2) + ", " + -Math.log(2) + "]]",
                "new OutputLayer.Builder(new NLLLoss()).activation(new ActivationLogSoftmax()).nIn(32).nOut(10).build();");
    }

    @Test
    void theLogarithmOfASoftmaxIsTheHeadOfALikelihood() {
        OutputLayer layer = new OutputLayer.Builder(new NLLLoss())
                .activation(new ActivationLogSoftmax())
                .nIn(32)
                .nOut(10)
                .build();

        assertThat(layer.getLossFn()).isEqualTo(new NLLLoss());
        assertThat(layer.getActivationFn()).isEqualTo(new ActivationLogSoftmax());
    }

    @Test
    void aLossSaysWhatItTakes() throws IOException {
        assertThat(new CrossEntropyLoss().takes()).hasToString("logits");
        assertThat(new CrossEntropyLoss().takes().isReadThrough(new ActivationSoftmax()))
                .isTrue();
        shows(
                LossInput.class,
                "new CrossEntropyLoss().takes(); // logits",
                "new CrossEntropyLoss().takes().isReadThrough(new ActivationSoftmax()); // true");
    }

    @Test
    void aLossOfAnyKindGivesAValue() throws IOException {
        INDArray logits = Nd4j.createFromArray(new double[][] {{0, 0}});
        INDArray target = Nd4j.createFromArray(new long[] {0});

        TorchLoss loss = CrossEntropyLoss.builder().labelSmoothing(.1).build();
        double value = loss.value(logits, target);

        // both classes have log 2, so any share of them has
        assertThat(value).isCloseTo(Math.log(2), within(1e-15));
        assertThat(value).isCloseTo(stated(TorchLoss.class, "loss.value(logits, target);"), within(1e-15));
    }

    @Test
    void valueAndGradientComeTogether() throws IOException {
        INDArray logits = Nd4j.createFromArray(new double[][] {{0, 0}});
        INDArray target = Nd4j.createFromArray(new long[] {0});

        LossAndGradient both = new CrossEntropyLoss().valueAndGradient(logits, target);

        assertThat(both.value()).isCloseTo(Math.log(2), within(1e-15));
        assertThat(both.value()).isEqualTo(stated(LossAndGradient.class, "both.value();"));
        shows(LossAndGradient.class, "both.gradient(); // [[-0.5, 0.5]]");
        // softmax minus one-hot
        assertThat(both.gradient().toDoubleVector()).containsExactly(-0.5, 0.5);
        assertThat(both.toString())
                .startsWith("LossAndGradient(value=0.69314718")
                .contains("gradient=[[");
    }

    @Test
    void aLossIsSwappedIntoANetwork() throws IOException {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list(new OutputLayer.Builder().nIn(2).nOut(2).build())
                .build());
        network.init();

        TorchLoss loss = CrossEntropyLoss.builder()
                .weight(1, 2)
                .targetFormat(TargetFormat.ONE_HOT)
                .build();
        MultiLayerNetwork chosen = LossSwap.swap(network, loss);

        MultiLayerNetwork kept = LossSwap.swapAll(network, Scale.DL4J).get(); // score and step as before

        assertThat(LossSwap.check(chosen.getLayerWiseConfigurations())).isEmpty();
        assertThat(kept.params()).isEqualTo(network.params());
        shows(
                LossSwap.class,
                "MultiLayerNetwork kept = LossSwap.swapAll(network, Scale.DL4J).get(); // score and step as before",
                "TorchLoss loss = CrossEntropyLoss.builder().weight(1, 2).targetFormat(TargetFormat.ONE_HOT).build();",
                "MultiLayerNetwork chosen = LossSwap.swap(network, loss);",
                "LossSwap.check(chosen.getLayerWiseConfigurations()); // []");
    }

    @Test
    void aLossOfTheFrameworkHasAnEquivalent() throws IOException {
        Optional<TorchLoss> loss = LossSwap.torchEquivalent(new LossBinaryXENT(), new ActivationSigmoid());

        assertThat(loss).hasToString("Optional[BCEWithLogitsLoss(reduction=MEAN)]");
        shows(
                LossSwap.class,
                "Optional<TorchLoss> loss = LossSwap.torchEquivalent(new LossBinaryXENT(), new ActivationSigmoid());",
                "loss.get(); // BCEWithLogitsLoss(reduction=MEAN)");
    }

    /** The number after {@code statement //} in the javadoc. */
    private static double stated(Class<?> type, String statement) throws IOException {
        Matcher comment =
                Pattern.compile(Pattern.quote(statement) + " // ([-.0-9Ee]+)").matcher(JavadocExample.source(type));
        assertThat(comment.find())
                .as("%s with its number in %s", statement, type)
                .isTrue();
        return Double.parseDouble(comment.group(1));
    }

    /** That the javadoc has the lines which a test here repeats. */
    private static void shows(Class<?> type, String... lines) throws IOException {
        assertThat(JavadocExample.source(type)).contains(lines);
    }
}
