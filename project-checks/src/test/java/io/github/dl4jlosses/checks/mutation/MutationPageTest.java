/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.mutation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MutationPageTest {
    private static final List<String> PACKAGES =
            List.of("io.github.dl4jlosses", "io.github.dl4jlosses.internal.kernel");

    @TempDir
    Path folder;

    private List<Mutant> mutants;

    @BeforeEach
    void threeMutantsOfOneMethodAndOneOfAnother() throws IOException {
        mutants = Mutant.read(Files.writeString(
                folder.resolve("mutations.xml"),
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<mutations partial=\"true\">\n"
                        + mutation(true, "TIMED_OUT", "internal.kernel.Sum", "of", 10)
                        + mutation(false, "SURVIVED", "internal.kernel.Sum", "of", 11)
                        + mutation(false, "NO_COVERAGE", "internal.kernel.Sum", "of", 12)
                        + mutation(true, "KILLED", "NLLLoss", "takes", 13)
                        + "</mutations>\n"));
    }

    private static String mutation(boolean detected, String status, String type, String method, int line) {
        return "<mutation detected='" + detected + "' status='" + status + "' numberOfTestsRun='2'><sourceFile>A.java"
                + "</sourceFile><mutatedClass>io.github.dl4jlosses." + type + "</mutatedClass><mutatedMethod>" + method
                + "</mutatedMethod><methodDescription>()V</methodDescription><lineNumber>" + line
                + "</lineNumber><mutator>org.pitest.mutationtest.engine.gregor.mutators.ConditionalsBoundaryMutator</mutator>"
                + "<indexes><index>1</index></indexes><blocks><block>0</block></blocks><killingTest/>"
                + "<description>changed conditional boundary</description></mutation>\n";
    }

    private String page(String... explanations) {
        return of(mutants, PACKAGES, explanations).text();
    }

    private static MutationPage of(List<Mutant> mutants, List<String> packages, String... explanations) {
        return new MutationPage(
                List.of(mutants),
                new Explanations(Arrays.asList(explanations)),
                List.of("a/main 123abc", "a/test 456def"),
                packages);
    }

    @Test
    void mutantsAreCountedByPackageAndInAll() {
        assertThat(page().lines())
                .contains(
                        "**2 of 4 mutants are killed, 50.0 %.**",
                        "| `io.github.dl4jlosses` | 1 | 1 | 0 | 0 | 0 | 100.0 % |",
                        "| `io.github.dl4jlosses.internal.kernel` | 3 | 1 | 1 | 1 | 1 | 33.3 % |",
                        "| all | 4 | 2 | 1 | 1 | 1 | 50.0 % |");
    }

    @Test
    void aSurvivorWithoutAReasonIsCalledNotExplained() {
        assertThat(page().lines())
                .contains(
                        "### Not explained (2)",
                        "| `internal.kernel.Sum` | `of` | 11 | changed conditional boundary |",
                        "| `internal.kernel.Sum` | `of` | 12 | changed conditional boundary (reached by no test) |");
    }

    @Test
    void aReasonStandsAboveAsManySurvivorsAsItSpeaksOf() {
        assertThat(page(
                                "## Speed alone",
                                "",
                                "Both ways",
                                "are right.",
                                "",
                                "* internal.kernel.Sum of ConditionalsBoundary")
                        .lines())
                .containsSubsequence(
                        "### Not explained (1)",
                        "| `internal.kernel.Sum` | `of` | 12 | changed conditional boundary (reached by no test) |",
                        "### Speed alone (1)",
                        "Both ways",
                        "are right.",
                        "| `internal.kernel.Sum` | `of` | 11 | changed conditional boundary |");
    }

    @Test
    void whereAllAreExplainedNoneIsNot() {
        assertThat(page("## Speed", "Fast.", "* internal.kernel.Sum of ConditionalsBoundary 2"))
                .doesNotContain("Not explained");
    }

    @Test
    void aReasonForMoreThanSurviveIsOutdated() {
        Explanations explanations =
                new Explanations(List.of("## Speed", "* internal.kernel.Sum of ConditionalsBoundary 3", "* A b Math"));
        assertThat(explanations.outdated(mutants.subList(1, 3)))
                .containsExactly(
                        "internal.kernel.Sum of ConditionalsBoundary: 3 explained, 2 survive",
                        "A b Math: 1 explained, 0 survive");
    }

    @Test
    void classesThatWereRunAgainTakeThePlaceOfTheWholeRun() throws IOException {
        List<Mutant> later = Mutant.read(Files.writeString(
                folder.resolve("later.xml"),
                "<mutations>" + mutation(true, "KILLED", "internal.kernel.Sum", "of", 11) + "</mutations>"));

        MutationPage page = new MutationPage(List.of(mutants, later), new Explanations(List.of()), List.of(), PACKAGES);

        assertThat(page.text().lines())
                .contains(
                        "**2 of 2 mutants are killed, 100.0 %.**",
                        "Run again since, with later tests: `internal.kernel.Sum`.");
        assertThat(page()).doesNotContain("Run again");
    }

    @Test
    void packagesThatWereLeftOutAreNamed() {
        List<String> packages = List.of("io.github.dl4jlosses", "a.b", "io.github.dl4jlosses.internal.kernel", "c");

        assertThat(of(mutants, packages).text()).contains("**This run left out** `a.b`, `c`.");
        assertThat(page()).doesNotContain("left out");
    }

    @Test
    void theStateOfTheSourcesIsInTheFormThatTheCheckOfAReleaseReadsAndThatOfTestsIsNot() {
        assertThat(page().lines()).contains("Sources: `a/main` as of `123abc`.", "Tests: `a/test` as of `456def`.");
    }

    @Test
    void whatAReleaseMayNotHaveIsComplainedOf() {
        assertThat(of(mutants, PACKAGES, "## Speed", "* internal.kernel.Sum of ConditionalsBoundary", "* A b Math")
                        .complaints())
                .containsExactly(
                        "fewer than 90 % are killed",
                        "not explained: internal.kernel.Sum of, line 12: changed conditional boundary",
                        "outdated: A b Math: 1 explained, 0 survive");
    }

    @Test
    void nothingIsComplainedOfWhereAllAreKilled() {
        assertThat(of(List.of(mutants.get(0), mutants.get(3)), PACKAGES).complaints())
                .isEmpty();
    }

    @Test
    void aRunOfSomePackagesSaysNothingOfTheReasonsOfOthers() {
        assertThat(of(
                                List.of(mutants.get(3)),
                                PACKAGES,
                                "## Speed",
                                "* internal.kernel.Sum of ConditionalsBoundary",
                                "* NLLLoss takes Math")
                        .complaints())
                .containsExactly("outdated: NLLLoss takes Math: 1 explained, 0 survive");
    }

    @Test
    void aReasonWithoutAHeadingIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> page("* A b Math"))
                .withMessage("No heading is above: * A b Math");
    }

    @Test
    void aLineThatNamesNoMethodIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> page("## Speed", "* A Math"))
                .withMessage("This should be: * class method mutator n: * A Math");
    }
}
