/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.pictures;

import io.github.dl4jlosses.parity.report.Svg;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Draws the first page's picture, for a light page and for a dark one: the gradient of an example of class 1 over its logit,
 * by DL4J's binary cross entropy, by torch and by this library. The curves are those of the page of the loss.
 */
public final class ConfidentError {
    private static final String FOLDER = "docs/images";

    private static final double LOWEST = -30;
    private static final double HIGHEST = 10;

    /** Every so many points of torch have a mark. */
    private static final int EVERY = 8;

    private static final LossPanel PANEL =
            LossCurves.pictures().get("bce-with-logits").get(0);

    /** Colours of a page. */
    enum Theme {
        LIGHT("#ffffff", "#1f2328", "#59636e", "#d8dee4", "#f6d5d5", "#a40e26", "#0550ae", "#bc4c00"),
        DARK("#151b23", "#e6edf3", "#9da7b3", "#373e47", "#4a2328", "#ff9492", "#71b7ff", "#ffa657");

        private final String sheet;
        private final String title;
        private final String text;
        private final String grid;
        private final String zone;
        private final String builtIn;
        private final String ours;
        private final String torch;

        Theme(
                String sheet,
                String title,
                String text,
                String grid,
                String zone,
                String builtIn,
                String ours,
                String torch) {
            this.sheet = sheet;
            this.title = title;
            this.text = text;
            this.grid = grid;
            this.zone = zone;
            this.builtIn = builtIn;
            this.ours = ours;
            this.torch = torch;
        }

        String file() {
            return "confident-error-" + name().toLowerCase(Locale.ROOT) + ".svg";
        }

        private void style(Svg svg) {
            svg.add("<style>");
            svg.add("text { font: 14px sans-serif; fill: %s }", text);
            svg.add(".title { font: bold 18px sans-serif; fill: %s }", title);
            svg.add(".middle { text-anchor: middle } .end { text-anchor: end }");
            svg.add(".sheet { fill: %s; stroke: %s } .grid { stroke: %s } .zone { fill: %s }", sheet, grid, grid, zone);
            svg.add(".curve { fill: none; stroke-width: 3.5; stroke-linejoin: round }");
            svg.add(".builtIn { stroke: %s } .ours { stroke: %s } circle { fill: %s }", builtIn, ours, torch);
            svg.add("text.builtIn { fill: %s } text.ours { fill: %s } text.torch { fill: %s }", builtIn, ours, torch);
            svg.add("text.builtIn, text.ours, text.torch { stroke: none; font-weight: bold }");
            svg.add("</style>");
        }
    }

    private ConfidentError() {}

    /** Writes both pictures into the folder that the system property {@code pictures} names. */
    public static void main(String[] args) throws IOException {
        Path folder = Files.createDirectories(Path.of(System.getProperty("pictures", FOLDER)));
        for (Theme theme : Theme.values()) {
            System.out.println("picture: " + Files.writeString(folder.resolve(theme.file()), svg(theme)));
        }
    }

    /** Where DL4J begins to clip this example's probability. */
    static double clip() {
        return PANEL.clips().stream().filter(place -> place < 0).findFirst().orElseThrow();
    }

    /** The points of a curve that are drawn. */
    static List<LossCurve.Point> drawn(List<LossCurve.Point> points) {
        return points.stream()
                .filter(point -> point.place() >= LOWEST && point.place() <= HIGHEST)
                .toList();
    }

    static LossCurve curve() {
        return PANEL.curves().get(0);
    }

    static String svg(Theme theme) {
        Svg svg = new Svg();
        svg.add("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 840 380" width="840" height="380" role="img"
                     aria-label="Gradient of a binary cross entropy over the logit of an example of class 1. Below a logit of %.1f DL4J's goes to 0; that of torch and of dl4j-losses stays at -1.">
                """, clip());
        theme.style(svg);
        svg.add("<rect class='sheet' x='1' y='1' width='838' height='378' rx='8'/>");

        Axes left = new Axes(64);
        frame(svg, left, "DL4J stops learning here");
        curve(svg, left, "builtIn", curve().builtIn());
        words(svg, left.x(LOWEST) + 8, left.y(-.13), "builtIn", "LossBinaryXENT");
        words(svg, left.x(clip()) - 14, left.y(-.6), "end", Svg.format("clips below %.1f", clip()));

        Axes right = new Axes(466);
        frame(svg, right, "torch and dl4j-losses go on");
        curve(svg, right, "ours", curve().ours());
        marks(svg, right, curve().torch());
        words(svg, right.x(LOWEST) + 8, right.y(-.9), "ours", "line: dl4j-losses");
        words(svg, right.x(LOWEST) + 8, right.y(-.8), "torch", "dots: torch");
        svg.add("</svg>");
        return svg.toString();
    }

    /** Of a class that says how they look. */
    private static void words(Svg svg, double x, double y, String style, String words) {
        svg.text(x, y, "class='" + style + "'", words);
    }

    private static void frame(Svg svg, Axes axes, String title) {
        double bottom = axes.y(Axes.LOWEST_GRADIENT);
        double top = axes.y(Axes.HIGHEST_GRADIENT);
        words(svg, axes.x(LOWEST), 32, "title", title);
        svg.add(
                "<rect class='zone' x='%.1f' y='%.1f' width='%.1f' height='%.1f'/>",
                axes.x(LOWEST), top, axes.x(clip()) - axes.x(LOWEST), bottom - top);
        for (double gradient : new double[] {0, -.5, -1}) {
            double y = axes.y(gradient);
            svg.add("<path class='grid' d='M%.1f %.1f H%.1f'/>", axes.x(LOWEST), y, axes.x(HIGHEST));
            words(svg, axes.x(LOWEST) - 6, y + 5, "end", gradient == 0 ? "0" : Double.toString(gradient));
        }
        for (double logit : new double[] {LOWEST, -20, -10, 0, HIGHEST}) {
            words(svg, axes.x(logit), bottom + 18, "middle", Long.toString(Math.round(logit)));
        }
        words(svg, axes.x(LOWEST), top - 10, "", "gradient, over the logit of an example of class 1");
        words(svg, axes.x(LOWEST), bottom + 42, "", "\u2190 confidently wrong");
        words(svg, axes.x(HIGHEST), bottom + 42, "end", "right \u2192");
    }

    private static void curve(Svg svg, Axes axes, String name, List<LossCurve.Point> points) {
        StringBuilder path = new StringBuilder();
        for (LossCurve.Point point : drawn(points)) {
            path.append(Svg.format(" %.1f,%.1f", axes.x(point.place()), axes.y(point.slope())));
        }
        svg.add("<polyline class='curve %s' points='%s'/>", name, path.substring(1));
    }

    private static void marks(Svg svg, Axes axes, List<LossCurve.Point> points) {
        List<LossCurve.Point> drawn = drawn(points);
        for (int i = 0; i < drawn.size(); i += EVERY) {
            LossCurve.Point point = drawn.get(i);
            svg.add(
                    "<circle class='torch' cx='%.1f' cy='%.1f' r='4.5'/>",
                    axes.x(point.place()), axes.y(point.slope()));
        }
    }

    /** From a logit and a gradient to the places of a panel that begins there. */
    private record Axes(double left) {
        private static final double LOWEST_GRADIENT = -1.1;
        private static final double HIGHEST_GRADIENT = .05;
        private static final double WIDTH = 350;
        private static final double TOP = 72;
        private static final double HEIGHT = 236;

        double x(double logit) {
            return left + WIDTH * (logit - LOWEST) / (HIGHEST - LOWEST);
        }

        double y(double gradient) {
            return TOP + HEIGHT * (HIGHEST_GRADIENT - gradient) / (HIGHEST_GRADIENT - LOWEST_GRADIENT);
        }
    }
}
