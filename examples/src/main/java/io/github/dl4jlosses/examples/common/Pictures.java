/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.common;

import io.github.dl4jlosses.parity.report.ChartSheet;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;

/** Where the pictures of the examples go: the folder that the system property {@code pictures} names, or examples/target. */
public final class Pictures {
    private Pictures() {}

    /** Writes charts from left to right into one picture, in a file of this name without its ending, and says where. */
    public static void write(String name, ChartSheet sheet, XYChart... charts) {
        write(name, out -> sheet.write(List.of(charts), out));
    }

    /** Writes an image into a file of this name without its ending, and says where. */
    public static void write(String name, BufferedImage image) {
        write(name, out -> ImageIO.write(image, "png", out));
    }

    private static void write(String name, Drawing drawing) {
        Path file = Path.of(System.getProperty("pictures", "examples/target")).resolve(name + ".png");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try (OutputStream out = Files.newOutputStream(file)) {
                drawing.writeTo(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        System.out.println("picture: " + file);
    }

    private interface Drawing {
        void writeTo(OutputStream out) throws IOException;
    }
}
