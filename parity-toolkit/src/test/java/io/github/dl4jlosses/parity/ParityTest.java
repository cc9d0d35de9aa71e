/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.github.dl4jlosses.ActivationLogSoftmax;
import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.Reduction;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;
import org.nd4j.linalg.ops.transforms.Transforms;

/** What passes a check and what does not. */
class ParityTest {

    @Test
    void meanSquaredErrorOfDl4jIsTorchs() {
        Parity.of(new LossMSE()).against("torch.mse_loss(x, t)").check();
    }

    @Test
    void absoluteErrorOfDl4jIsTorchs() {
        Parity.of(new LossMAE())
                .against("torch.l1_loss(x, t)")
                .activation(Activation.TANH)
                .targets(Targets.normal())
                .check();
    }

    @Test
    void sumsOverRowsAreComparedWithTorchsSums() {
        Parity.of(new LossL2())
                .against("torch.mse_loss(x, t, 2)")
                .summedOverRows()
                .check();
    }

    @Test
    void aDivisorDividesWhatDl4jSumsOverOutputs() {
        Parity perElement = Parity.of(new LossBinaryXENT())
                .against("torch.binary_cross_entropy(x, t)")
                .activation(Activation.SIGMOID)
                .targets(Targets.zeroOrOne())
                .shape(6, 4)
                .magnitudes(1);

        perElement.dividedBy(4).check();
        assertThat(perElement.compare().passed()).isFalse();
    }

    @Test
    void crossEntropyOfDl4jIsTorchsWhereNothingIsClipped() {
        Parity.of(new LossMCXENT())
                .against("torch.cross_entropy_loss(z, t)")
                .activation(Activation.SOFTMAX)
                .targets(Targets.oneHot())
                .magnitudes(1)
                .check();
    }

    @Test
    void classIndicesComeAsALayerHandsThemOver() {
        Parity.of(new LossSparseMCXENT())
                .against("torch.cross_entropy_loss(z, t)")
                .activation(Activation.SOFTMAX)
                .targets(Targets.classIndices())
                .magnitudes(1)
                .check();
    }

    @Test
    void theFiveLossesOfThisLibraryPassAtAnyMagnitude() {
        Parity.of(new BCELoss())
                .against("torch.binary_cross_entropy(x, t)")
                .activation(Activation.SIGMOID)
                .check();
        Parity.of(BCEWithLogitsLoss.builder().posWeight(3).build())
                .against("torch.binary_cross_entropy_with_logits(z, t, None, torch.tensor([3.0]))")
                .activation(Activation.SIGMOID)
                .magnitudes(1, 100)
                .check();
        Parity.of(new NLLLoss())
                .against("torch.nll_loss_nd(x, t)")
                .activation(new ActivationLogSoftmax(), "torch.log_softmax(z, 1)")
                .targets(Targets.classIndices())
                .magnitudes(1, 100)
                .check();
        Parity.of(CrossEntropyLoss.builder().labelSmoothing(0.1).build())
                .against("torch.cross_entropy_loss(z, t, None, 1, -100, 0.1)")
                .activation(Activation.SOFTMAX)
                .targets(Targets.classIndices())
                .dtypes(DataType.DOUBLE, DataType.FLOAT)
                .magnitudes(1, 100)
                .check();
        Parity.of(KLDivLoss.builder().reduction(Reduction.BATCHMEAN).build())
                .against("torch.kl_div(torch.log_softmax(z, 1), t, 2) / z.size(0)")
                .activation(Activation.SOFTMAX)
                .targets(Targets.probabilities())
                .check();
    }

    @Test
    void halfPrecisionHasToleranceOfItsOwn() {
        Parity half = Parity.of((x, t) -> x.mul(t).mul(1.0009)).against("x * t");

        half.dtypes(DataType.BFLOAT16).check();
        assertThat(half.dtypes(DataType.FLOAT16).compare().passed()).isFalse();
    }

    @Test
    void torchsFloat64ResultDecidesWhereItIsAskedTo() {
        Parity half = Parity.of(new BCEWithLogitsLoss())
                .against("torch.binary_cross_entropy_with_logits(z, t)")
                .dtypes(DataType.BFLOAT16);

        assertThat(half.compare().passed()).as("torch cancels").isFalse();
        half.float64Decides().check();
        assertThat(half.float64Decides().dividedBy(1.1).compare().passed()).isFalse();
    }

    @Test
    void maskedRowsAreThoseOfTheExpression() {
        Parity masked = Parity.of(new BCEWithLogitsLoss())
                .shapes(new long[] {5, 3}, new long[] {1, 2})
                .masked();

        masked.against("torch.sum(torch.binary_cross_entropy_with_logits(z, t, None, None, 0) * m)"
                        + " / (torch.sum(m) * z.size(1))")
                .check();
        Parity unmasked = masked.against("torch.binary_cross_entropy_with_logits(z, t)");
        assertThat(unmasked.compare().passed()).isFalse();
    }

    @Test
    void targetsCanBeSupplied() {
        Parity.of(new LossMSE())
                .against("torch.mean(torch.pow(x - t, 2))")
                .shape(1, 1)
                .targets(Targets.of((shape, random) -> Nd4j.createFromArray(new int[][] {{random.nextInt(9)}})))
                .check();
    }

    @Test
    void inputsCanBeDrawnFromTheDomainOfTheFunction() {
        Parity logarithm = Parity.of((x, t) -> Transforms.log(x)).against("torch.log(x)");

        logarithm.inputs(Random::nextDouble).check();
    }

    @Test
    void aFunctionOfArraysNeedsNoGradient() {
        Parity.of((x, t) -> x.mul(t).sum(1)).against("torch.sum(x * t, [1])").check();
    }

    @Test
    void aFunctionWithoutGradientMayBeOneThatHasNone() {
        Parity classes = Parity.of((x, t) -> Nd4j.argMax(x, 1));

        classes.against("torch.argmax(x, 1)").check();
        assertThat(classes.against("torch.argmin(x, 1)").compare().passed()).isFalse();
    }

    @Test
    void theGradientOfAFunctionIsThatOfItsSum() {
        Parity.of((x, t) -> x.mul(x).mul(t), (x, t) -> x.mul(t).mul(2))
                .against("x * x * t")
                .shape(2, 3, 4)
                .check();
        assertThat(message(
                        Parity.of((x, t) -> x.mul(x).mul(t), (x, t) -> x.mul(t)).against("x * x * t")))
                .contains("value[", "agrees", "gradient[");
    }

    @Test
    void aGradientOfAnotherDtypeFails() {
        assertThat(message(Parity.of((x, t) -> x.mul(t), (x, t) -> t.castTo(DataType.DOUBLE))
                        .against("x * t")))
                .contains("the gradient of the gradient is of type DOUBLE, its input FLOAT");
    }

    @Test
    void aGradientOfAnotherShapeFails() {
        assertThat(message(
                        Parity.of((x, t) -> x.mul(t), (x, t) -> t.reshape(-1)).against("x * t")))
                .contains("has the shape [2], its input [1, 2]");
    }

    @Test
    void aLossNeedsAnExpressionOfOneNumber() {
        refused(
                "torch.mse_loss(x, t, 0) gives numbers of the shape [1, 2]",
                Parity.of(new LossMSE()).against("torch.mse_loss(x, t, 0)")::check);
        refused(
                "put (..).mean() or (..).sum() around it",
                Parity.of(new LossMSE()).against("(x - t) ** 2")::check);
        assertThat(message(Parity.of((x, t) -> x.sum()).against("x").shape(1, 2)))
                .contains("the counts of numbers differ: value (the function) has 1, torch's expression 2");
    }

    @Test
    void nothingButNaNIsNoProof() {
        Parity noProof =
                Parity.of((x, t) -> Transforms.log(x)).against("torch.log(x)").inputs(random -> -1);

        assertThatThrownBy(noProof::check).isInstanceOf(AssertionError.class).hasMessageContaining("nothing but NaN");
    }

    @Test
    void whatTheFunctionThrowsFailsTheCheckAndIsItsCause() {
        IllegalStateException thrown = new IllegalStateException("no");

        assertThatThrownBy(() -> Parity.of((x, t) -> {
                            throw thrown;
                        })
                        .against("x")
                        .check())
                .isInstanceOf(AssertionError.class)
                .hasCause(thrown)
                .hasMessageContaining(".seed(1L)");
    }

    @Test
    void whatTorchRejectsIsAnErrorOfTheExpression() {
        Parity parity = Parity.of(new LossMSE());
        refused("torch.no_such_loss(x, t)", parity.against("torch.no_such_loss(x, t)")::check);
        refused(
                "mat1 and mat2 shapes cannot be multiplied",
                parity.against("torch.mm(x, t)").shape(2, 3)::check);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            F.smooth_l1_loss(x, t)              | undefined value F. Write torch.smooth_l1_loss for F.smooth_l1_loss, with its
            torch.nn.functional.nll_loss(x, t)  | Write torch.nll_loss_nd for torch.nn.functional.nll_loss, with its
            nn.functional.cross_entropy(z, t)   | Write torch.cross_entropy_loss for nn.functional.cross_entropy, with its
            torch.nn.MSELoss()(x, t)            | functions of ATen, such as torch.cross_entropy_loss for F.cross_entropy. The table
            torch.cross_entropy(z, t)           | Unknown builtin op: aten::cross_entropy. Expressions call the functions of ATen
            torch.l1_loss(x, t, reduction='sum')| A reduction is a number: 0 none, 1 mean, 2 sum. The table of expressions
            torch.mse_loss(x, y)                | undefined value y. There are z, x, t and torch, and m after masked(). The table
            torch.sum(x * m)                    | undefined value m. The mask m is there after masked(), on the command line
            torch.mse_loss(x, t                 | expected ) at the end
            """)
    void anExpressionThatTorchDoesNotCompileSaysWhatIsMeant(String expression, String advice) {
        assertThatIllegalArgumentException()
                .isThrownBy(Parity.of(new LossMSE()).against(expression)::check)
                .withMessageStartingWith("torch does not compile " + expression + ": ")
                .withMessageContaining(advice)
                .withNoCause()
                .extracting(Throwable::getMessage, as(STRING))
                .doesNotContain("__torch__", "HERE", "..", "z = ");
    }

    @Test
    void ofSeveralLinesTheWrongOneIsNamed() {
        refused(
                "undefined value y, in the line d = x - y. There are",
                Parity.of(new LossMSE()).against("d = x - y\nd.mean()")::check);
    }

    @Test
    void aToleranceReplacesThatOfEachType() {
        Parity tenth = Parity.of((x, t) -> x.mul(1.1)).against("x");

        tenth.tolerance(0.1001, 0).check();
        assertThat(tenth.tolerance(0.0999, 0).compare().failedCases()).isEqualTo(60);
    }

    @Test
    void everyCombinationIsACase() {
        ParityResult result = Parity.of(new LossMSE())
                .against("torch.mse_loss(x, t)")
                .shapes(new long[] {1, 1}, new long[] {2, 2}, new long[] {3, 3})
                .dtypes(DataType.FLOAT)
                .magnitudes(1, 2, 3, 4)
                .cases(7)
                .compare();

        assertThat(result.cases()).isEqualTo(84);
        assertThat(result.message()).startsWith("LossMSE() equals torch.mse_loss(x, t): 84 cases, 952 numbers");
    }

    @Test
    void anOptionGivesAnotherObject() {
        Parity first = Parity.of(new LossMSE()).against("torch.mse_loss(x, t)");

        assertThat(first.against("torch.l1_loss(x, t)").compare().passed()).isFalse();
        assertThat(first.compare().passed()).isTrue();
    }

    @Test
    void theArgumentsOfOneCallAreNotThoseOfTheNext() {
        // DL4J's own losses write the activated output into the pre-output
        Parity.of((x, t) -> x.muli(t), (x, t) -> {
                    x.assign(Double.NaN);
                    return t;
                })
                .against("x * t")
                .check();
    }

    @Test
    void nanWhereTorchHasANumberFails() {
        IActivation mish = Activation.MISH.getActivationFunction();
        Parity gradient = Parity.of(
                        (z, t) -> mish.getActivation(z, true),
                        (z, t) -> mish.backprop(z, Nd4j.onesLike(z)).getFirst())
                .against("torch.mish(z)")
                .on(Nd4j.createFromArray(new float[][] {{25}}), Nd4j.ones(1, 1))
                .dtypes(DataType.FLOAT);

        assertThat(gradient.compare().message())
                .contains("gradient[0, 0]: NaN, but torch 1.0", "not countable in ulp", ".dtypes(DataType.FLOAT)");
    }

    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"HARDSIGMOID", "RATIONALTANH", "RECTIFIEDTANH", "RELU6", "RRELU", "THRESHOLDEDRELU", "GELU"})
    void theActivationsAreTorchs(Activation activation) {
        IActivation function = activation.getActivationFunction();
        Parity.of(
                        (z, t) -> function.getActivation(z, true),
                        (z, t) -> function.backprop(z, Nd4j.onesLike(z)).getFirst())
                .activation(activation)
                .against("x")
                // DL4J's gradient of Mish is NaN from some 22 on in float32
                .magnitudes(activation == Activation.MISH ? 1 : 10)
                .check();
    }

    @Test
    void anActivationThatTorchDoesNotHaveNeedsAnExpression() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Parity.of(new LossMSE()).activation(Activation.RATIONALTANH))
                .withMessageContaining("RATIONALTANH")
                .withMessageContaining("SIGMOID");
        Parity.of(new LossMSE())
                .activation(new ActivationLReLU(0.2), "torch.leaky_relu(z, 0.2)")
                .against("torch.mse_loss(x, t)")
                .check();
    }

    @Test
    void senselessOptionsAreRefused() {
        Parity parity = Parity.of(new LossMSE());

        refused("[[3, 0]]", () -> parity.shape(3, 0));
        assertThatIllegalArgumentException().isThrownBy(parity::shape);
        assertThatIllegalArgumentException().isThrownBy(parity::shapes);
        assertThatIllegalArgumentException().isThrownBy(parity::dtypes);
        refused("INT", () -> parity.dtypes(DataType.INT32));
        assertThatIllegalArgumentException().isThrownBy(parity::magnitudes);
        assertThatIllegalArgumentException().isThrownBy(() -> parity.magnitudes(Double.NaN));
        refused("got 0", () -> parity.cases(0));
        assertThatIllegalArgumentException().isThrownBy(() -> parity.dividedBy(0));
        assertThatIllegalArgumentException().isThrownBy(() -> parity.tolerance(-1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> parity.against(" "));
        assertThatIllegalArgumentException().isThrownBy(() -> parity.targets(null));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Parity.of((LossMSE) null))
                .withMessage("The loss is null");
    }

    private static void refused(String words, ThrowingCallable use) {
        assertThatIllegalArgumentException().isThrownBy(use).withMessageContaining(words);
    }

    @Test
    void aCheckWithoutExpressionIsRefused() {
        assertThatIllegalStateException()
                .isThrownBy(Parity.of(new LossMSE())::check)
                .withMessageContaining("against");
    }

    @Test
    void aGivenCaseHasNoMask() {
        INDArray one = Nd4j.ones(1, 1);
        assertThatIllegalStateException()
                .isThrownBy(Parity.of(new LossMSE())
                        .against("torch.mse_loss(x, t)")
                        .on(one, one)
                        .masked()::check)
                .withMessageContaining("mask");
    }

    private static String message(Parity parity) {
        return parity.compare().message();
    }
}
