/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.common;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.dl4jlosses.parity.report.Chart;
import io.github.dl4jlosses.parity.report.ChartSheet;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** Where the pictures of the examples go: the folder that the system property {@code pictures} names, or examples/target. */
public final class Pictures {
    /** One chart in a picture, as wide as a page shows it. */
    public static final ChartSheet ONE = new ChartSheet(1, 840, 420);

    /** Charts side by side, together as wide. */
    public static final ChartSheet TWO = new ChartSheet(2, 420, 380);

    private Pictures() {}

    /** Writes charts into one picture, in a file of this name without its ending, and says where. */
    public static void write(String name, ChartSheet sheet, Chart... charts) {
        String words = Stream.of(charts).map(Chart::toString).collect(Collectors.joining("; "));
        write(name + ".svg", out -> out.write(sheet.svg(words, List.of(charts)).getBytes(UTF_8)));
    }

    /** Writes an image into a file of this name without its ending, and says where. */
    public static void write(String name, BufferedImage image) {
        write(name + ".png", out -> ImageIO.write(image, "png", out));
    }

    private static void write(String name, Drawing drawing) {
        Path file = Path.of(System.getProperty("pictures", "examples/target")).resolve(name);
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
