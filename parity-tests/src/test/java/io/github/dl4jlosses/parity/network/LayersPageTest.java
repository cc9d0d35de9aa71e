/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.spec.PrintedSeed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Runs every cell of {@code docs/layers.md}.
 *
 * <p>{@code -Dparity.full=true} makes all runs, and with it {@code -Dlayers.update=true} writes the page; {@code
 * -Dparity.seed=N} repeats them.
 */
class LayersPageTest {
    private static final Path PAGE = Path.of("..", "docs", "layers.md");
    private static final Path FOUND = Path.of("target", "layers.md");

    private static LayersPage page;

    @BeforeAll
    static void run() {
        page = LayersPage.run(PrintedSeed.of(LayersPageTest.class));
    }

    @Test
    void whateverIsNotTorchsIsProvenToBeDl4js() {
        assertThat(page.differences()).isEmpty();
    }

    @Test
    void everyBugThatThePageNamesIsStillThere() {
        assertThat(page.bugs()).containsExactly(FrameworkBug.values());
    }

    @Test
    void everyCellHasARun() {
        assertThat(page.fewestRuns()).isPositive();
    }

    @Test
    void thePageSaysWhatThisRunHasFound() throws IOException {
        String found = Product.isFull() ? page.text() : page.text(Files.readString(PAGE));
        Files.createDirectories(FOUND.getParent());
        Files.writeString(FOUND, found);
        if (Boolean.getBoolean("layers.update")
                && Product.isFull()
                && page.differences().isEmpty()) {
            Files.writeString(PAGE, found);
        }
        assertThat(PAGE)
                .as(
                        "parity-tests/%s is what this run has found; -Dparity.full=true -Dlayers.update=true writes it to"
                                + " docs/layers.md",
                        FOUND)
                .hasContent(found);
    }
}
