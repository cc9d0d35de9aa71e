/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.checks.pictures.LossCurves;
import io.github.dl4jlosses.examples.Examples;
import io.github.dl4jlosses.examples.Examples.Example;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every example, and the program that draws the losses, runs and prints what its page shows; all pages of them are alike. */
class ExamplesTest {
    private static final Page EXAMPLES = Page.of("examples/README.md");
    private static final Page USE_CASES = Page.of("docs/use-cases/README.md");
    private static final Path SOURCES = Path.of("../examples/src/main/java/io/github/dl4jlosses/examples");

    /** Trainings of more than ten seconds. */
    private static final Set<String> LONG = Set.of(
            "LabelSmoothing", "IgnoredPadding", "Distillation", "Segmentation", "TracedResnet", "LargeVocabulary");

    /** How a line begins whose numbers belong to the machine. */
    private static final String MEASURED = "measured: ";

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{0}")
    @MethodSource("examples")
    void printsWhatItsPageShows(Example example) throws Exception {
        assertPrints(
                () -> Examples.main(new String[] {example.name()}),
                Page.outputOf(example.name()),
                trains(example) ? ShownText::isNearlyAsShown : ShownText::isAsShown);
    }

    @Test
    void theProgramThatDrawsTheLossesPrintsWhatItsPageShows() throws Exception {
        assertPrints(
                () -> LossCurves.main(new String[0]),
                Page.printedBy("-Ploss-pictures -pl project-checks -am process-classes"),
                ShownText::isAsShown);
    }

    private void assertPrints(Program.Printing program, List<String> shown, BiPredicate<String, String> same)
            throws Exception {
        System.setProperty("pictures", folder.toString());
        List<String> printed;
        try {
            printed = Program.printed(program)
                    .lines()
                    .filter(line -> !line.startsWith("picture: "))
                    .toList();
        } finally {
            System.clearProperty("pictures");
        }
        assertThat(printed).hasSameSizeAs(shown);
        for (int line = 0; line < shown.size(); line++) {
            String expected = shown.get(line);
            BiPredicate<String, String> alike = expected.startsWith(MEASURED) ? ShownText::isMeasuredAsShown : same;
            assertThat(printed.get(line)).matches(text -> alike.test(text, expected), expected);
        }
        PicturesTest.assertThatPagesShowTheSize(folder);
    }

    private static boolean trains(Example example) throws IOException {
        String file = example.main()
                        .getName()
                        .replace("io.github.dl4jlosses.examples.", "")
                        .replace('.', '/') + ".java";
        return Files.readString(SOURCES.resolve(file)).contains(".fit(");
    }

    /** All with {@code -Dparity.full=true}. */
    static List<Example> examples() {
        return Examples.all().stream()
                .filter(example -> Boolean.getBoolean("parity.full") || !LONG.contains(example.name()))
                .toList();
    }

    @Test
    void everyProgramOfTheseFoldersIsListed() {
        Set<String> programs = programs().map(Repository::simpleName).collect(Collectors.toSet());
        assertThat(Examples.all()).extracting(Example::name).containsExactlyInAnyOrderElementsOf(programs);
    }

    @Test
    void noneIsLong() throws IOException {
        for (Path file : programs().toList()) {
            assertThat(Files.readAllLines(file)).as(file.toString()).hasSizeLessThan(150);
        }
    }

    private static Stream<Path> programs() {
        return Stream.of("article", "usecases")
                .flatMap(folder -> Repository.files(SOURCES.resolve(folder), ".java").stream())
                .filter(file -> Page.of(Repository.nameOf(file)).text().contains("public static void main("));
    }

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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "loss 0.1235|loss 0.1234|true",
                "loss 0.1236|loss 0.1234|false",
                "loss 0.123|loss 0.1234|false",
                "-1.0e-05|-1.1e-05|true",
                "12 of 39|13 of 39|false",
                "to within 2e-12|to within 1e-12|false",
                "losses  6.0e-12|losses  1.3e-13|true",
                "losses  6.0e-10|losses  1.3e-12|false",
                "losses  1.3e-08|losses  1.3e-09|false",
                "likelihood 1.00e-100|likelihood 1.01e-100|true",
                "likelihood 1.00e-100|likelihood 1.02e-100|false",
                "a  0.12|a 0.12|false",
                "a 0.12  |a 0.12|true",
                "a 0.12|b 0.12|false",
                "float64 w1-w0|float32 w1-w0|false",
                "1.0|-1.0|false"
            })
    void aTrainingMayBeOffByOneInTheLastDecimal(String printed, String shown, boolean near) {
        assertThat(ShownText.isNearlyAsShown(printed, shown)).isEqualTo(near);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "measured: 3.1 s|measured: 2.7 s|true",
                "measured: 3.1 s|measured: 2.7 GB|false",
                "measured: s|measured: 2.7 s|false"
            })
    void whatIsMeasuredHasTheFormThatIsShown(String printed, String shown, boolean alike) {
        assertThat(ShownText.isMeasuredAsShown(printed, shown)).isEqualTo(alike);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"loss 0.1235|loss 0.1234|false", "loss 0.1234|loss 0.1234|true"})
    void anythingElseIsExact(String printed, String shown, boolean equal) {
        assertThat(ShownText.isAsShown(printed, shown)).isEqualTo(equal);
    }
}
