/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.spec.PrintedSeed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Runs every cell of {@code docs/layers.md}.
 *
 * <p>{@code -Dparity.full=true} makes all runs, and with it {@code -Dlayers.update=true} writes the page; {@code
 * -Dparity.seed=N} repeats them.
 */
class LayersPageTest {
    private static final Path PAGE = Path.of("..", "docs", "layers.md");
    private static final Path FOUND = Path.of("target", "layers.md");

    private static DataType usual;
    private static DataType floating;
    private static LayersPage page;

    /** DL4J's gradient check asks for double as the type of all arrays. */
    @BeforeAll
    static void run() {
        usual = Nd4j.dataType();
        floating = Nd4j.defaultFloatingPointType();
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
        page = LayersPage.run(PrintedSeed.of(LayersPageTest.class));
    }

    @AfterAll
    static void restore() {
        Nd4j.setDefaultDataTypes(usual, floating);
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
