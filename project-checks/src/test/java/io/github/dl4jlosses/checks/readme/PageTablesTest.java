/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.readme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jlosses.checks.pages.Page;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What stands between the markers of pages is what the program writes there. */
class PageTablesTest {
    @ParameterizedTest(name = "{0}")
    @MethodSource("parts")
    void thePageIsAsTheProgramWritesIt(PageTables.Part part) {
        String text = Page.of(part.page()).text();
        assertThat(text)
                .as("The part '%s' of %s is another now; to write it: %s", part.name(), part.page(), PageTables.COMMAND)
                .isEqualTo(part.in(text));
    }

    static List<PageTables.Part> parts() {
        return PageTables.all();
    }

    /** The lines of the pictures are compared where they are printed. */
    @Test
    void everyMarkerHasItsPart() {
        List<String> written = Stream.concat(PageTables.all().stream(), Stream.of(PageTables.curves()))
                .map(PageTables.Part::toString)
                .toList();
        List<String> marked = Page.all()
                .flatMap(page -> page.each("<!-- generated: (.*?) by ").stream().map(name -> name + " in " + page))
                .toList();
        assertThat(marked).containsExactlyInAnyOrderElementsOf(written);
    }

    @Test
    void onlyWhatStandsBetweenTheMarkersIsWritten() {
        PageTables.Part part = new PageTables.Part("page", "numbers", () -> List.of("1", "2"));
        assertThat(part.in("a\n<!-- generated: numbers by hand -->\n0\n<!-- end -->\nb\n<!-- end -->\n"))
                .isEqualTo("a\n<!-- generated: numbers by " + PageTables.COMMAND
                        + " -->\n1\n2\n<!-- end -->\nb\n<!-- end -->\n");
    }

    @Test
    void aPageWithoutTheMarkersIsNamed() {
        PageTables.Part part = new PageTables.Part("page", "numbers", List::of);
        assertThatThrownBy(() -> part.in("<!-- generated: others by hand -->\n<!-- end -->\n"))
                .hasMessageContaining("page has no part <!-- generated: numbers by ");
    }
}
