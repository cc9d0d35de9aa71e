/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.spec.TargetForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;

/** Labels and masks of every dtype in networks of another one, against live torch with the same numbers. */
class LabelTypesTest {
    private static final Random SEEDS = PrintedSeed.randomFor(LabelTypesTest.class);

    private static final List<DataType> TYPES = List.of(
            DataType.INT16,
            DataType.INT32,
            DataType.INT64,
            DataType.FLOAT16,
            DataType.BFLOAT16,
            DataType.FLOAT,
            DataType.DOUBLE);

    @ParameterizedTest(name = "{1} labels, {0}")
    @MethodSource("labels")
    void labelsOfAnyTypeCountByTheirValue(Scenario scenario, DataType type) {
        Numbers numbers = new Numbers(scenario, type);
        assertThat(numbers.dataSet().getLabels().dataType()).isEqualTo(type);
        Finding finding = Finding.of(scenario, numbers, new NetworkStep(scenario, numbers)::fit);
        assertThat(finding.differences()).as("%s", scenario).isEmpty();
        assertThat(finding.bugs()).as("%s", scenario).isEmpty();
    }

    /** A scenario whose labels, or whose mask, are of a dtype. */
    private record Typed(Scenario scenario, DataType type) {
        static Stream<Arguments> arguments(List<Typed> all) {
            return Product.of(all, Typed::factors).stream().map(one -> Arguments.of(one.scenario, one.type));
        }

        List<?> factors() {
            List<Object> factors = new ArrayList<>(scenario.factors());
            factors.add(type);
            return factors;
        }
    }

    /** Every loss in these layers under its usual head. */
    private static Stream<Scenario> scenarios() {
        return Scenario.all(SEEDS, LayerKind.OUTPUT_LAYER, LayerKind.LOSS_LAYER, LayerKind.RNN_OUTPUT_LAYER)
                .filter(scenario ->
                        scenario.head() == scenario.options().spec().heads().get(0));
    }

    static Stream<Arguments> labels() {
        return Typed.arguments(scenarios()
                .flatMap(scenario ->
                        types(scenario.options().form()).stream().map(type -> new Typed(scenario.drawn(SEEDS), type)))
                .toList());
    }

    /** One-hot labels may be flags. */
    private static List<DataType> types(TargetForm form) {
        return form == TargetForm.ONE_HOT
                ? Stream.concat(TYPES.stream(), Stream.of(DataType.BOOL, DataType.INT8, DataType.UINT8))
                        .toList()
                : TYPES;
    }

    @ParameterizedTest(name = "{1} mask, {0}")
    @MethodSource("masks")
    void masksOfAnyTypeCountByTheirValue(Scenario scenario, DataType type) {
        Numbers numbers = new Numbers(scenario);
        DataSet batch = numbers.dataSet();
        batch.setLabelsMaskArray(batch.getLabelsMaskArray().castTo(type));
        NetworkStep ours = new NetworkStep(scenario, numbers);
        Finding finding = Finding.of(scenario, numbers, () -> ours.fit(ours.network(), batch));
        assertThat(finding.differences()).as("%s", scenario).isEmpty();
        assertThat(finding.bugs()).as("%s", scenario).isEmpty();
    }

    static Stream<Arguments> masks() {
        return Typed.arguments(scenarios()
                .flatMap(scenario -> Stream.of(Masking.EXAMPLES, Masking.OUTPUTS)
                        .filter(scenario::canHave)
                        .flatMap(masking -> Stream.of(DataType.BOOL, DataType.INT32, DataType.INT64, DataType.FLOAT16)
                                .map(type -> new Typed(scenario.drawn(SEEDS).with(masking), type))))
                .toList());
    }
}
