/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.report;

import java.util.List;

/**
 * Charts of one size in one picture, in SVG.
 *
 * @since 0.1.0
 */
public final class ChartSheet {
    private final int columns;
    private final int width;
    private final int height;

    /**
     * A sheet of charts of one size.
     *
     * @param columns how many are side by side
     * @param width the width of each, in pixels
     * @param height the height of each
     */
    public ChartSheet(int columns, int width, int height) {
        this.columns = columns;
        this.width = width;
        this.height = height;
    }

    /**
     * Draws all charts, row by row.
     *
     * @param words what the picture shows, for those who cannot see it
     * @param charts at least one
     * @return the text of the picture
     */
    public String svg(String words, List<Chart> charts) {
        int across = Math.min(columns, charts.size());
        int rows = (charts.size() + across - 1) / across;
        Svg svg = Svg.sheet(across * width, rows * height, words);
        for (int row = 0; row < rows; row++) {
            List<Chart> beside = charts.subList(row * across, Math.min(charts.size(), (row + 1) * across));
            int titleRows = beside.stream()
                    .mapToInt(chart -> chart.titleRows(width))
                    .max()
                    .orElse(1);
            for (int column = 0; column < beside.size(); column++) {
                beside.get(column).write(svg, column * width, row * height, width, height, titleRows);
            }
        }
        return svg.end();
    }
}
