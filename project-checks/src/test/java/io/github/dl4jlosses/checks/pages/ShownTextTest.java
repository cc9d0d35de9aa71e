/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.pages;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What counts as what a page shows. */
class ShownTextTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "loss 0.1235|loss 0.1234|true",
                "loss 0.1236|loss 0.1234|false",
                "loss 0.123|loss 0.1234|false",
                "-1.0e-05|-1.1e-05|true",
                "12 of 39|13 of 39|false",
                "to within 2e-12|to within 1e-12|false",
                "a  0.12|a 0.12|false",
                "a 0.12  |a 0.12|true",
                "a 0.12|b 0.12|false",
                "float64 w1-w0|float32 w1-w0|false",
                "1.0|-1.0|false"
            })
    void aTrainingMayBeOffByOneInTheLastDecimal(String printed, String shown, boolean near) {
        assertThat(ShownText.isNearlyAsShown(printed, shown)).isEqualTo(near);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"loss 0.1235|loss 0.1234|false", "loss 0.1234|loss 0.1234|true"})
    void anythingElseIsExact(String printed, String shown, boolean equal) {
        assertThat(ShownText.isAsShown(printed, shown)).isEqualTo(equal);
    }
}
