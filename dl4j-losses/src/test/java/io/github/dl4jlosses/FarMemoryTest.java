/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.LossExample.EachExample;
import io.github.dl4jlosses.evaluation.ClassIndexEvaluation;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.spec.SpecHead;
import io.github.dl4jlosses.spec.memory.FilledArray;
import io.github.dl4jlosses.spec.memory.Layout;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.BytePointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A backend whose memory is elsewhere: what the host holds of an argument is worthless until it is asked for, and what was
 * written on the host counts only once that is said. Played by an affinity manager of ND4J.
 */
class FarMemoryTest {
    private static final byte WORTHLESS = 0x7f;
    private static final int LARGE = 6_000;

    /** What is not here: its place on the host, and its numbers. */
    private final NavigableMap<Long, Map.Entry<BytePointer, byte[]>> far = new TreeMap<>();

    private final List<Long> written = new ArrayList<>();
    private AffinityManager real;

    @BeforeEach
    void moveMemoryAway() throws ReflectiveOperationException {
        real = Nd4j.getAffinityManager();
        InvocationHandler handler = (proxy, method, arguments) -> {
            boolean ofArray = arguments != null && arguments[0] instanceof INDArray;
            if (ofArray && method.getName().equals("ensureLocation")) {
                bringHere((INDArray) arguments[0]);
            } else if (ofArray && method.getName().equals("tagLocation")) {
                assertThat(arguments[1]).isEqualTo(AffinityManager.Location.HOST);
                written.add(address((INDArray) arguments[0]));
            }
            return method.invoke(real, arguments);
        };
        set((AffinityManager) Proxy.newProxyInstance(
                AffinityManager.class.getClassLoader(), new Class<?>[] {AffinityManager.class}, handler));
    }

    @AfterEach
    void bringMemoryBack() throws ReflectiveOperationException {
        set(real);
    }

    private static void set(AffinityManager manager) throws ReflectiveOperationException {
        Field field = Nd4j.class.getDeclaredField("affinityManager");
        field.setAccessible(true);
        field.set(null, manager);
    }

    private static long address(INDArray contiguous) {
        return contiguous.data().addressPointer().address();
    }

    private void sendAway(Layout.Placed placed) {
        BytePointer memory = placed.memory();
        byte[] content = placed.bytes();
        far.put(memory.address(), new AbstractMap.SimpleEntry<>(memory, content));
        byte[] worthless = new byte[content.length];
        Arrays.fill(worthless, WORTHLESS);
        memory.put(worthless);
    }

    /** With the array comes all that it is a view of. */
    private void bringHere(INDArray array) {
        Map.Entry<Long, Map.Entry<BytePointer, byte[]>> below = far.floorEntry(address(array));
        if (below != null && address(array) < below.getKey() + below.getValue().getValue().length) {
            below.getValue().getKey().put(below.getValue().getValue());
            far.remove(below.getKey());
        }
    }

    @EachExample
    void argumentsAreFetchedAndResultsHandedBack(LossExample example) {
        Random random = PrintedSeed.randomFor(FarMemoryTest.class);
        for (DataType type : List.of(DataType.DOUBLE, DataType.FLOAT, DataType.FLOAT16, DataType.BFLOAT16)) {
            for (Layout layout : Layout.values()) {
                assertDirectCallsAreSame(example, random, type, layout);
                for (SpecHead head : fusedHeads(example)) {
                    assertNetworkCallsAreSame(example, random, type, layout, head.inDl4j());
                }
            }
        }
    }

    /** Of more than one block of work, for which threads have copies of their own of what they read and write. */
    @EachExample
    void soAreThoseOfALargeCall(LossExample example) {
        Random random = PrintedSeed.randomFor(FarMemoryTest.class);
        Layout.Placed input = Layout.C.place(example.input(random, DataType.FLOAT, LARGE, 7));
        Layout.Placed target = Layout.C.place(example.target(random, DataType.FLOAT, LARGE, 7));
        assertSame(List.of(input, target), example.direct(input.array(), target.array()));
    }

    @ParameterizedTest
    @EnumSource
    void soAreThoseThatAreBroadcast(Layout layout) {
        Random random = PrintedSeed.randomFor(FarMemoryTest.class);
        LossExample.all().filter(example -> example.spec().broadcasts()).forEach(example -> {
            Layout.Placed input = layout.place(example.input(random, DataType.FLOAT, 5, 7));
            Layout.Placed target = layout.place(example.target(random, DataType.FLOAT, 5, 1));
            assertThat(example.hasTargetGradient()).isTrue();
            assertSame(List.of(input, target), example.direct(input.array(), target.array()));
        });
    }

    @ParameterizedTest
    @EnumSource
    void logSoftmaxFetchesItsArguments(Layout layout) {
        Random random = PrintedSeed.randomFor(FarMemoryTest.class);
        ActivationLogSoftmax logSoftmax = new ActivationLogSoftmax();
        for (DataType type : List.of(DataType.DOUBLE, DataType.FLOAT, DataType.FLOAT16, DataType.BFLOAT16)) {
            INDArray z = FilledArray.of(random::nextGaussian, type, 5, 7);
            INDArray epsilon = FilledArray.of(random::nextGaussian, type, 5, 7);
            // they write into their first argument, so that each call gets a new one
            assertSame(
                    () -> List.of(layout.place(z)),
                    places -> logSoftmax.getActivation(places.get(0).array(), true),
                    true);
            assertSame(
                    () -> List.of(layout.place(z), layout.place(epsilon)),
                    places -> logSoftmax
                            .backprop(places.get(0).array(), places.get(1).array())
                            .getFirst(),
                    true);
        }
    }

    /** Predictions and mask are copied by ND4J, which knows where its arrays are. */
    @ParameterizedTest
    @EnumSource
    void evaluationsFetchTheirClassIndices(Layout layout) {
        Random random = PrintedSeed.randomFor(FarMemoryTest.class);
        INDArray predictions = FilledArray.of(random::nextDouble, DataType.FLOAT, 5, 7);
        Layout.Placed labels = layout.place(FilledArray.of(() -> random.nextInt(8) - 1, DataType.INT64, 5, 1));
        assertSame(
                List.of(labels),
                () -> {
                    Evaluation evaluation = new Evaluation(7);
                    ClassIndexEvaluation.of(evaluation).eval(labels.array(), predictions, mask());
                    return Nd4j.createFromArray(evaluation.accuracy(), evaluation.getNumRowCounter());
                },
                false);
    }

    /** Those that the loss sees through: the others are computed by ND4J itself. */
    private static List<SpecHead> fusedHeads(LossExample example) {
        return example.heads().filter(example.spec()::isFused).collect(Collectors.toList());
    }

    private void assertDirectCallsAreSame(LossExample example, Random random, DataType type, Layout layout) {
        Layout.Placed input = layout.place(example.input(random, type, 5, 7));
        Layout.Placed target = layout.place(example.target(random, type, 5, 7));
        assertSame(List.of(input, target), example.direct(input.array(), target.array()));
    }

    private void assertNetworkCallsAreSame(
            LossExample example, Random random, DataType type, Layout layout, IActivation head) {
        Layout.Placed labels = layout.place(example.labels(random, type, 5, 7));
        Layout.Placed z = layout.place(example.preOutput(random, type, 5, 7));
        Layout.Placed mask = layout.place(mask());
        assertSame(List.of(labels, z, mask), example.network(labels.array(), z.array(), head, mask.array()));
    }

    private static INDArray mask() {
        return Nd4j.createFromArray(new float[][] {{1}, {1}, {0}, {1}, {0}});
    }

    /** All but those that return a number write an array. */
    private void assertSame(List<Layout.Placed> arguments, Map<String, Supplier<INDArray>> calls) {
        Set<String> ofNumbers = Set.of("value", "computeScore");
        calls.forEach((method, call) -> assertSame(arguments, call, !ofNumbers.contains(method)));
    }

    private void assertSame(List<Layout.Placed> arguments, Supplier<INDArray> call, boolean writes) {
        assertSame(() -> arguments, same -> call.get(), writes);
    }

    private void assertSame(
            Supplier<List<Layout.Placed>> arguments, Function<List<Layout.Placed>, INDArray> call, boolean writes) {
        double[] near = numbers(call.apply(arguments.get()));
        List<Layout.Placed> places = arguments.get();
        places.forEach(this::sendAway);
        written.clear();

        INDArray result = call.apply(places);

        // not containsExactly, whose time grows with the square of the length
        assertThat(numbers(result)).isEqualTo(near);
        if (writes) {
            assertThat(written).contains(address(result));
        }
        assertThat(far).as("arguments that were not asked for").isEmpty();
    }

    private static double[] numbers(INDArray result) {
        return result.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    }
}
