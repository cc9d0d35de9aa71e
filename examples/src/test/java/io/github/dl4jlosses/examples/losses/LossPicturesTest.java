/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.losses;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pictures of docs/losses show. */
class LossPicturesTest {

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("panels")
    void everyPointIsTorchs(String picture, LossPanel panel) {
        for (LossCurve curve : panel.curves()) {
            assertThat(curve.same()).as(curve.name()).isEqualTo(curve.ours().size());
        }
    }

    static Stream<Arguments> panels() {
        return LossPictures.all().entrySet().stream()
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

    private static boolean isBeyond(double place, List<Double> clips) {
        return clips.stream().anyMatch(clip -> clip > 0 ? place > clip : place < clip);
    }
}
