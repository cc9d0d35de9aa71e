/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jlosses.spec.memory.Layout;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** What holds for every loss of rows by its description holds for the loss of sequences, too. */
class CTCContractTest {
    private static final int STEPS = 40;
    private static final int SEQUENCES = 96;
    private static final int CLASSES = 20;
    private static final int LONGEST = 9;

    private static final INDArray INPUT = input();
    private static final INDArray TARGET = target();
    private static final int[] INPUT_LENGTHS = lengths(20, STEPS);
    private static final int[] TARGET_LENGTHS = lengths(0, LONGEST);

    private static INDArray input() {
        Random random = new Random(1);
        double[] numbers = random.doubles(STEPS * SEQUENCES * CLASSES)
                .map(ignored -> -3 + random.nextGaussian())
                .toArray();
        return Nd4j.createFromArray(numbers).reshape(STEPS, SEQUENCES, CLASSES);
    }

    private static INDArray target() {
        long[] classes = new Random(2).longs(SEQUENCES * LONGEST, 1, CLASSES).toArray();
        return Nd4j.createFromArray(classes).reshape(SEQUENCES, LONGEST);
    }

    private static int[] lengths(int from, int to) {
        return new Random(from + to).ints(SEQUENCES, from, to + 1).toArray();
    }

    static Stream<CTCLoss> losses() {
        return Stream.of(
                new CTCLoss(),
                CTCLoss.builder()
                        .blank(3)
                        .zeroInfinity(true)
                        .reduction(Reduction.SUM)
                        .build(),
                CTCLoss.builder()
                        .reduction(Reduction.BATCHMEAN)
                        .miniBatch(false)
                        .positionsPerExample(7)
                        .emptyMean(EmptyMean.ZERO)
                        .factor(-.5)
                        .build());
    }

    @ParameterizedTest
    @MethodSource("losses")
    void everyOptionComesBack(CTCLoss loss) throws IOException, ClassNotFoundException {
        String json =
                NeuralNetConfiguration.mapper().writerFor(ILossFunction.class).writeValueAsString(loss);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(loss);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            for (Object copy : List.of(
                    NeuralNetConfiguration.mapper().readValue(json, ILossFunction.class),
                    in.readObject(),
                    loss.toBuilder().build())) {
                assertThat(copy).isEqualTo(loss).hasSameHashCodeAs(loss).hasToString(loss.toString());
                assertThat(((TorchLoss) copy).options()).isEqualTo(loss.options());
            }
        }
    }

    @Test
    void lossesOfOtherOptionsDiffer() {
        assertThat(losses()).doesNotHaveDuplicates();
        assertThat(CTCLoss.builder().blank(3).zeroInfinity(true).build())
                .hasToString("CTCLoss(blank=3, reduction=MEAN, zeroInfinity=true)");
    }

    @Test
    void anUnknownOptionInJsonIsRefused() {
        String json = "{\"@class\":\"" + CTCLoss.class.getName() + "\",\"blanc\":1}";
        assertThatThrownBy(() -> NeuralNetConfiguration.mapper().readValue(json, ILossFunction.class))
                .hasMessageContaining("CTCLoss has no option 'blanc'");
    }

    @Test
    void aBlankBelowZeroIsRefused() {
        CTCLoss.Builder builder = CTCLoss.builder().blank(-1);
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("blank must be in label range");
    }

    /** Also where threads share the work. */
    @Test
    void aSequenceHasTheSameBitsInAnyCompany() {
        CTCLoss loss = CTCLoss.builder().reduction(Reduction.SUM).build();
        INDArray together = loss.unreduced(INPUT, TARGET, INPUT_LENGTHS, TARGET_LENGTHS);
        INDArray gradient = loss.gradient(INPUT, TARGET, INPUT_LENGTHS, TARGET_LENGTHS);
        for (int n = 0; n < SEQUENCES; n++) {
            INDArray alone = INPUT.tensorAlongDimension(n, 0, 2).dup();
            int[] inputLength = {INPUT_LENGTHS[n]};
            int[] targetLength = {TARGET_LENGTHS[n]};
            INDArray label = TARGET.getRow(n, true);
            assertThat(loss.value(alone, label, inputLength, targetLength)).isEqualTo(together.getDouble(n));
            assertThat(loss.gradient(alone, label, inputLength, targetLength))
                    .isEqualTo(gradient.tensorAlongDimension(n, 0, 2).dup());
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void anyLayoutInMemoryGivesTheSameBits(Layout layout) {
        CTCLoss loss = new CTCLoss();
        INDArray placed = layout.place(INPUT).array();
        INDArray targets = layout.place(TARGET).array();
        LossAndGradient plain = loss.valueAndGradient(INPUT, TARGET, INPUT_LENGTHS, TARGET_LENGTHS);
        LossAndGradient other = loss.valueAndGradient(placed, targets, INPUT_LENGTHS, TARGET_LENGTHS);
        assertThat(other.value()).isEqualTo(plain.value());
        assertThat(other.gradient()).isEqualTo(plain.gradient());
        assertThat(placed).as("untouched").isEqualTo(INPUT);
    }

    /** Computed in double, rounded once. */
    @ParameterizedTest
    @EnumSource(names = {"FLOAT", "HALF", "BFLOAT16"})
    void otherTypesAreRoundedOnce(DataType type) {
        CTCLoss loss = new CTCLoss();
        INDArray input = INPUT.castTo(type);
        LossAndGradient exact =
                loss.valueAndGradient(input.castTo(DataType.DOUBLE), TARGET, INPUT_LENGTHS, TARGET_LENGTHS);
        LossAndGradient rounded = loss.valueAndGradient(input, TARGET, INPUT_LENGTHS, TARGET_LENGTHS);
        assertThat(rounded.value()).isEqualTo(exact.value());
        assertThat(rounded.gradient().dataType()).isEqualTo(type);
        double[] expected = exact.gradient().dup('c').data().asDouble();
        double[] actual =
                rounded.gradient().castTo(DataType.DOUBLE).dup('c').data().asDouble();
        double unit = type == DataType.FLOAT ? 0x1p-24 : type == DataType.FLOAT16 ? 0x1p-11 : 0x1p-8;
        for (int i = 0; i < expected.length; i++) {
            // below the smallest normal half the spacing is one
            assertThat(Math.abs(actual[i] - expected[i]))
                    .isLessThanOrEqualTo(Math.max(unit * Math.abs(expected[i]), 0x1p-25));
        }
    }

    @Test
    void labelsOfAnyTypeAreTaken() {
        CTCLoss loss = new CTCLoss();
        double value = loss.value(INPUT, TARGET, INPUT_LENGTHS, TARGET_LENGTHS);
        for (DataType type : List.of(DataType.INT32, DataType.UINT8, DataType.FLOAT, DataType.DOUBLE)) {
            assertThat(loss.value(INPUT, TARGET.castTo(type), INPUT_LENGTHS, TARGET_LENGTHS))
                    .isEqualTo(value);
        }
        INDArray halves = TARGET.castTo(DataType.DOUBLE).add(.5);
        int[] all = new int[SEQUENCES];
        Arrays.fill(all, LONGEST);
        assertThatThrownBy(() -> loss.value(INPUT, halves, INPUT_LENGTHS, all))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a whole number (target[0, 0])");
    }

    @Test
    void theTargetHasNoGradient() {
        CTCLoss loss = new CTCLoss();
        assertThatThrownBy(() -> loss.targetGradient(INPUT, TARGET)).isInstanceOf(UnsupportedOperationException.class);
    }
}
