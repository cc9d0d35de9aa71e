/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The numbers in the sentences of the pages of examples: each stands in the page's blocks, which other tests hold against
 * what programs print, or in the code of a class that the page names, or follows from these.
 */
class ProseNumbersTest {
    private static final Pattern NUMBER =
            Pattern.compile("(?<![\\w.^])(?:\\d{1,3}(?:,\\d{3})+|\\d*\\.\\d+|\\d+)(?:[eE]-?\\d+)?(?![\\w])");
    private static final Pattern VERSION = Pattern.compile("\\b\\d+\\.\\d+\\.\\d+\\b");
    private static final Pattern ITEM = Pattern.compile("(?m)^\\d+\\. ");
    private static final Sources SOURCES = new Sources();

    @ParameterizedTest(name = "{0}")
    @MethodSource("pages")
    void eachNumberIsPrintedOrComputed(Page page) {
        Set<BigDecimal> printed = numbers(page.blocks());
        DerivedNumber.all().stream()
                .filter(derived -> derived.page().equals(page.toString()))
                .forEach(derived -> printed.addAll(numbers(derived.number())));
        boolean isOfOneExample = Set.copyOf(page.each("-Dexample=(\\w+)")).size() == 1;
        for (Page.Section section : page.sections()) {
            String sentences = VERSION.matcher(section.sentences()).replaceAll("");
            Set<BigDecimal> known = numbers(SOURCES.behind(isOfOneExample ? page.text() : section.text()));
            known.addAll(printed);
            // the items of a list have numbers, by which the text refers to them
            ITEM.matcher(sentences).results().forEach(item -> known.addAll(numbers(item.group())));

            assertThat(numbers(ITEM.matcher(sentences).replaceAll("")))
                    .as(section.heading())
                    .isSubsetOf(known);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pages")
    void eachVersionIsThatOfTheModels(Page page) {
        Page models = Page.of("examples/src/main/resources/data/pytorch/README.md");
        assertThat(VERSION.matcher(page.sentences()).results().map(MatchResult::group))
                .allSatisfy(version -> assertThat(models.text()).contains("torch " + version));
    }

    static Stream<Page> pages() {
        return Page.all()
                .filter(page -> page.toString().startsWith("docs/use-cases/")
                        || List.of("docs/article.md", "examples/README.md").contains(page.toString()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("derived")
    void whatIsDerivedFollowsAndIsSaid(DerivedNumber derived) {
        assertThat(derived.rounded()).isEqualByComparingTo(derived.number());
        assertThat(numbers(Page.of(derived.page()).sentences())).containsAll(numbers(derived.number()));
    }

    static List<DerivedNumber> derived() {
        return DerivedNumber.all();
    }

    private static Set<BigDecimal> numbers(String text) {
        return NUMBER.matcher(text)
                .results()
                .map(number -> new BigDecimal(number.group().replace(",", "")).stripTrailingZeros())
                .collect(Collectors.toSet());
    }
}
