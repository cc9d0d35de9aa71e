/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.pictures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.checks.pages.Page;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the picture of the first page shows. */
class ConfidentErrorTest {
    private static final String FOLDER = "docs/images/";
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");

    /** Another processor may round a point to the next tenth of a pixel. */
    private static final double TENTH = .11;

    private static final LossCurve CURVE = ConfidentError.curve();

    @ParameterizedTest
    @EnumSource
    void thePictureIsAsTheProgramDrawsIt(ConfidentError.Theme theme) {
        String shown = Page.of(FOLDER + theme.file()).text();
        String drawn = ConfidentError.svg(theme);
        assertThat(NUMBER.matcher(drawn).replaceAll("0"))
                .as("To draw it: mvn -q -Pfirst-picture -pl project-checks -am process-classes")
                .isEqualTo(NUMBER.matcher(shown).replaceAll("0"));
        List<Double> expected = numbers(shown);
        List<Double> places = numbers(drawn);
        for (int i = 0; i < places.size(); i++) {
            assertThat(places.get(i)).isCloseTo(expected.get(i), within(TENTH));
        }
    }

    private static List<Double> numbers(String text) {
        return NUMBER.matcher(text)
                .results()
                .map(MatchResult::group)
                .map(Double::valueOf)
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void theFirstPageShowsIt(ConfidentError.Theme theme) {
        assertThat(Page.of("README.md").pictures()).contains(FOLDER + theme.file());
    }

    @Test
    void theBuiltInLearnsAsTorchUpToTheRedZoneAndNothingAtItsEnd() {
        List<LossCurve.Point> builtIn = ConfidentError.drawn(CURVE.builtIn());
        List<LossCurve.Point> torch = ConfidentError.drawn(CURVE.torch());
        for (int i = 0; i < torch.size(); i++) {
            if (torch.get(i).place() > ConfidentError.clip()) {
                assertThat(builtIn.get(i).slope()).isCloseTo(torch.get(i).slope(), within(1e-6));
            } else {
                assertThat(builtIn.get(i).slope())
                        .isGreaterThan(.9 * torch.get(i).slope());
            }
        }
        assertThat(builtIn.get(0).slope()).isCloseTo(0, within(1e-6));
        assertThat(torch.get(0).slope()).isCloseTo(-1, within(1e-6));
    }

    @Test
    void oursIsTorchsEverywhere() {
        assertThat(CURVE.same()).isEqualTo(CURVE.torch().size());
    }
}
