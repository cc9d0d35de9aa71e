/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a thread asks for once it has for all later calls, as long as it does not ask for more. */
class ScratchTest {
    private static final int LARGER = 1_000;

    private final Scratch scratch = Scratch.ofThread();

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 1000})
    void doublesAndFloatsHaveWholeVectors(int length) {
        CompletableFuture.runAsync(
                        () -> {
                            // a thread of its own has nothing yet
                            assertThat(Scratch.ofThread().doubles(Scratch.Use.INPUT, length))
                                    .hasSize((length + 63) / 64 * 64);
                            assertThat(Scratch.ofThread().floats(Scratch.FloatUse.INPUT, length))
                                    .hasSize((length + 63) / 64 * 64);
                            assertThat(Scratch.ofThread().columns(Scratch.Use.INPUT, 3, length))
                                    .hasDimensions(3, (length + 63) / 64 * 64);
                            assertThat(Scratch.ofThread().flags(length)).hasSize(length);
                            assertThat(Scratch.ofThread().indices(length)).hasSize(length);
                        },
                        task -> new Thread(task).start())
                .join();
    }

    @Test
    void smallerRequestsGetTheSameArray() {
        double[] doubles = scratch.doubles(Scratch.Use.INPUT, LARGER);
        float[] floats = scratch.floats(Scratch.FloatUse.INPUT, LARGER);
        boolean[] flags = scratch.flags(LARGER);
        int[] indices = scratch.indices(LARGER);
        double[][] columns = scratch.columns(Scratch.Use.INPUT, 5, LARGER);

        for (int length : new int[] {1, LARGER / 2, LARGER}) {
            assertThat(scratch.doubles(Scratch.Use.INPUT, length)).isSameAs(doubles);
            assertThat(scratch.floats(Scratch.FloatUse.INPUT, length)).isSameAs(floats);
            assertThat(scratch.flags(length)).isSameAs(flags);
            assertThat(scratch.indices(length)).isSameAs(indices);
            assertThat(scratch.columns(Scratch.Use.INPUT, 5, length)).isSameAs(columns);
            assertThat(scratch.columns(Scratch.Use.INPUT, 2, length)).isSameAs(columns);
        }
        assertThat(scratch.doubles(Scratch.Use.LOSS, LARGER)).isNotSameAs(doubles);
    }

    @Test
    void largerRequestsGetALargerArray() {
        int more = scratch.doubles(Scratch.Use.INPUT, 1).length + 1;
        int moreFloats = scratch.floats(Scratch.FloatUse.INPUT, 1).length + 1;
        int moreFlags = scratch.flags(1).length + 1;
        int moreIndices = scratch.indices(1).length + 1;

        assertThat(scratch.doubles(Scratch.Use.INPUT, more)).hasSizeGreaterThanOrEqualTo(more);
        assertThat(scratch.floats(Scratch.FloatUse.INPUT, moreFloats)).hasSizeGreaterThanOrEqualTo(moreFloats);
        assertThat(scratch.flags(moreFlags)).hasSize(moreFlags);
        assertThat(scratch.indices(moreIndices)).hasSize(moreIndices);
    }

    @Test
    void columnsGrowInBothDirectionsAndNeverShrink() {
        double[][] columns = scratch.columns(Scratch.Use.TARGET, 3, 100);
        double[][] wider = scratch.columns(Scratch.Use.TARGET, columns.length + 1, 10);
        double[][] longer = scratch.columns(Scratch.Use.TARGET, 1, wider[0].length + 1);

        assertThat(wider.length).isGreaterThan(columns.length);
        assertThat(wider[0]).hasSizeGreaterThanOrEqualTo(columns[0].length);
        assertThat(longer.length).isEqualTo(wider.length);
        assertThat(longer[0]).hasSizeGreaterThan(wider[0].length);
    }
}
