/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ones of rows of every length are found, and whatever is not a single one. */
class OneHotRowsTest {
    private static final int FIRST = 2;

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 7", "5, 8", "300, 7", "256, 8", "257, 8", "3, 2047", "2, 2048", "3, 5000"})
    void theClassOfEachRowIsFound(int rows, int classes) {
        float[] values = new float[Workspace.padded(rows * classes) + Workspace.PADDING];
        // what lies behind the rows is none of them
        Arrays.fill(values, rows * classes, values.length, 3);
        int[] expected = new int[FIRST + rows];
        Random random = new Random(classes);
        for (int r = 0; r < rows; r++) {
            expected[FIRST + r] = r % 3 == 2 ? -1 : random.nextInt(classes);
            if (r % 3 != 2) {
                values[r * classes + expected[FIRST + r]] = 1;
            }
        }
        int[] hot = new int[FIRST + rows];

        assertThat(OneHotRows.find(values, rows, classes, hot, FIRST)).isTrue();
        assertThat(hot).isEqualTo(expected);

        for (int at : new int[] {0, rows * classes - 1, rows * classes / 2}) {
            float before = values[at];
            for (float wrong : new float[] {0.5f, -1, 2, Float.NaN, Float.MIN_VALUE}) {
                values[at] = wrong;
                assertThat(OneHotRows.find(values, rows, classes, hot, FIRST))
                        .as("%s at %d", wrong, at)
                        .isFalse();
            }
            values[at] = before;
        }
    }

    @ParameterizedTest
    @CsvSource({"2, 2", "3, 9", "3, 3000"})
    void twoOnesAreNotOneHot(int rows, int classes) {
        float[] values = new float[Workspace.padded(rows * classes)];
        values[(rows - 1) * classes] = 1;
        values[rows * classes - 1] = 1;

        assertThat(OneHotRows.find(values, rows, classes, new int[rows], 0)).isFalse();
    }
}
