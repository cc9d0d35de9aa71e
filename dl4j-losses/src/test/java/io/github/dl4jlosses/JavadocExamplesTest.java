/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;

/** The examples of the javadoc, and the numbers that stand there: read from the sources, so that they cannot drift. */
class JavadocExamplesTest {
    private static final Path SOURCES = Path.of("src", "main", "java", "io", "github", "dl4jlosses");

    @Test
    void crossEntropyOfTwoRows() throws IOException {
        INDArray logits = Nd4j.createFromArray(new double[][] {{0, 0}, {0, 30}});
        INDArray target = Nd4j.createFromArray(new long[] {0, 0});

        double value = new CrossEntropyLoss().value(logits, target);

        // log 2 and log(1 + e^30)
        assertThat(value).isCloseTo((Math.log(2) + 30 + Math.log1p(Math.exp(-30))) / 2, within(1e-14));
        assertThat(value).isCloseTo(stated(CrossEntropyLoss.class, "value(logits, target);"), within(1e-14));
        shows(
                CrossEntropyLoss.class,
                "INDArray logits = Nd4j.createFromArray(new double[][] {{0, 0}, {0, 30}});",
                "INDArray target = Nd4j.createFromArray(new long[] {0, 0});");
    }

    @Test
    void likelihoodOfOneRow() throws IOException {
        INDArray logProbabilities = Nd4j.createFromArray(new double[][] {{-0.5, -1.5}});
        INDArray target = Nd4j.createFromArray(new long[] {1});

        double value = new NLLLoss().value(logProbabilities, target);

        assertThat(value).isEqualTo(1.5).isEqualTo(stated(NLLLoss.class, "value(logProbabilities, target);"));
        shows(
                NLLLoss.class,
                "INDArray logProbabilities = Nd4j.createFromArray(new double[][] {{-0.5, -1.5}});",
                "INDArray target = Nd4j.createFromArray(new long[] {1});");
    }

    @Test
    void binaryCrossEntropyOfTwoProbabilities() throws IOException {
        INDArray probability = Nd4j.createFromArray(0.5, 0.25);
        INDArray target = Nd4j.createFromArray(1.0, 0.0);

        double value = new BCELoss().value(probability, target);

        assertThat(value).isCloseTo((Math.log(2) - Math.log(0.75)) / 2, within(1e-15));
        assertThat(value).isCloseTo(stated(BCELoss.class, "value(probability, target);"), within(1e-15));
        shows(
                BCELoss.class,
                "INDArray probability = Nd4j.createFromArray(0.5, 0.25);",
                "INDArray target = Nd4j.createFromArray(1.0, 0.0);");
    }

    @Test
    void binaryCrossEntropyOfTwoLogits() throws IOException {
        INDArray logit = Nd4j.createFromArray(-20.0, 0.0);
        INDArray target = Nd4j.createFromArray(1.0, 0.0);

        double value = new BCEWithLogitsLoss().value(logit, target);

        assertThat(value).isCloseTo((20 + Math.log1p(Math.exp(-20)) + Math.log(2)) / 2, within(1e-14));
        assertThat(value).isCloseTo(stated(BCEWithLogitsLoss.class, "value(logit, target);"), within(1e-14));
        shows(
                BCEWithLogitsLoss.class,
                "INDArray logit = Nd4j.createFromArray(-20.0, 0.0);",
                "INDArray target = Nd4j.createFromArray(1.0, 0.0);");
    }

    @Test
    void divergenceOfTwoOutcomes() throws IOException {
        INDArray logProbability = Nd4j.createFromArray(new double[][] {{-0.5, -1.0}});
        INDArray target = Nd4j.createFromArray(new double[][] {{0.5, 0.5}});

        double value = new KLDivLoss().value(logProbability, target);

        // the mean of 1/2 (log 1/2 + 1/2) and 1/2 (log 1/2 + 1)
        assertThat(value).isCloseTo((1.5 - 2 * Math.log(2)) / 4, within(1e-15));
        assertThat(value).isCloseTo(stated(KLDivLoss.class, "value(logProbability, target);"), within(1e-15));
        shows(
                KLDivLoss.class,
                "INDArray logProbability = Nd4j.createFromArray(new double[][] {{-0.5, -1.0}});",
                "INDArray target = Nd4j.createFromArray(new double[][] {{0.5, 0.5}});");
    }

    @Test
    void huberLossOfASmallAndALargeDistance() throws IOException {
        INDArray prediction = Nd4j.createFromArray(0.5, 3.0);
        INDArray target = Nd4j.createFromArray(0.0, 0.0);

        double value = new HuberLoss().value(prediction, target);

        // the mean of 1/2 1/4 and of 3 - 1/2
        assertThat(value).isEqualTo(1.3125).isEqualTo(stated(HuberLoss.class, "value(prediction, target);"));
        shows(
                HuberLoss.class,
                "INDArray prediction = Nd4j.createFromArray(0.5, 3.0);",
                "INDArray target = Nd4j.createFromArray(0.0, 0.0);");
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
                "getActivation(z, false); // [[" + -Math.log(2) + ", " + -Math.log(2) + "]]");
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
    void theActivationIsTheHeadOfALikelihood() {
        OutputLayer layer = new OutputLayer.Builder(new NLLLoss())
                .activation(new ActivationLogSoftmax())
                .nIn(32)
                .nOut(10)
                .build();

        assertThat(layer.getLossFn()).isEqualTo(new NLLLoss());
        assertThat(layer.getActivationFn()).isEqualTo(new ActivationLogSoftmax());
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
        MultiLayerNetwork swapped = LossSwap.swap(network, loss);

        assertThat(LossSwap.check(swapped.getLayerWiseConfigurations())).isEmpty();
        shows(
                LossSwap.class,
                "TorchLoss loss = CrossEntropyLoss.builder().weight(1, 2).targetFormat(TargetFormat.ONE_HOT).build();",
                "MultiLayerNetwork swapped = LossSwap.swap(network, loss);",
                "LossSwap.check(swapped.getLayerWiseConfigurations()); // []");
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

    @Test
    void theBuildersExamplesBuild() {
        assertThat(CrossEntropyLoss.builder().weight(1, 2).labelSmoothing(.1).build())
                .hasToString(
                        "CrossEntropyLoss(weight=[1.0, 2.0], ignoreIndex=-100, reduction=MEAN, labelSmoothing=0.1)");
        assertThat(NLLLoss.builder().weight(1, 2).ignoreIndex(255).build())
                .hasToString("NLLLoss(weight=[1.0, 2.0], ignoreIndex=255, reduction=MEAN)");
        assertThat(BCELoss.builder().weight(1, 2, 1).build())
                .hasToString("BCELoss(weight=[1.0, 2.0, 1.0], reduction=MEAN)");
        assertThat(BCEWithLogitsLoss.builder().posWeight(1, 9).build())
                .hasToString("BCEWithLogitsLoss(posWeight=[1.0, 9.0], reduction=MEAN)");
        assertThat(KLDivLoss.builder().reduction(Reduction.BATCHMEAN).build())
                .hasToString("KLDivLoss(reduction=BATCHMEAN)");
        assertThat(HuberLoss.builder().delta(0.5).build()).hasToString("HuberLoss(reduction=MEAN, delta=0.5)");
        assertThat(BCELoss.builder().reduction(Reduction.SUM).miniBatch(false).build())
                .hasToString("BCELoss(reduction=SUM, miniBatch=false)");
    }

    /** The number after {@code statement //} in the javadoc. */
    private static double stated(Class<?> type, String statement) throws IOException {
        Matcher comment =
                Pattern.compile(Pattern.quote(statement) + " // ([-.0-9Ee]+)").matcher(source(type));
        assertThat(comment.find())
                .as("%s with its number in %s", statement, type)
                .isTrue();
        return Double.parseDouble(comment.group(1));
    }

    /** That the javadoc has the lines which a test here repeats. */
    private static void shows(Class<?> type, String... lines) throws IOException {
        assertThat(source(type)).contains(lines);
    }

    private static String source(Class<?> type) throws IOException {
        return Files.readString(SOURCES.resolve(type.getSimpleName() + ".java"));
    }
}
