/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.pictures;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.checks.pages.Page;
import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pictures of docs/losses show. */
class LossPicturesTest {
    private static final Offset<Double> SAME = Offset.offset(1e-12);
    private static final Map<String, List<LossPanel>> PICTURES = LossCurves.pictures();

    @ParameterizedTest(name = "{0}")
    @MethodSource("losses")
    void everyLossHasAPageAndAPicture(LossSpec<?, ?> spec) {
        Page page = Page.of("docs/losses/" + spec.pageName() + ".md");
        assertThat(page.text()).contains("](../images/losses/" + spec.pageName() + ".svg)");
        assertThat(page.first("^# (\\w+)\n")).isEqualTo(spec.lossName());
        assertThat(PICTURES.get(spec.pageName())).isNotEmpty();
    }

    static Stream<LossSpec<?, ?>> losses() {
        return LossSpecs.all().stream();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("panels")
    void everyPointIsTorchs(String picture, LossPanel panel) {
        for (LossCurve curve : panel.curves()) {
            assertThat(curve.same()).as(curve.name()).isEqualTo(curve.ours().size());
        }
    }

    static Stream<Arguments> panels() {
        return PICTURES.entrySet().stream()
                .flatMap(picture -> picture.getValue().stream().map(panel -> Arguments.of(picture.getKey(), panel)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("clippedPanels")
    void theBuiltInsLossLeavesTorchsWhereTheRedLinesAre(String picture, LossPanel panel) {
        LossCurve curve = panel.curves().get(0);
        for (int i = 0; i < curve.torch().size(); i++) {
            double place = curve.torch().get(i).place();
            double torch = curve.torch().get(i).value();
            double distance = Math.abs(curve.builtIn().get(i).value() - torch);
            if (isBeyond(place, panel.clips())) {
                assertThat(distance).as("at " + place).isGreaterThan(1e-3 * torch);
            } else {
                assertThat(distance).as("at " + place).isLessThan(1e-4 * torch + 1e-6);
            }
        }
    }

    static Stream<Arguments> clippedPanels() {
        return panels().filter(
                        arguments -> !((LossPanel) arguments.get()[1]).clips().isEmpty());
    }

    @Test
    void theHuberLossIsHalfTheSquareUpToDeltaAndAsSteepAsTheDistanceBeyond() {
        LossCurve square = besideTheHuberLoss(1);
        LossCurve distance = besideTheHuberLoss(2);
        for (int i = 0; i < square.torch().size(); i++) {
            LossCurve.Point torch = square.torch().get(i);
            LossCurve.Point half = square.builtIn().get(i);
            LossCurve.Point linear = distance.builtIn().get(i);
            if (Math.abs(torch.place()) <= 1) {
                assertThat(half.value()).isCloseTo(torch.value(), SAME);
                assertThat(half.slope()).isCloseTo(torch.slope(), SAME);
            } else {
                assertThat(half.value()).isGreaterThan(torch.value());
                assertThat(linear.value()).isCloseTo(torch.value() + .5, SAME);
                assertThat(linear.slope()).isCloseTo(torch.slope(), SAME);
            }
        }
    }

    private static LossCurve besideTheHuberLoss(int panel) {
        return PICTURES.get("huber").get(panel).curves().get(0);
    }

    private static boolean isBeyond(double place, List<Double> clips) {
        return clips.stream().anyMatch(clip -> clip > 0 ? place > clip : place < clip);
    }
}
