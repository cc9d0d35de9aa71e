/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/** The tests of this module run on the native code that was asked for with {@code -Dnd4j.natives}, and not on another. */
class NativesTest {
    private static final String ASKED_FOR = System.getProperty("nd4j.natives", "generic");

    @Test
    void nd4jRunsOnTheNativesThatWereAskedFor() {
        Nd4j.create(1);
        int level = NativeOpsHolder.getInstance().getDeviceNativeOps().binaryLevel();
        // .ci/platforms reads this line
        System.out.printf(
                "NativesTest: Java %s, natives of ND4J: %s%n", System.getProperty("java.version"), name(level));
        assertThat(name(level)).isEqualTo(ASKED_FOR);
    }

    /** ND4J's number for the instructions that its native code was compiled for: 0 and 1 are the least that a processor has. */
    private static String name(int level) {
        return level < 2 ? "generic" : level == 2 ? "avx2" : "avx512";
    }
}
