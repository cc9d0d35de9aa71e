/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.dl4jlosses.examples.Examples;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** The pictures of the pages are there, committed, and as large as the programs make them. */
class PicturesTest {
    private static final Path ROOT = Repository.ROOT;
    private static final String IMAGES = "docs/images";

    @Test
    void everyPictureIsOnAPageAndNoPageShowsAnother() {
        List<String> shown = Page.all().flatMap(Page::pictures).distinct().toList();
        assertThat(files(ROOT.resolve(IMAGES))).containsExactlyInAnyOrderElementsOf(shown);
    }

    @Test
    void everyPictureIsCommitted() throws IOException, InterruptedException {
        Process git = new ProcessBuilder("git", "ls-files", IMAGES)
                .directory(ROOT.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> committed;
        try (InputStream out = git.getInputStream()) {
            committed = new String(out.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
        assumeThat(git.waitFor()).as("this is a repository").isZero();
        assertThat(committed).containsAll(files(ROOT.resolve(IMAGES)));
    }

    /** ExamplesTest runs the programs; this says whose pictures it looks at. */
    @Test
    void thePicturesOfExamplesAreNamedAfterThem() {
        List<String> names = Examples.all().stream()
                .map(example -> IMAGES + "/examples/"
                        + example.name().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT))
                .flatMap(name -> Stream.of(name + ".svg", name + ".png"))
                .toList();
        assertThat(files(ROOT.resolve(IMAGES + "/examples"))).isSubsetOf(names);
    }

    /** The pictures in this folder, which a program has just made, beside those of the pages. */
    static void assertThatPagesShowTheSize(Path folder) throws IOException {
        List<String> shown = files(ROOT.resolve(IMAGES));
        for (Path made : picturesIn(folder).toList()) {
            List<String> committed = shown.stream()
                    .filter(name -> Path.of(name).getFileName().equals(made.getFileName()))
                    .toList();
            assertThat(committed).as(made.getFileName().toString()).hasSize(1);
            assertThat(size(ROOT.resolve(committed.get(0)))).isEqualTo(size(made));
        }
    }

    private static String size(Path picture) throws IOException {
        if (picture.toString().endsWith(".svg")) {
            return Files.readString(picture).replaceFirst("(?s)^.*?viewBox=\"([^\"]*)\".*$", "$1");
        }
        BufferedImage image = ImageIO.read(picture.toFile());
        return picture.getFileName() + " " + image.getWidth() + "x" + image.getHeight();
    }

    private static List<String> files(Path folder) {
        return picturesIn(folder).map(Repository::nameOf).toList();
    }

    private static Stream<Path> picturesIn(Path folder) {
        return Stream.of(".png", ".svg").flatMap(ending -> Repository.files(folder, ending).stream());
    }
}
