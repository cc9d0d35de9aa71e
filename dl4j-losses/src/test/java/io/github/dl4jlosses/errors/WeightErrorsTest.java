/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.errors;

import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.OptionSpec;
import io.github.dl4jlosses.spec.TargetForm;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Weights of another number than classes or outputs are counted. */
class WeightErrorsTest extends Refusals {
    /** Losses of rows with weights of three classes. */
    static Stream<TorchLoss> threeClasses() {
        return withWeights(specsOf(TargetForm.INDEX), 1, 2, 3);
    }

    private static Stream<TorchLoss> withWeights(Stream<LossSpec<?, ?>> specs, double... weights) {
        return specs.flatMap(spec -> spec.options().stream()
                .filter(OptionSpec::isWeight)
                .map(option -> spec.with(option, weights).build()));
    }

    @ParameterizedTest
    @MethodSource("threeClasses")
    void classWeightsMustBeAsManyAsClasses(TorchLoss loss) {
        String[] words = {classes(loss).wrongWeights(), "weight has 3 numbers", "2 classes"};
        refusedDirectly(loss, halves(2, 2), indices(0, 1), words);
        if (takesPositions(loss)) {
            refusedDirectly(loss, halves(2, 2, 3), zeros(2, 3), words);
        }
        refusedInANetwork(loss, halves(2, 1), halves(2, 2), SOFTMAX, words);
    }

    @Test
    void aSingleClassWeightServesOnlyOneClass() {
        withWeights(specsOf(TargetForm.INDEX), 2)
                .forEach(loss -> refusedDirectly(loss, halves(2, 2), indices(0, 1), "weight has 1"));
    }

    @Test
    void classWeightsBesideProbabilitiesMustBeAsManyAsClasses() {
        refusedDirectly(
                CrossEntropyLoss.builder().weight(1, 2, 3).build(),
                halves(2, 2),
                halves(2, 2),
                "weight tensor should be defined either for all 2 classes",
                "weight has 3 numbers");
    }

    @ParameterizedTest
    @MethodSource("threeClasses")
    void classWeightsBesideOneHotTargetsMustBeAsManyAsClasses(TorchLoss loss) {
        LossSpec<?, ?> spec = LossSpecs.of(loss);
        INDArray oneHot = matrix(new double[][] {{1, 0}, {0, 1}});
        String[] words = {classes(loss).wrongWeights(), "weight has 3 numbers", "2 classes"};
        refusedDirectly(spec.example(TargetForm.ONE_HOT, 3).build(), halves(2, 2), oneHot, words);
        if (!spec.forms().contains(TargetForm.DENSE)) {
            // they are one-hot without being told
            refusedDirectly(loss, halves(2, 2), oneHot, words);
        }
    }

    static Stream<Arguments> threeOutputs() {
        return elementSpecs()
                .flatMap(spec ->
                        spec.options().stream().filter(OptionSpec::isWeight).map(option -> Arguments.of(spec, option)));
    }

    @ParameterizedTest
    @MethodSource("threeOutputs")
    void outputWeightsMustBeOneOrAsManyAsOutputs(LossSpec<?, ?> spec, OptionSpec<?, ?, ?> weight) {
        TorchLoss loss = spec.with(weight, new double[] {1, 2, 3}).build();
        IActivation head = spec.heads().get(0).inDl4j();
        String[] words = {weight + " has 3 numbers", "2 outputs", "one for all"};
        refusedDirectly(loss, halves(2, 2), halves(2, 2), words);
        refusedInANetwork(loss, halves(2, 2), halves(2, 2), head, words);
        refusedInANetwork(loss, halves(2, 2), halves(2, 2), IDENTITY, words);
    }

    @Test
    void weightsOfClassesAreRefusedInTorchsWords() {
        TorchLoss crossEntropy = CrossEntropyLoss.builder().weight(1, 2).build();
        String brief = "weight tensor should be defined either for all or no classes";
        String full = "weight tensor should be defined either for all 3 classes or no classes but got weight tensor of"
                + " shape: [2]";

        begins(crossEntropy, halves(2, 3), zeros(2), full);
        begins(crossEntropy, halves(2, 3, 4), zeros(2, 4), brief);
        begins(crossEntropy, halves(2, 3, 4), halves(2, 3, 4), "cross_entropy: " + full);
    }

    @Test
    void weightsOfOutputsAreRefusedInTorchsWords() {
        TorchLoss weighted = BCEWithLogitsLoss.builder().weight(1, 2).build();
        TorchLoss positive = BCEWithLogitsLoss.builder().posWeight(1, 2).build();
        String sizes = "The size of tensor a (%d) must match the size of tensor b (%d) at non-singleton dimension %d";

        begins(weighted, halves(4, 3), halves(4, 3), String.format(sizes, 3, 2, 1));
        begins(positive, halves(4, 3), halves(4, 3), String.format(sizes, 2, 3, 1));
        begins(weighted, halves(3), halves(3), String.format(sizes, 3, 2, 0));
        begins(positive, halves(3), halves(3), String.format(sizes, 2, 3, 0));
        begins(weighted, halves(4, 1), halves(4, 1), "output with shape [4, 1] doesn't match the broadcast shape");
        begins(weighted, Nd4j.scalar(.5), Nd4j.scalar(.5), "output with shape [] doesn't match the broadcast shape");
    }
}
