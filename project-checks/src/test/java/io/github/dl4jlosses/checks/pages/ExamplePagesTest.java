/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.examples.Example;
import io.github.dl4jlosses.examples.Examples;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages of examples have one order, and the lists of them are complete. */
class ExamplePagesTest {
    private static final Page EXAMPLES = Page.of("examples/README.md");
    private static final Page USE_CASES = Page.of("docs/use-cases/README.md");

    @ParameterizedTest(name = "{0}")
    @MethodSource("useCases")
    void aUseCaseHasThePartsOfTheOthers(Page page) {
        assertThat(page.sections())
                .extracting(Page.Section::heading)
                .endsWith("The case", "Command and output", "What to read from it", "What to try", "Read on")
                .hasSize(6);
    }

    static Stream<Page> useCases() {
        return Page.all()
                .filter(page -> page.toString().startsWith("docs/use-cases/"))
                .filter(page -> !page.toString().equals(USE_CASES.toString()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("useCases")
    void eachUseCaseIsInTheListOfUseCases(Page page) {
        String file = page.toString().replace("docs/use-cases/", "");
        assertThat(USE_CASES.text()).contains("](" + file + ")");
        assertThat(EXAMPLES.text()).contains("](../" + page + ")");
    }

    @Test
    void theListOfExamplesHasAllWithTheirPages() {
        List<String> rows = EXAMPLES.tableAfter("| program |");
        assertThat(rows.stream().skip(2).map(row -> Page.first(row, "^\\| (\\w+) \\| \\[")))
                .containsExactlyElementsOf(
                        Examples.all().stream().map(Example::name).toList());
        assertThat(rows.stream().skip(2)).allMatch(row -> row.contains("](../docs/"));
    }
}
