/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;

import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.spec.memory.FilledArray;
import io.github.dl4jlosses.spec.memory.Layout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What a loss returns belongs to the caller, in the caller's workspace; {@code FuzzTest} says that no call changes an argument. */
@Tag("slow")
class ImmutabilityTest {
    private static final Random RANDOM = PrintedSeed.randomFor(ImmutabilityTest.class);
    private static final long ROWS = 7;
    private static final int CLASSES = 3;

    static Stream<Arguments> examplesAndLayouts() {
        return LossExample.all()
                .flatMap(example -> Arrays.stream(Layout.values()).map(layout -> Arguments.of(example, layout)));
    }

    private static INDArray rowMask() {
        return FilledArray.of(() -> RANDOM.nextInt(2), DataType.FLOAT, ROWS, 1).putScalar(0, 1);
    }

    // ---- layouts do not matter ----

    @ParameterizedTest
    @MethodSource("examplesAndLayouts")
    void theLayoutOfTheArgumentsChangesNoBitOfADirectResult(LossExample example, Layout layout) {
        INDArray input = example.input(RANDOM, DataType.FLOAT, ROWS, CLASSES, 2);
        INDArray target = example.target(RANDOM, DataType.FLOAT, ROWS, CLASSES, 2);
        Map<String, Supplier<INDArray>> plain = example.direct(input, target);

        example.direct(layout.place(input).array(), layout.place(target).array())
                .forEach((method, call) -> assertThat(Layout.bytes(call.get()))
                        .as(method)
                        .isEqualTo(Layout.bytes(plain.get(method).get())));
    }

    // ---- results ----

    static Stream<Arguments> examplesAndHeads() {
        return LossExample.all().flatMap(example -> example.heads().map(head -> Arguments.of(example, head.inDl4j())));
    }

    /** Half a precision, too, which the fuzz leaves to the heads that a loss computes through. */
    @ParameterizedTest
    @MethodSource("examplesAndHeads")
    void aNetworksGradientHasTheShapeAndDtypeOfThePreOutput(LossExample example, IActivation head) {
        for (DataType type : List.of(DataType.DOUBLE, DataType.FLOAT, DataType.FLOAT16)) {
            INDArray preOutput = example.preOutput(RANDOM, type, ROWS, CLASSES);
            INDArray labels = example.labels(RANDOM, DataType.DOUBLE, ROWS, CLASSES);
            TorchLoss loss = example.loss(CLASSES);

            INDArray gradient = loss.computeGradient(labels, preOutput, head, null);

            assertThat(gradient.dataType()).isEqualTo(type);
            assertThat(gradient.shape()).containsExactly(example.spec().inputShape(ROWS, CLASSES));
            assertThat(loss.computeScoreArray(labels, preOutput, head, null).shape())
                    .containsExactly(ROWS, 1);
        }
    }

    /** The calls of an example with their arguments: direct ones, and those under each head. */
    static Stream<Arguments> calls() {
        return LossExample.all().flatMap(example -> {
            INDArray input = example.input(RANDOM, DataType.FLOAT, ROWS, CLASSES);
            INDArray target = example.target(RANDOM, DataType.FLOAT, ROWS, CLASSES);
            INDArray preOutput = example.preOutput(RANDOM, DataType.FLOAT, ROWS, CLASSES);
            INDArray labels = example.labels(RANDOM, DataType.FLOAT, ROWS, CLASSES);
            INDArray mask = rowMask();
            return Stream.concat(
                    Stream.of(Arguments.of(named(example + "", example.direct(input, target)), List.of(input, target))),
                    example.heads()
                            .map(head -> Arguments.of(
                                    named(
                                            example + ", " + head,
                                            example.network(labels, preOutput, head.inDl4j(), mask)),
                                    List.of(labels, preOutput, mask))));
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("calls")
    void resultsAreFresh(Map<String, Supplier<INDArray>> calls, List<INDArray> arguments) {
        byte[][] before = bytes(arguments);
        calls.forEach((method, call) -> {
            INDArray first = call.get();
            INDArray second = call.get();
            byte[] result = Layout.bytes(second);

            first.assign(99);

            assertThat(Layout.bytes(second)).as("a second result of %s", method).isEqualTo(result);
            assertThat(Layout.bytes(call.get()))
                    .as("a third result of %s", method)
                    .isEqualTo(result);
            assertThat(bytes(arguments)).as("arguments of %s", method).isDeepEqualTo(before);
        });
    }

    private static byte[][] bytes(List<INDArray> arrays) {
        return arrays.stream().map(Layout::bytes).toArray(byte[][]::new);
    }

    // ---- workspaces ----

    @ParameterizedTest(name = "{0}")
    @MethodSource("calls")
    void resultsBelongToTheOpenWorkspace(Map<String, Supplier<INDArray>> calls) {
        WorkspaceConfiguration configuration = WorkspaceConfiguration.builder()
                .initialSize(1 << 20)
                .policyAllocation(AllocationPolicy.STRICT)
                .policyLearning(LearningPolicy.NONE)
                .policySpill(SpillPolicy.FAIL)
                .build();
        calls.forEach((method, call) -> {
            byte[] detached = Layout.bytes(call.get());
            assertThat(call.get().isAttached())
                    .as("%s without a workspace", method)
                    .isFalse();
            try (MemoryWorkspace workspace =
                    Nd4j.getWorkspaceManager().getAndActivateWorkspace(configuration, "ImmutabilityTest")) {
                List<INDArray> results = new ArrayList<>(List.of(call.get(), call.get()));
                assertThat(results).allSatisfy(result -> {
                    assertThat(result.data().getParentWorkspace())
                            .as("workspace of %s", method)
                            .isSameAs(workspace);
                    assertThat(Layout.bytes(result)).as(method).isEqualTo(detached);
                });
            }
        });
    }
}
