/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What docs/dl4j.md says beside its snippets. */
class GuideTest {
    private static final Page GUIDE = Page.of("docs/dl4j.md");

    /** Dots stand for what is left out of a message. */
    @Test
    void theMessagesAreThoseOfThisRun() {
        List<String> shown = GUIDE.tableAfter("| message |").stream()
                .skip(2)
                .map(row -> Page.first(row, "^\\| `(.*?)` \\|"))
                .toList();
        List<String> messages = GuideErrors.messages();

        assertThat(messages).hasSameSizeAs(shown);
        for (int row = 0; row < shown.size(); row++) {
            assertThat(messages.get(row)).containsSubsequence(shown.get(row).split(" \\.\\.(?: |$)", -1));
        }
    }

    @Test
    void theVersionsAreThoseOfTheBuild() {
        assertThat(GUIDE.versions()).isEqualTo(Page.versionsOfBuild("dl4j.version", "dl4j.spark.version"));
        assertThat(Page.versionsOfBuild("spark.version").iterator().next())
                .startsWith(GUIDE.first("Spark (\\d+\\.\\d+) "));
    }
}
