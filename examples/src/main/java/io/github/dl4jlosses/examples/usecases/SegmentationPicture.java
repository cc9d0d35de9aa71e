/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.usecases;

import io.github.dl4jlosses.examples.data.SegmentedClothes;
import io.github.dl4jlosses.parity.report.Ink;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Images and the classes of their pixels, a column for each image. */
final class SegmentationPicture {
    private static final Color[] COLORS = {Color.BLACK, Ink.OURS.color(), Color.ORANGE, Ink.GREEN.color()};
    private static final int SIDE = SegmentedClothes.SIDE;
    private static final int SCALE = 12;
    private static final int CELL = SIDE * SCALE + 12;
    private static final int TITLE = 72;
    private static final int LABEL = 260;

    private final int columns;
    private final BufferedImage image;
    private final Graphics2D graphics;
    private int top = TITLE + 8;

    /** Of so many rows for the first images, twice as large as a page shows it. */
    SegmentationPicture(String title, int rows, int columns) {
        this.columns = columns;
        image = new BufferedImage(LABEL + columns * CELL, TITLE + rows * CELL + 60, BufferedImage.TYPE_INT_RGB);
        graphics = image.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setColor(Color.BLACK);
        graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 40));
        graphics.drawString(title, 24, 52);
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 32));
    }

    /** A row of grey images, [N, 1, side, side]. */
    void images(String name, INDArray images) {
        row(name, (i, y, x) -> Color.getHSBColor(0, 0, images.getFloat(i, 0, y, x)));
    }

    /** A row of classes, one-hot or probabilities, [N, C, side, side]; light grey where all are 0. */
    void classes(String name, INDArray classes) {
        INDArray best = classes.argMax(1);
        INDArray labelled = classes.sum(1);
        row(name, (i, y, x) -> labelled.getDouble(i, y, x) == 0 ? Color.LIGHT_GRAY : COLORS[best.getInt(i, y, x)]);
    }

    private void row(String name, PixelColor color) {
        graphics.setColor(Color.BLACK);
        graphics.drawString(name, 24, top + CELL / 2);
        for (int column = 0; column < columns; column++) {
            for (int y = 0; y < SIDE; y++) {
                for (int x = 0; x < SIDE; x++) {
                    graphics.setColor(color.at(column, y, x));
                    graphics.fillRect(LABEL + column * CELL + x * SCALE, top + y * SCALE, SCALE, SCALE);
                }
            }
        }
        top += CELL;
    }

    /** The picture, with what the colours mean below. */
    BufferedImage withLegend(String... classes) {
        int left = LABEL;
        for (int c = 0; c <= classes.length; c++) {
            String name = c < classes.length ? classes[c] : "no label";
            graphics.setColor(c < classes.length ? COLORS[c] : Color.LIGHT_GRAY);
            graphics.fillRect(left, top + 8, 32, 32);
            graphics.setColor(Color.BLACK);
            graphics.drawString(name, left + 44, top + 36);
            left += 88 + graphics.getFontMetrics().stringWidth(name);
        }
        graphics.dispose();
        return image;
    }

    private interface PixelColor {
        Color at(int image, int y, int x);
    }
}
