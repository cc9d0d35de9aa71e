/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.GaussianNLLLoss;
import io.github.dl4jlosses.HingeEmbeddingLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.LossBuilder;
import io.github.dl4jlosses.LossInput;
import io.github.dl4jlosses.MultiLabelSoftMarginLoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.PoissonNLLLoss;
import io.github.dl4jlosses.SoftMarginLoss;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.Variance;
import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.TargetRange;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;

/** Reports of activations that do not go with their loss, in layers and graphs. */
class LossSwapActivationCheckTest extends CheckedNetworks {
    @Test
    void anActivationBeforeALossThatTakesLogitsIsReported() {
        assertThat(check(output(new CrossEntropyLoss(), SIGMOID)))
                .containsExactly("layer 0 'layer0' (OutputLayer): CrossEntropyLoss takes logits, but gets the output of"
                        + " activation sigmoid; set activation softmax or identity");
        assertThat(check(output(new CrossEntropyLoss(), RELU))).hasSize(1);
        assertThat(check(output(new BCEWithLogitsLoss(), LOG_SOFTMAX))).hasSize(1);
        assertThat(check(output(new BCEWithLogitsLoss(), TANH))).hasSize(1);
    }

    @Test
    void theDefaultActivationOfAnOutputLayerIsReportedUnderABinaryLoss() {
        assertThat(check(output(new BCEWithLogitsLoss())))
                .containsExactly(
                        "layer 0 'layer0' (OutputLayer): BCEWithLogitsLoss takes logits, but gets the output of"
                                + " activation softmax, the default of OutputLayer; set activation sigmoid or identity");
    }

    @Test
    void theDefaultActivationOfAnOutputLayerForSequencesIsReportedUnderABinaryLoss() {
        assertThat(check(sequences(new BCEWithLogitsLoss())))
                .containsExactly(
                        "layer 0 'layer0' (RnnOutputLayer): BCEWithLogitsLoss takes logits, but gets the output"
                                + " of activation softmax, the default of RnnOutputLayer; set activation sigmoid or identity");
    }

    @Test
    void softmaxIsNotCalledTheDefaultWhereItIsNot() {
        assertOneFinding(check(centerLoss(new BCEWithLogitsLoss())), "activation softmax; set");
    }

    @Test
    void aLayerWithoutActivationIsReported() {
        MultiLayerConfiguration conf = new NeuralNetConfiguration.Builder()
                .list(output(new CrossEntropyLoss()))
                .build();
        ((OutputLayer) conf.getConf(0).getLayer()).setActivationFn(null);

        assertThat(LossSwap.check(conf))
                .containsExactly(
                        "layer 0 'layer0' (OutputLayer): it has no activation; set activation softmax or identity");
    }

    @Test
    void theDefaultActivationsThatSurpriseAreReported() {
        CrossEntropyLoss loss = new CrossEntropyLoss();
        Layer images = new ConvolutionLayer.Builder(1, 1)
                .activation(Activation.IDENTITY)
                .nIn(4)
                .nOut(3)
                .build();

        assertThat(check(sequencesBelow(), new RnnLossLayer.Builder(loss).build()))
                .containsExactly(
                        "layer 1 'layer1' (RnnLossLayer): CrossEntropyLoss takes logits, but gets the output of"
                                + " activation sigmoid, the default of RnnLossLayer; set activation softmax or identity");
        assertOneFinding(check(images, new CnnLossLayer.Builder(loss).build()), "sigmoid, the default of CnnLossLayer");
        assertOneFinding(
                check(new CenterLossOutputLayer.Builder(loss).nIn(4).nOut(3).build()),
                "sigmoid, the default of CenterLossOutputLayer");
        assertOneFinding(
                check(images, new CnnLossLayer.Builder(new NLLLoss()).build()),
                "NLLLoss takes log-probabilities",
                "set activation softmax or ActivationLogSoftmax");
    }

    @Test
    void rawOutputsForALossThatTakesProbabilitiesAreReported() {
        assertThat(check(output(new NLLLoss(), IDENTITY)))
                .containsExactly(
                        "layer 0 'layer0' (OutputLayer): NLLLoss takes log-probabilities, but activation identity"
                                + " gives it numbers of any size; set activation softmax or ActivationLogSoftmax");
        assertThat(check(output(new KLDivLoss(), IDENTITY))).hasSize(1);
        assertThat(check(output(new BCELoss(), IDENTITY)))
                .containsExactly("layer 0 'layer0' (OutputLayer): BCELoss takes probabilities, but activation identity"
                        + " gives it numbers of any size; set activation sigmoid");
        assertThat(check(output(new BCELoss(), TANH))).hasSize(1);
        assertThat(check(dense(SOFTMAX), loss(new NLLLoss(), IDENTITY)))
                .containsExactly("layer 1 'layer1' (LossLayer): NLLLoss takes log-probabilities, but gets the output of"
                        + " activation softmax of the DenseLayer below; set activation softmax or"
                        + " ActivationLogSoftmax here, above identity there");
        assertThat(check(dense(IDENTITY), loss(new BCELoss(), IDENTITY))).hasSize(1);
    }

    @Test
    void anActivationOfTheLayerBelowThatIsAppliedAgainIsReported() {
        assertThat(check(dense(SOFTMAX), loss(new CrossEntropyLoss(), SOFTMAX)))
                .containsExactly("layer 1 'layer1' (LossLayer): activation softmax of the DenseLayer below is applied"
                        + " before CrossEntropyLoss applies a softmax of its own; set activation identity there");
        assertThat(check(dense(IDENTITY), new ActivationLayer(SIGMOID), loss(new BCEWithLogitsLoss(), IDENTITY)))
                .containsExactly(
                        "layer 2 'layer2' (LossLayer): activation sigmoid of the ActivationLayer below is applied"
                                + " before BCEWithLogitsLoss applies a sigmoid of its own; set activation identity there");
        assertThat(check(dense(SOFTMAX), new DropoutLayer.Builder(0.5).build(), loss(new NLLLoss(), LOG_SOFTMAX)))
                .hasSize(1);
        assertThat(check(dense(SIGMOID), loss(new BCELoss(), SIGMOID))).hasSize(1);
        assertThat(check(dense(LOG_SOFTMAX), loss(new BCEWithLogitsLoss(), IDENTITY)))
                .hasSize(1);
        assertOneFinding(LossSwap.check(images(1, SIGMOID)), "of the ConvolutionLayer below");
    }

    @Test
    void layersThatChangeNoValuesHideNoActivationBelowThem() {
        String expected = "activation softmax of the DenseLayer below is applied before CrossEntropyLoss applies";

        assertOneFinding(
                check(dense(SOFTMAX), new ActivationLayer(IDENTITY), loss(new CrossEntropyLoss(), SOFTMAX)), expected);
        for (Layer frozen : List.of(new FrozenLayer(dense(SOFTMAX)), new FrozenLayerWithBackprop(dense(SOFTMAX)))) {
            assertThat(check(frozen, loss(new CrossEntropyLoss(), SOFTMAX)))
                    .as("%s", frozen)
                    .singleElement()
                    .asString()
                    .contains(expected);
        }
    }

    @Test
    void aSoftmaxOverOneOutputIsReported() {
        assertThat(check(output(new NLLLoss(), LOG_SOFTMAX, 1)))
                .containsExactly("layer 0 'layer0' (OutputLayer): the softmax of one output is always 1, so nothing is"
                        + " learned; give it two outputs, or use BCEWithLogitsLoss with activation sigmoid");
        assertThat(check(output(new CrossEntropyLoss(), IDENTITY, 1))).hasSize(1);
        assertThat(check(dense(IDENTITY, 1), loss(new CrossEntropyLoss(), SOFTMAX)))
                .hasSize(1);
        assertThat(check(output(new KLDivLoss(), SOFTMAX, 1))).hasSize(1);
    }

    @Test
    void aLossOfRowsUnderASigmoidMayHaveOneOutput() {
        assertThat(check(output(new MultiLabelSoftMarginLoss(), SIGMOID, 1))).isEmpty();
    }

    @Test
    void theUsualActivationOfALossIsNotReported() {
        for (LossSpec<?, ?> spec : LossSpecs.all()) {
            assertThat(check(output(
                            spec.defaults(), usual(spec), 3 * spec.defaults().outputsPerLabel())))
                    .as(spec.lossName())
                    .isEmpty();
        }
    }

    /** Variances that are taken as they are must not be negative. */
    private static IActivation usual(LossSpec<?, ?> spec) {
        return spec.defaults().outputsPerLabel() > 1
                ? SOFTPLUS
                : spec.heads().get(0).inDl4j();
    }

    /** Tables and messages name them. */
    @Test
    void noActivationThatIsAdvisedIsReported() {
        for (LossSpec<?, ?> spec : LossSpecs.all()) {
            for (LossBuilder<?> builder : spec.atExtremes()) {
                TorchLoss loss = builder.build();
                for (String advised : loss.takes().advised().split(" or ", -1)) {
                    IActivation activation = advised.equals("ActivationLogSoftmax")
                            ? LOG_SOFTMAX
                            : Activation.fromString(advised).getActivationFunction();
                    assertThat(check(output(loss, activation)))
                            .as("%s under %s", loss, advised)
                            .noneMatch(finding -> finding.contains(" takes "));
                }
            }
        }
    }

    static Stream<TorchLoss> regressions() {
        return LossSpecs.all().stream()
                .filter(spec -> spec.defaults().outputsPerLabel() == 1)
                .filter(spec -> !spec.isPerRow() && spec.targetsOf(spec.defaults()) == TargetRange.LIKE_INPUT)
                .map(LossSpec::defaults);
    }

    @ParameterizedTest
    @MethodSource("regressions")
    void aSoftmaxBeforeARegressionIsReportedAndNoOtherActivation(TorchLoss loss) {
        assertThat(check(output(loss)))
                .containsExactly(
                        "layer 0 'layer0' (OutputLayer): " + loss.name() + " takes numbers of any size, but gets the"
                                + " output of activation softmax, the default of OutputLayer; set activation identity");
        assertThat(check(output(loss, SOFTMAX, 1))).hasSize(1);
        assertOneFinding(check(dense(SOFTMAX), loss(loss, IDENTITY)), "activation softmax of the DenseLayer below");
        assertThat(check(output(loss, IDENTITY))).isEmpty();
        assertThat(check(output(loss, TANH))).isEmpty();
        assertThat(check(dense(SIGMOID), loss(loss, IDENTITY))).isEmpty();
    }

    @Test
    void variancesThatMayBeNegativeAreReported() {
        GaussianNLLLoss asGiven = new GaussianNLLLoss();

        assertThat(check(output(asGiven, IDENTITY, 4)))
                .containsExactly(
                        "layer 0 'layer0' (OutputLayer): negative variances are refused, but activation identity"
                                + " gives negative numbers too; use variance(EXP) or variance(SOFTPLUS), or an activation that"
                                + " gives no negative numbers");
        assertOneFinding(check(dense(TANH, 4), loss(asGiven, IDENTITY)), "activation tanh");
        assertThat(check(output(asGiven, SOFTPLUS, 4))).isEmpty();
        assertThat(check(dense(RELU, 4), loss(asGiven, IDENTITY))).isEmpty();
        for (Variance variance : List.of(Variance.EXP, Variance.SOFTPLUS)) {
            assertThat(check(output(GaussianNLLLoss.builder().variance(variance).build(), IDENTITY, 4)))
                    .isEmpty();
        }
    }

    private static final TorchLoss OF_RATES =
            PoissonNLLLoss.builder().logInput(false).build();

    @Test
    void aNumberOfAnySignForALossOfRatesIsReported() {
        assertThat(check(output(OF_RATES, IDENTITY)))
                .containsExactly("layer 0 'layer0' (OutputLayer): PoissonNLLLoss takes rates, which are above 0, but"
                        + " activation identity gives it numbers of any size; set activation softplus");
        assertThat(check(output(OF_RATES, TANH)))
                .containsExactly(
                        "layer 0 'layer0' (OutputLayer): PoissonNLLLoss takes rates, which are above 0, but gets"
                                + " the output of activation tanh; set activation softplus");
        assertOneFinding(check(dense(TANH), loss(OF_RATES, IDENTITY)), "activation tanh of the DenseLayer below");
        for (IActivation positive : List.of(SOFTPLUS, SIGMOID, RELU)) {
            assertThat(check(output(OF_RATES, positive))).isEmpty();
            assertThat(check(dense(positive), loss(OF_RATES, IDENTITY))).isEmpty();
        }
    }

    @Test
    void whatSquashesTheLogarithmsOfRatesIsReported() {
        assertThat(check(output(new PoissonNLLLoss(), SOFTPLUS)))
                .containsExactly(
                        "layer 0 'layer0' (OutputLayer): PoissonNLLLoss takes logarithms of rates, but gets the"
                                + " output of activation softplus; set activation identity");
        assertThat(check(output(new PoissonNLLLoss(), IDENTITY))).isEmpty();
    }

    @Test
    void whatSquashesScoresIsReported() {
        assertThat(check(output(new SoftMarginLoss(), TANH)))
                .containsExactly("layer 0 'layer0' (OutputLayer): SoftMarginLoss takes scores, but gets the output of"
                        + " activation tanh; set activation identity");
        assertOneFinding(
                check(dense(SIGMOID), loss(new SoftMarginLoss(), IDENTITY)),
                "set activation identity here, above identity there");
        assertThat(check(output(new SoftMarginLoss(), SOFTMAX, 1))).hasSize(1);
    }

    @Test
    void aDistanceBelowZeroIsReported() {
        assertThat(check(output(new HingeEmbeddingLoss(), TANH)))
                .containsExactly(
                        "layer 0 'layer0' (OutputLayer): HingeEmbeddingLoss takes distances, but gets the output"
                                + " of activation tanh; set activation identity or softplus");
        assertThat(check(output(new HingeEmbeddingLoss(), SOFTPLUS))).isEmpty();
        assertThat(check(output(new HingeEmbeddingLoss(), IDENTITY))).isEmpty();
        assertThat(check(output(new HingeEmbeddingLoss()))).hasSize(1);
    }

    /** For each loss there is an activation that belongs to it, and one whose output it cannot mean. */
    @Test
    void eachKindOfInputHasActivationsThatGiveItAndOthers() {
        for (LossInput input : LossInput.values()) {
            List<IActivation> all = Stream.of(Activation.values())
                    .map(Activation::getActivationFunction)
                    .collect(Collectors.toList());

            assertThat(all).as("%s", input).anyMatch(activation -> !input.isGivenBy(activation));
            assertThat(Stream.concat(all.stream(), Stream.of(LOG_SOFTMAX)))
                    .as("%s", input)
                    .anyMatch(input::isGivenBy);
        }
    }

    @Test
    void eachOutputOfAGraphIsCheckedAndNamed() {
        assertThat(LossSwap.check(graph(SIGMOID, SOFTMAX)))
                .containsExactly(
                        "output 'kind' (OutputLayer): CrossEntropyLoss takes logits, but gets the output of activation"
                                + " sigmoid; set activation softmax or identity",
                        "output 'tags' (LossLayer): BCEWithLogitsLoss takes logits, but gets the output of activation"
                                + " softmax; set activation sigmoid or identity");
    }

    @Test
    void theLayerBelowAGraphsOutputIsSeen() {
        ComputationGraphConfiguration conf = graph(SOFTMAX, SIGMOID);
        DenseLayer below = (DenseLayer) LossPlace.of(conf, "tags").below().get(0);
        below.setActivationFn(SIGMOID);

        assertThat(LossSwap.check(conf))
                .containsExactly(
                        "output 'tags' (LossLayer): activation sigmoid of the DenseLayer below is applied before"
                                + " BCEWithLogitsLoss applies a sigmoid of its own; set activation identity there");
    }
}
