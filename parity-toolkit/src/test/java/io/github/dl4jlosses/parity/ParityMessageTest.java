/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.ops.transforms.Transforms;

/** What the message of a failure tells. */
class ParityMessageTest {
    private static final Parity BINARY = Parity.of(new LossBinaryXENT())
            .against("torch.binary_cross_entropy_with_logits(z, t)")
            .activation(Activation.SIGMOID);

    @Test
    void theMessageSaysThatBinaryCrossEntropyOfDl4jClips() {
        Parity clipped = BINARY.dtypes(DataType.DOUBLE)
                .on(Nd4j.createFromArray(new double[][] {{-20}}), Nd4j.createFromArray(new double[][] {{1}}));
        double torch = Math.log1p(Math.exp(20));
        double clip = -Math.log(1e-5);

        assertThatThrownBy(clipped::check)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("value: " + clip + ", but torch " + torch)
                .hasMessageContaining("absolute %.4g, relative %.4g, ".formatted(torch - clip, (torch - clip) / torch)
                        + Ulps.distance(TorchType.FLOAT64, clip, torch) + " ulp of FLOAT64")
                .hasMessageContaining("allowed: absolute 1.0E-7 + relative 1.0E-7")
                .hasMessageContaining("gradient[0, 0]: -2.06")
                .hasMessageContaining("input there: row 0, z = [-20.0], t = [1.0]")
                .hasMessageContaining(
                        "it clips or saturates: with z = -40.0 instead of -20.0 there, this row alone goes from"
                                + " 11.51 to 11.51, but torch's from 20 to 40")
                .hasMessageContaining("11.51 is -log(1e-05), as of a probability clipped there");
    }

    @Test
    void aLossWithoutTextIsNamedByItsClass() {
        @SuppressWarnings("serial")
        final class Doubled extends LossMSE {
            @Override
            public String toString() {
                return getClass().getName() + '@' + Integer.toHexString(hashCode());
            }
        }

        assertThat(message(Parity.of(new Doubled()).against("torch.mse_loss(x, t)")))
                .startsWith("Doubled equals");
    }

    @Test
    void theWorstRowIsFoundAmongOthers() {
        Parity oneIsClipped = BINARY.on(
                Nd4j.createFromArray(new double[][] {{1}, {2}, {-20}, {3}}),
                Nd4j.createFromArray(new double[][] {{1}, {0}, {1}, {1}}));

        assertThat(oneIsClipped.compare().message()).contains("row 2, z = [-20.0], t = [1.0]", "it clips");
    }

    @Test
    void theWorstElementOfAGradientHasItsIndex() {
        String message = Parity.of((x, t) -> x, (x, t) -> {
                    var gradient = Nd4j.onesLike(x);
                    gradient.putScalar(new long[] {3, 1}, 1.5);
                    return gradient;
                })
                .against("x")
                .shape(4, 2)
                .compare()
                .message();

        assertThat(message)
                .contains(
                        "gradient[3, 1]: 1.5, but torch 1.0", "input there: row 3", "furthest there: [3, 1] with z = ");
    }

    @Test
    void theMessageNamesTheFactorOfAnotherScale() {
        Parity error = Parity.of(new LossMSE()).shape(7, 3);

        assertThat(error.against("torch.mse_loss(x, t) * 3").compare().message())
                .contains("all results are 0.3333 times torch's, the number of outputs of a row is 3");
        assertThat(message(error.summedOverRows().against("torch.mse_loss(x, t)")))
                .contains("all results are 7 times torch's, the number of rows is 7");
        assertThat(error.against("torch.mse_loss(x, t, 2)").compare().message())
                .contains("all results are 0.04762 times torch's, the number of elements is 21");
        assertThat(error.against("-torch.mse_loss(x, t)").compare().message())
                .contains("all results are -1 times torch's: the sign is reversed");
        assertThat(error.against("torch.mse_loss(x, t) * 1.7").compare().message())
                .contains("all results are 0.5882 times torch's");
    }

    @Test
    void aFactorOfTwoIsNotBlamedOnShapesThatDoNotExplainAllCases() {
        Parity twice = Parity.of(new LossMSE()).against("torch.mse_loss(x, t) / 2");

        assertThat(message(twice)).contains("why: all results are 2 times torch's\n");
        assertThat(message(twice.shape(1, 2)))
                .contains(
                        "all results are 2 times torch's, the number of outputs of a row is 2,",
                        "other shapes show whether this is why");
    }

    @Test
    void aSizeIsNamedWhereItIsTheFactorOfEveryCase() {
        assertThat(message(Parity.of(new LossL2()).against("torch.mse_loss(x, t)")))
                .contains("all results are torch's times the number of outputs of a row, here 10 (see");
        assertThat(message(Parity.of(new LossMSE()).against("torch.mse_loss(x, t, 2)")))
                .contains("all results are torch's divided by the number of elements, here ");
        assertThat(message(Parity.of(new LossMSE())
                        .masked()
                        .against("torch.sum(torch.mse_loss(x, t, 0) * m) / (torch.sum(m) * z.size(1))")))
                .contains("torch's divided by the number of rows for each that the mask keeps, here ");
    }

    @Test
    void noCauseIsNamedThatExplainsSomeCasesAlone() {
        // twice torch's for the one shape, three times for the other
        assertThat(message(Parity.of((x, t) -> x.sum().mul(x.size(0) == 1 ? 2 : 3))
                        .against("torch.sum(x)")
                        .shapes(new long[] {1, 2}, new long[] {2, 2})))
                .doesNotContain("why");
        // it clips at 3, and one case differs although nothing is clipped
        Parity clips = Parity.of(
                        (x, t) -> Transforms.min(x, 3).sum().add(x.size(0) == 2 ? 0.5 : 0),
                        (x, t) -> x.lt(3).castTo(x.dataType()))
                .against("torch.sum(x)")
                .inputs(random -> random.nextDouble() + 1)
                .magnitudes(2);
        assertThat(message(clips.shape(4, 1))).contains("it clips or saturates");
        assertThat(message(clips.shapes(new long[] {4, 1}, new long[] {2, 1}))).doesNotContain("why");
    }

    @Test
    void aMaskedRowIsLookedForWithItsMask() {
        String message = BINARY.masked()
                .shape(6, 1)
                .against("torch.sum(torch.binary_cross_entropy_with_logits(z, t, None, None, 0) * m) / z.size(0)")
                .compare()
                .message();

        assertThat(message)
                .contains("input there: row ", "it clips or saturates")
                .doesNotContain("masked");
    }

    @Test
    void aLossThatTakesNoSingleRowStillShowsItsDifference() {
        Parity picky = Parity.of((x, t) -> {
                    if (x.size(0) == 1) {
                        throw new IllegalStateException("no single rows");
                    }
                    return x.max();
                })
                .against("torch.sum(x)")
                .shape(4, 1);

        assertThat(picky.compare().message())
                .contains("value: ", "but torch ", "to repeat this case alone")
                .doesNotContain("why");
    }

    @Test
    void theMessageSaysThatOnlyTheWholeDiffers() {
        // a loss that no single row shows to be wrong
        assertThat(message(Parity.of((x, t) -> x.mean(0).sum())
                        .against("torch.sum(x) / (x.size(0) * x.size(0))")
                        .shape(4, 3)
                        .cases(1)))
                .contains("times torch's, the number of rows is 4");
        assertThat(message(Parity.of((x, t) -> x.max()).against("torch.sum(x)").shape(4, 1)))
                .contains("each row alone agrees");
    }

    private static String message(Parity parity) {
        return parity.compare().message();
    }
}
