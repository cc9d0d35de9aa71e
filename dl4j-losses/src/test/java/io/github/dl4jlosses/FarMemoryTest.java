/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.bytedeco.javacpp.BytePointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
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

    private final Map<Long, byte[]> far = new HashMap<>();
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

    private static BytePointer host(INDArray contiguous) {
        return new BytePointer(contiguous.data().addressPointer())
                .capacity(contiguous.length() * contiguous.dataType().width());
    }

    private void sendAway(INDArray array) {
        byte[] content = Layout.bytes(array);
        far.put(address(array), content);
        byte[] worthless = new byte[content.length];
        Arrays.fill(worthless, WORTHLESS);
        host(array).put(worthless);
    }

    private void bringHere(INDArray array) {
        byte[] content = far.remove(address(array));
        if (content != null) {
            host(array).put(content);
        }
    }

    @ParameterizedTest
    @EnumSource
    void argumentsAreFetchedAndResultsHandedBack(LossCase lossCase) {
        Random random = PrintedSeed.randomFor(FarMemoryTest.class);
        for (DataType type : List.of(DataType.DOUBLE, DataType.FLOAT, DataType.FLOAT16, DataType.BFLOAT16)) {
            TorchLoss loss = lossCase.loss(7);
            INDArray input = lossCase.input(random, type, 5, 7);
            INDArray target = lossCase.target(random, type, 5, 7);
            assertSame(List.of(input, target), () -> Nd4j.scalar(loss.value(input, target)), false);
            assertSame(List.of(input, target), () -> loss.gradient(input, target), true);
            assertSame(
                    List.of(input, target),
                    () -> loss.valueAndGradient(input, target).gradient(),
                    true);
            assertSame(List.of(input, target), () -> loss.unreduced(input, target), true);
            if (lossCase.hasTargetGradient()) {
                assertSame(List.of(input, target), () -> loss.targetGradient(input, target), true);
            }
            assertNetworkCallsAreSame(lossCase, random, type);
        }
    }

    private void assertNetworkCallsAreSame(LossCase lossCase, Random random, DataType type) {
        TorchLoss loss = lossCase.loss(7);
        INDArray labels = lossCase.labels(random, type, 5, 7);
        INDArray preOutput = lossCase.preOutput(random, type, 5, 7);
        INDArray mask = Nd4j.createFromArray(new float[][] {{1}, {1}, {0}, {1}, {0}});
        List<INDArray> arguments = List.of(labels, preOutput, mask);
        ActivationIdentity head = new ActivationIdentity();
        assertSame(arguments, () -> Nd4j.scalar(loss.computeScore(labels, preOutput, head, mask, true)), false);
        assertSame(arguments, () -> loss.computeGradient(labels, preOutput, head, mask), true);
        assertSame(arguments, () -> loss.computeScoreArray(labels, preOutput, head, mask), true);
    }

    private void assertSame(List<INDArray> arguments, Supplier<INDArray> call, boolean writes) {
        byte[] near = Layout.bytes(call.get());
        arguments.forEach(this::sendAway);
        written.clear();

        INDArray result = call.get();

        assertThat(Layout.bytes(result)).isEqualTo(near);
        if (writes) {
            assertThat(written).contains(address(result));
        }
        assertThat(far).as("arguments that were not asked for").isEmpty();
    }
}
