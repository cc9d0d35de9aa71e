/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the pages say is what happens.
 *
 * <p>In the pages of docs the snippets below a heading of the second level run one after the other, those in
 * {@code <!-- java} comments too. They print what stands in the comments behind the lines that print, or in the blocks
 * below; a number that is shown with fewer digits is rounded. Snippets that are whole classes, and those of README.md,
 * have tests of their own.
 */
class PagesTest {
    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{0}")
    @MethodSource("pages")
    void theLinksLeadSomewhere(Page page) {
        assertThat(page.lostLinks()).isEmpty();
    }

    static Stream<Page> pages() {
        return Page.all();
    }

    /** The pages of the losses and of the use cases have lists of their own. */
    @Test
    void everyPageIsInTheListOfPages() {
        Set<String> listed =
                Page.of("docs/README.md").linkedPages().map(Page::toString).collect(Collectors.toSet());
        assertThat(pages().map(Page::toString).filter(page -> page.matches("docs/([^/]+|[^/]+/README)\\.md")))
                .filteredOn(page -> !page.equals("docs/README.md"))
                .isSubsetOf(listed);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("programs")
    void theClassesCompile(Page page, Program program) throws Exception {
        program.compile(folder);
    }

    static Stream<Arguments> programs() {
        return Page.all()
                .flatMap(page -> page.sections().stream()
                        .flatMap(section -> section.programs().stream().map(program -> Arguments.of(page, program))));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("sections")
    void theSnippetsPrintWhatTheyShow(Page page, Page.Section section) throws Exception {
        String inFolder = "var folder = new File(\"" + folder.toString().replace('\\', '/') + "\");\n";

        // a file that a snippet names without a folder lies there
        String java = section.java().replaceAll("Path\\.of\\((\"[^\"/]+\")\\)", "folder.toPath().resolve($1)");
        List<String> printed =
                Program.ofStatements(inFolder + java).run(folder).lines().toList();
        List<String> shown = section.printed();
        assertThat(printed).hasSameSizeAs(shown);
        for (int line = 0; line < shown.size(); line++) {
            assertThat(rounded(printed.get(line), shown.get(line))).isEqualTo(shown.get(line));
        }
    }

    static Stream<Arguments> sections() {
        return Page.all()
                .filter(page -> page.toString().startsWith("docs"))
                .flatMap(page -> page.sections().stream()
                        .filter(section -> !section.java().isEmpty())
                        .map(section -> Arguments.of(page, section)));
    }

    /** A number with as many decimals as are shown of it, anything else as it is. */
    private static String rounded(String printed, String shown) {
        try {
            int decimals = new BigDecimal(shown).scale();
            return new BigDecimal(printed)
                    .setScale(decimals, RoundingMode.HALF_EVEN)
                    .toPlainString();
        } catch (NumberFormatException e) {
            return printed;
        }
    }
}
