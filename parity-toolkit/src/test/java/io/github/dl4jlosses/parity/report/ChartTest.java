/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

class ChartTest {
    private static final double[] X = {0, 1, 2, 3, 4};
    private static final double[] FALLING = {8, 4, 2, 1, .5};
    private static final double[] RISING = {1, 3, 5, 7, 9};
    private static final List<Ink> INKS = List.of(Ink.OURS, Ink.TORCH, Ink.GREEN, Ink.PINK);
    private static final ChartSheet SHEET = new ChartSheet(1, 400, 300);

    private static String svg(Chart... charts) {
        return SHEET.svg("a picture", List.of(charts));
    }

    private static Chart chart() {
        return new Chart("A title", "x", "y");
    }

    @Test
    void itIsXmlWhateverTheWords() throws Exception {
        String svg = svg(chart().add(ChartLine.curve("<a> & \"b\"", Ink.OURS, X, RISING)));
        assertThat(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)))
                        .getDocumentElement()
                        .getAttribute("viewBox"))
                .isEqualTo("0 0 400 300");
    }

    @Test
    void aLabelHasTheColourOfItsLine() {
        assertThat(svg(chart().add(ChartLine.curve("falls", Ink.TORCH, X, FALLING))))
                .containsPattern("fill=\"" + Ink.TORCH.hex() + "\"[^>]*>falls<");
    }

    @Test
    void labelsAreFarFromEachOther() {
        Chart chart = chart();
        for (int i = 0; i < 4; i++) {
            double[] y = {i, 5 + i, 7 + i, 8 + i, 9 + i};
            chart.add(ChartLine.curve("line " + i, INKS.get(i), X, y));
        }
        List<double[]> places = new ArrayList<>();
        for (MatchResult label : Pattern.compile("x='([\\d.]+)' y='([\\d.]+)'>line \\d<")
                .matcher(svg(chart))
                .results()
                .toList()) {
            places.add(new double[] {Double.parseDouble(label.group(1)), Double.parseDouble(label.group(2))});
        }
        assertThat(places).hasSize(4);
        for (double[] one : places) {
            for (double[] other : places) {
                boolean apart = Math.abs(one[0] - other[0]) >= Svg.width("line 0", ChartLabels.SIZE)
                        || Math.abs(one[1] - other[1]) >= ChartLabels.SIZE;
                assertThat(one == other || apart).isTrue();
            }
        }
    }

    @Test
    void anAxisThatDoesNotBeginAtZeroSaysSo() {
        double[] high = {70, 71, 72, 73, 74};
        assertThat(svg(chart().add(ChartLine.curve("high", Ink.OURS, X, high))))
                .contains("y (the axis begins at 69.8)");
        assertThat(svg(chart().add(ChartLine.curve("low", Ink.OURS, X, FALLING))))
                .doesNotContain("the axis begins");
        double[] constant = {1, 1, 1, 1, 1};
        assertThat(svg(chart().add(ChartLine.curve("constant", Ink.OURS, X, constant))))
                .doesNotContain("the axis begins");
    }

    @Test
    void whatIsNoNumberIsAGapAndALogarithmicAxisHasNoZero() {
        double[] gap = {1, 2, Double.NaN, 4, Double.POSITIVE_INFINITY};
        assertThat(svg(chart().add(ChartLine.curve("gap", Ink.OURS, X, gap)))).doesNotContain("NaN", "Infinity");
        double[] zero = {0, 1e-15, 1e-10, 1e-5, 1};
        assertThat(svg(chart().logarithmicY().add(ChartLine.dots("zero", Ink.OURS, X, zero))))
                .contains(">1e-12<", ">1<")
                .doesNotContain("NaN", "Infinity");
    }

    @Test
    void anEmptyChartIsDrawnToo() {
        assertThat(svg(chart(), chart().logarithmicY())).doesNotContain("NaN", "Infinity");
    }

    @Test
    void aLongTitleIsBrokenBetweenWords() {
        assertThat(svg(new Chart("Words that do not fit into one row of so narrow a chart", "x", "y")))
                .contains(">Words that", "narrow a chart<")
                .doesNotContain("one row of so narrow a chart");
    }

    @Test
    void ticksAreRoundNumbers() {
        assertThat(new ChartAxis(-.03, 1.02, false, 0, 1).ticks(5)).containsExactly(0.0, .5, 1.0);
        assertThat(new ChartAxis(.2, 20, true, 0, 1).ticks(9)).containsExactly(.2, .5, 1.0, 2.0, 5.0, 10.0, 20.0);
        assertThat(List.of(
                        ChartAxis.text(.6000000000000001),
                        ChartAxis.text(0),
                        ChartAxis.text(1e-15),
                        ChartAxis.text(2e6)))
                .containsExactly("0.6", "0", "1e-15", "2e6");
    }

    @Test
    void aBarBelowOneIsOfAnotherColour() {
        String faster = rows().bars("CE", "32x10", 2).svg();
        assertThat(faster).contains(">32x10<", Ink.OURS.hex()).doesNotContain(Ink.TORCH.hex());
        assertThat(rows().bars("CE", "32x10", .5).svg())
                .contains(Ink.TORCH.hex())
                .doesNotContain(Ink.OURS.hex());
        assertThat(rows().bars("CE", "32x10", Double.NaN).svg()).doesNotContain("NaN", Ink.OURS.hex());
    }

    @Test
    void aPairBeyondTheAxisEndsThereAndSaysItsNumber() {
        assertThat(rows().pairs("CE", "", .5, Double.POSITIVE_INFINITY).svg()).contains(">0.5<", ">inf<");
        assertThat(rows().pairs("CE", "", .5, 6.64e37).svg())
                .contains(">6.64e37<")
                .doesNotContain("e37'");
    }

    private static RowChart rows() {
        return new RowChart("A title", "a reading").panel("ratio", .1, 10);
    }
}
