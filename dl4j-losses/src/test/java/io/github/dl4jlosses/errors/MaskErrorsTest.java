/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.errors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jlosses.GaussianNLLLoss;
import io.github.dl4jlosses.MSELoss;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.SpecHead;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What a mask may hold, and what is masked apart. */
class MaskErrorsTest extends Refusals {
    private static final INDArray ONE_HOT = matrix(new double[][] {{1, 0}, {0, 1}});
    private static final INDArray PRE_OUTPUT = matrix(new double[][] {{0.2, 0.9}, {0.4, 0.1}});

    @EachDefaultLoss
    void aFractionInAMaskIsRefused(TorchLoss loss) {
        INDArray mask = column(1, 0.5);

        refusedInANetwork(
                loss,
                Nd4j.ones(DataType.DOUBLE, 2, 2),
                halvesFor(loss, 2, 2),
                IDENTITY,
                mask,
                "mask must be 0 or 1, got 0.5 (row 1)",
                "example weight");
    }

    @ParameterizedTest
    @ValueSource(doubles = {2, -1, Double.NaN})
    void anyOtherNumberInAMaskIsRefused(double value) {
        elementSpecs().forEach(spec -> {
            for (int column = 0; column < 2; column++) {
                INDArray preOutput = halvesFor(spec.defaults(), 2, 2);
                refusedInANetwork(
                        spec.defaults(),
                        halves(2, 2),
                        preOutput,
                        IDENTITY,
                        Nd4j.ones(DataType.DOUBLE, preOutput.shape()).putScalar(1, column, value),
                        "mask must be 0 or 1, got " + value + " (row 1, column " + column + ")");
            }
        });
    }

    static Stream<long[]> wrongMaskShapes() {
        return Stream.of(
                new long[] {2}, new long[] {1, 1}, new long[] {3, 1}, new long[] {2, 2}, new long[] {3, 3}, new long[] {
                    2, 3, 1
                });
    }

    @ParameterizedTest
    @MethodSource("wrongMaskShapes")
    void aMaskOfAnotherShapeIsRefused(long[] shape) {
        specs().forEach(spec -> {
            INDArray preOutput = halvesFor(spec.defaults(), 2, 3);
            String perOutput =
                    spec.takesRows() ? "" : " or " + Arrays.toString(preOutput.shape()) + " (one per output)";
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> spec.defaults()
                            .computeScore(halves(2, 3), preOutput, IDENTITY, Nd4j.ones(DataType.DOUBLE, shape), false))
                    .withMessage("mask has shape " + Arrays.toString(shape)
                            + ", but must be [2, 1] (one number per row)" + perOutput);
        });
    }

    /** Where the outputs of a row depend on each other: losses of rows, and heads that make shares. */
    static Stream<Arguments> coupled() {
        return specs().flatMap(spec -> Arrays.stream(SpecHead.values())
                .filter(head -> spec.takesRows() || head.couplesOutputs())
                .filter(spec::takes)
                .map(head -> Arguments.of(spec.defaults(), head.inDl4j())));
    }

    @ParameterizedTest
    @MethodSource("coupled")
    void coupledOutputsCannotBeMaskedApart(TorchLoss loss, IActivation head) {
        INDArray preOutput = halvesFor(loss, 2, 2);
        INDArray mask = Nd4j.onesLike(preOutput).putScalar(1, 1, 0);

        refusedInANetwork(
                loss,
                ONE_HOT,
                preOutput,
                head,
                mask,
                "mask",
                "row 1",
                "the outputs of one row cannot be masked individually: ",
                "; mask the whole row (shape [2, 1])");
    }

    @Test
    void theOutputsOfASoftmaxAreToldOfALossOfIndependentClasses() {
        refusedInANetwork(
                new MSELoss(),
                ONE_HOT,
                PRE_OUTPUT,
                SOFTMAX,
                matrix(new double[][] {{1, 1}, {1, 0}}),
                "the softmax of the output layer couples them; for independent classes use BCEWithLogitsLoss");
    }

    /** The advice for classes is none for means and variances. */
    @Test
    void aLossOfPairsSaysNothingOfClasses() {
        INDArray preOutput = halves(2, 4);
        INDArray mask = Nd4j.onesLike(preOutput).putScalar(1, 1, 0);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GaussianNLLLoss().computeScore(halves(2, 2), preOutput, IDENTITY, mask, false))
                .withMessage("mask differs within row 1 (column 0 is 1.0, column 1 is 0.0), but the outputs of one row"
                        + " cannot be masked individually: GaussianNLLLoss takes a mean and a variance for each label;"
                        + " mask the whole row (shape [2, 1])");
    }

    @EachClassLoss
    void aLossOfClassesSaysWhyItsOutputsCannotBeMaskedApart(TorchLoss loss) {
        refusedInANetwork(
                loss,
                ONE_HOT,
                halves(2, 2),
                IDENTITY,
                matrix(new double[][] {{1, 1}, {1, 0}}),
                loss.name() + " has one class per row; for independent classes use BCEWithLogitsLoss");
    }

    @EachDefaultLoss
    void aMaskOfOneRowMasksTheExample(TorchLoss loss) {
        INDArray gradient =
                loss.computeGradient(matrix(new double[][] {{1, 0}}), halvesFor(loss, 1, 2), IDENTITY, column(0));

        assertThat(gradient.toDoubleVector()).containsOnly(0);
    }

    @EachDefaultLoss
    void aMaskOfTruthValuesIsAMask(TorchLoss loss) {
        INDArray mask = column(0, 1);
        INDArray preOutput = preOutputFor(loss, PRE_OUTPUT);

        assertThat(loss.computeScore(ONE_HOT, preOutput, IDENTITY, mask.castTo(DataType.BOOL), false))
                .isEqualTo(loss.computeScore(ONE_HOT, preOutput, IDENTITY, mask, false));
    }

    private static List<IActivation> heads(LossSpec<?, ?> spec) {
        return Arrays.stream(SpecHead.values())
                .filter(spec::takes)
                .map(SpecHead::inDl4j)
                .collect(Collectors.toList());
    }

    @EachDefaultLoss
    void aMaskedRowOfNanHasGradientZero(TorchLoss loss) {
        for (IActivation head : heads(LossSpecs.of(loss))) {
            INDArray preOutput = preOutputFor(loss, matrix(new double[][] {{Double.NaN, Double.NaN}, {0.4, 0.1}}));
            INDArray labels = matrix(new double[][] {{Double.NaN, Double.NaN}, {0, 1}});

            INDArray gradient = loss.computeGradient(labels, preOutput, head, column(0, 1));

            assertThat(gradient.getRow(0).toDoubleVector())
                    .as("%s under %s", loss, head)
                    .containsOnly(0);
            assertThat(gradient.getRow(1).toDoubleVector()).doesNotContain(Double.NaN);
        }
    }

    static Stream<Arguments> maskedByOutput() {
        return elementSpecs()
                .filter(spec -> !spec.takesRows())
                .flatMap(spec -> Arrays.stream(SpecHead.values())
                        .filter(head -> !head.couplesOutputs())
                        .map(head -> Arguments.of(spec.defaults(), head.inDl4j())));
    }

    @ParameterizedTest
    @MethodSource("maskedByOutput")
    void aMaskedElementOfNanHasGradientZero(TorchLoss loss, IActivation head) {
        INDArray preOutput = matrix(new double[][] {{Double.NaN, 0.3}, {0.4, 0.1}});
        INDArray labels = matrix(new double[][] {{Double.NaN, 1}, {0, 1}});
        INDArray mask = matrix(new double[][] {{0, 1}, {1, 1}});

        INDArray gradient = loss.computeGradient(labels, preOutput, head, mask);

        assertThat(gradient.getDouble(0, 0)).isZero();
        assertThat(gradient.ravel().toDoubleVector()).doesNotContain(Double.NaN);
    }
}
