/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.dl4jlosses.LossExample.EachExample;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a call leaves on the heap does not grow with the batch, apart from one sum for each block of rows. */
class GarbageTest {
    private static final String THREADS = "dl4jlosses.threads";
    private static final ThreadMXBean MEMORY = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int OUTPUTS = 200;
    private static final int ROWS = 100;
    private static final int TIMES = 8;
    private static final int WARM_UP = 1;
    private static final int CALLS = 3;
    /** Where the JIT compiler throws its code of vector loops away, each vector is an object until they are compiled anew. */
    private static final int TRIES = 200;

    /** Options, arrays and views; more are vectors that are not compiled. */
    private static final long OF_A_CALL = 16_000;
    /** The sums of 9 blocks, and some room: an object for each of the 70 tiles would be far beyond. */
    private static final long GROWTH = 1000;

    @BeforeEach
    void workAlone() {
        System.setProperty(THREADS, "1");
    }

    @AfterEach
    void forget() {
        System.clearProperty(THREADS);
    }

    @EachExample
    void aLargerBatchLeavesNoMore(LossExample example) {
        TorchLoss loss = example.loss(OUTPUTS);
        for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
            long few = bytes(loss, example, type, ROWS);
            long many = bytes(loss, example, type, ROWS * TIMES);
            for (int i = 1; i < TRIES && (few > OF_A_CALL || many - few > GROWTH); i++) {
                few = Math.min(few, bytes(loss, example, type, ROWS));
                many = Math.min(many, bytes(loss, example, type, ROWS * TIMES));
            }
            assertThat(few).as("%s, %s", example, type).isLessThanOrEqualTo(OF_A_CALL);
            assertThat(many - few).as("%s, %s, %s", example, type, few).isLessThanOrEqualTo(GROWTH);
        }
    }

    /** Of the call whose thread was disturbed least. */
    private static long bytes(TorchLoss loss, LossExample example, DataType type, int rows) {
        INDArray input = example.input(new Random(1), type, rows, OUTPUTS);
        INDArray target = example.target(new Random(2), type, rows, OUTPUTS);
        long least = Long.MAX_VALUE;
        for (int i = 0; i < WARM_UP + CALLS; i++) {
            long before = MEMORY.getThreadAllocatedBytes(Thread.currentThread().getId());
            LossAndGradient result = loss.valueAndGradient(input, target);
            long after = MEMORY.getThreadAllocatedBytes(Thread.currentThread().getId());
            assertThat(result.value()).isFinite();
            least = i < WARM_UP ? least : Math.min(least, after - before);
        }
        return least;
    }
}
