/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.github.dl4jlosses.internal.kernel.HuberKernel;
import io.github.dl4jlosses.internal.kernel.Kernel;
import io.github.dl4jlosses.internal.shape.Place;
import io.github.dl4jlosses.plain.PlainBatch;
import io.github.dl4jlosses.plain.PlainCase;
import io.github.dl4jlosses.plain.PlainLoss;
import io.github.dl4jlosses.plain.PlainResult;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A loss that a list of the tests lacks would be tested by nobody. */
@Tag("slow")
class AllLossesTest {
    private static final Set<String> LOSSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("io.github.dl4jlosses").stream()
                    .filter(type -> type.isAssignableTo(TorchLoss.class))
                    .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
                    .map(JavaClass::getSimpleName)
                    .collect(Collectors.toSet());

    @Test
    void everyLossIsInTheList() {
        assertThat(names(AllLosses.defaults())).isEqualTo(LOSSES);
    }

    @Test
    void everyLossHasACaseOfNumbers() {
        assertThat(names(Arrays.stream(LossCase.values()).map(example -> example.loss(2))))
                .isEqualTo(LOSSES);
    }

    @Test
    void everyLossIsWrittenAndReadWithAllItsOptions() {
        assertThat(names(SerializationTest.configured())).isEqualTo(LOSSES);
    }

    @ParameterizedTest
    @MethodSource("losses")
    void everyLossHasAPlainFormula(TorchLoss loss) {
        // probabilities, which every loss takes
        double[][] input = {{.25, .5}, {.75, .125}};
        boolean hasClasses = loss instanceof ClassLoss;
        double[][] numbers = {{.5, .5}, {.25, .75}};
        int[] classes = {1, 0};
        PlainResult plain = PlainLoss.of(
                loss, hasClasses ? PlainBatch.classes(input, classes, null) : PlainBatch.dense(input, numbers, null));

        INDArray target = hasClasses ? Nd4j.createFromArray(classes) : Nd4j.createFromArray(numbers);
        assertThat(plain.sum() / plain.meanDenominator)
                .isCloseTo(loss.value(Nd4j.createFromArray(input), target), within(1e-12));
    }

    static Stream<TorchLoss> losses() {
        return AllLosses.defaults();
    }

    @Test
    void theFuzzDrawsEveryLoss() {
        assertThat(names(LongStream.range(0, 200).mapToObj(PlainCase::direct).map(PlainCase::loss)))
                .isEqualTo(LOSSES);
    }

    @Test
    void aLossWithoutAPlainFormulaIsNamed() {
        PlainBatch batch = PlainBatch.dense(new double[1][1], new double[1][1], null);
        TorchLoss unknown = new UnknownLoss();
        assertThatThrownBy(() -> PlainLoss.of(unknown, batch))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("UnknownLoss has no plain formula");
    }

    /** A loss that somebody has just written. */
    private static final class UnknownLoss extends OutputLoss {
        private static final long serialVersionUID = 1L;

        private UnknownLoss() {
            super(HuberLoss.builder());
        }

        @Override
        Kernel kernel(Head head, DataType type) {
            return new HuberKernel(1);
        }

        @Override
        Batch direct(INDArray input, INDArray target) {
            return batch(input, target, Head.IDENTITY, null, Place.DIRECT);
        }

        @Override
        boolean reads(Head head) {
            return head == Head.IDENTITY;
        }

        @Override
        LossInput takes() {
            return LossInput.NUMBERS;
        }

        @Override
        List<Object> ownOptions() {
            return List.of();
        }

        @Override
        TorchLoss withMiniBatch(boolean changed) {
            return this;
        }
    }

    private static Set<String> names(Stream<TorchLoss> losses) {
        return losses.map(TorchLoss::name).collect(Collectors.toSet());
    }
}
