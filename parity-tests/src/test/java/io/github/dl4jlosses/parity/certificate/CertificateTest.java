/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.grid.Configuration;
import io.github.dl4jlosses.parity.grid.Fault;
import io.github.dl4jlosses.parity.grid.GridCase;
import io.github.dl4jlosses.parity.grid.RefusedCall;
import io.github.dl4jlosses.parity.grid.Subject;
import io.github.dl4jlosses.spec.GivenCall;
import io.github.dl4jlosses.spec.LossSpecs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The short form of the certificate holds, the committed page is that of this code, and a wrong loss gets none.
 *
 * <p>The seed is that of the committed page, whatever the build's: the other suites draw other numbers.
 */
class CertificateTest {
    private static final String COMMAND = "mvn -Pcertificate -pl parity-tests -am process-classes";
    private static final int SOME = 100;
    private static final Instant START = Instant.EPOCH;

    @TempDir
    private static Path folder;

    private static Findings findings;
    private static String page;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, UTF_8);

    @BeforeAll
    static void measure() throws IOException {
        ByteArrayOutputStream console = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(console, true, UTF_8);
        findings = Findings.measure(options("short"), out);
        assertThat(console.toString(UTF_8)).contains("certificate: 10 %", "certificate: 100 %");

        assertThat(Certificate.conclude(findings, Provenance.of(findings.options()), START, out))
                .as("%s", findings.failures())
                .isZero();
        page = Files.readString(findings.options().page());
    }

    private static CertificateOptions options(String name) {
        return CertificateOptions.parse(
                "--short",
                "--samples",
                Boolean.getBoolean("parity.full") ? "400" : "100",
                "--page",
                folder.resolve(name).resolve("PARITY.md").toString(),
                "--folder",
                folder.resolve(name).toString());
    }

    @Test
    void theCommittedPageIsThatOfThisCode() throws IOException {
        String committed = Files.readString(CertificateOptions.root().resolve("docs/PARITY.md"));
        assertThat(PageStructure.of(committed))
                .as("docs/PARITY.md is older than the code; to renew it: %s", COMMAND)
                .isEqualTo(PageStructure.of(page));
        assertThat(committed).contains("**It holds: ").doesNotContain("--short");
    }

    @Test
    void aPageOfOtherLossesIsToldFromThisOne() {
        String older = page.replaceFirst("\n\\| KLDivLoss: targets, log_target \\| float32 [^\n]*", "");
        assertThat(PageStructure.of(older)).isNotEqualTo(PageStructure.of(page));
        String otherNumbers =
                page.replaceFirst("(\n\\| KLDivLoss: targets, log_target \\| float32) [^\n]*", "$1 | 7 |");
        assertThat(PageStructure.of(otherNumbers)).isEqualTo(PageStructure.of(page));
    }

    @Test
    void theHtmlNeedsNoOtherFile() throws IOException {
        String html = Files.readString(findings.options().folder().resolve("index.html"));
        assertThat(html)
                .contains("<svg", START.toString(), findings.verdict(), "Each series of errors, ")
                .doesNotContain("http:", "https:", "src=", "<link", "<img");
    }

    @Test
    void theJsonHasEachCombinationOfOptionsInEachType() throws IOException {
        String json = Files.readString(findings.options().folder().resolve("parity.json"));
        JsonObject all = JsonParser.parseString(json).getAsJsonObject();
        assertThat(all.get("holds").getAsBoolean()).isTrue();
        assertThat(all.getAsJsonArray("options"))
                .hasSize(findings.rows().size())
                .hasSize((int)
                        Configuration.grid(TorchType.FLOAT64, TorchType.FLOAT32, TorchType.FLOAT16, TorchType.BFLOAT16)
                                .stream()
                                .map(each -> List.of(each.lossName(), each.options(), each.type()))
                                .distinct()
                                .count());
        assertThat(all.getAsJsonArray("accuracy")).hasSize(findings.accuracies().size());
    }

    @Test
    void thePictureHasARowForEachLossAndAPanelForBothTypes() throws IOException {
        Path made = findings.options().page().resolveSibling("images/parity.svg");
        for (Path picture : List.of(made, Path.of("../docs/images/parity.svg"))) {
            String svg = Files.readString(picture);
            assertThat(svg).contains("Smaller is better", ">float32<", ">float64<");
            assertThat(LossSpecs.all()).allSatisfy(spec -> assertThat(svg).contains(">" + spec.lossName() + "<"));
        }
    }

    /** A certificate of other sources must not be released, and the check must find the commit in the page. */
    @Test
    void theReleaseLooksAtTheSourcesThatThePageSpeaksOf() throws IOException {
        assertThat(Files.readString(Path.of("../.ci/release-version")))
                .contains("git log -1 --format=%H -- " + String.join(" ", Provenance.SOURCES) + ")");
        assertThat(Files.readString(Path.of("../docs/PARITY.md")))
                .containsPattern("(?m)^\\| commit \\| [0-9a-f]{12} \\|$");
    }

    /** Everything but the accuracy, on a part of the grid, twice. */
    @Test
    void theSamePageIsWrittenAgain() {
        Findings once = part("once");
        Findings again = part("again");
        Map<String, String> provenance = Provenance.of(once.options());
        assertThat(new CertificatePage(again, provenance).text("images/parity.svg"))
                .isEqualTo(new CertificatePage(once, provenance).text("images/parity.svg"));
        assertThat(Json.text(again, provenance)).isEqualTo(Json.text(once, provenance));
    }

    private Findings part(String name) {
        List<Configuration> all = Configuration.grid(TorchType.FLOAT32, TorchType.BFLOAT16);
        List<Configuration> some = IntStream.range(0, SOME)
                .mapToObj(i -> all.get(i * (all.size() / SOME)))
                .toList();
        return Findings.of(options(name), run(name, Subject::of, some), findings.accuracies());
    }

    private GridRun run(String name, Function<GridCase, Subject> subject, List<Configuration> some) {
        GridRun grid = new GridRun(options(name), subject, some);
        grid.run(new Progress(grid.cases(), out));
        return grid;
    }

    @Test
    void aWrongLossGetsNoCertificate() throws IOException {
        List<Configuration> some = Configuration.grid(TorchType.FLOAT64).subList(0, SOME);
        GridRun grid = run("wrong", Fault.SIGN::of, some);
        assertThat(grid.rows()).allSatisfy(row -> assertThat(row.passed).isLessThan(row.cases));
        assertThat(grid.failures()).hasSizeGreaterThan(SOME / 2);

        Findings wrong = new Findings(
                options("wrong"),
                grid.rows(),
                List.of(),
                findings.accuracies().subList(0, 1),
                findings.corners(),
                findings.errors(),
                findings.known(),
                findings.demonstrations(),
                findings.faults(),
                grid.failures());
        assertThat(Certificate.conclude(wrong, Provenance.of(wrong.options()), START, out))
                .isEqualTo(1);

        assertThat(printed.toString(UTF_8)).contains("NO CERTIFICATE", "DIFFERENT: GridCase.random(");
        assertThat(Files.readString(wrong.options().page()))
                .contains("**It does not hold: " + grid.failures().size() + " differences.**")
                .contains(
                        "## What differs", "* GridCase.random(Configuration.parse(\"BCELoss: targets, mean, float64,");
        assertThat(Files.readString(wrong.options().folder().resolve("summary.md")))
                .contains("It does not hold");
    }

    @Test
    void aFaultThatNobodyNoticesIsAFailure() {
        GridRun nothingRun = new GridRun(options("none"), Subject::of);
        assertThat(nothingRun.failures())
                .hasSize(Fault.all().size())
                .allSatisfy(failure -> assertThat(failure).contains("does not notice", "caught in 0 of 0"));
    }

    @Test
    void aKnownDifferenceWithoutDemonstrationIsAFailureAndSoIsOneThatIsGone() {
        assertThat(KnownDifference.failures(findings.known(), findings.demonstrations()))
                .isEmpty();

        List<KnownDifference> longer = new ArrayList<>(findings.known());
        longer.add(new KnownDifference(findings.known().size() + 1, "new"));
        assertThat(KnownDifference.failures(longer, findings.demonstrations()))
                .singleElement()
                .asString()
                .contains("docs/differences.md lists");

        List<Demonstration> gone = new ArrayList<>(findings.demonstrations());
        gone.set(0, new Demonstration(1, "asked", "7", "7"));
        assertThat(KnownDifference.failures(findings.known(), gone))
                .singleElement()
                .asString()
                .contains("known difference 1 is none");
    }

    @Test
    void anErrorInOtherWordsThanTorchsIsTold() {
        RefusedCall call = RefusedCall.all().get(0);
        assertThat(call.isEqual()).isTrue();
        assertThat(new RefusedCall(call.call(), "no such number", call.torch()).isEqual())
                .isFalse();
        GivenCall corner = LossSpecs.all().get(0).corners().get(0);
        RefusedCall taken = RefusedCall.of(corner);
        assertThat(taken.isEqual()).isFalse();
        assertThat(taken.ours()).contains("the loss takes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--seed", "--seed x", "--rounds 0", "--samples many", "--fast", "--seed 2 --short"})
    void badOptionsAreExplained(String line) throws IOException {
        assertThat(Certificate.run(out, line.split(" ", -1))).isEqualTo(2);
        assertThat(printed.toString(UTF_8)).contains("options: --short", "docs/PARITY.md");
    }

    /** What of a page depends on the code alone: headings, texts, the titles of tables and the names of their rows. */
    private static final class PageStructure {
        /** Its rows are those that happened to be the worst. */
        private static final String WORST = "## The largest distances";

        private static final String MADE_OF = "## What it was made of";
        private static final Set<String> OF_THE_CODE = Set.of("dl4j-losses", "torch", "DJL", "ND4J");

        private PageStructure() {}

        static List<String> of(String page) {
            List<String> structure = new ArrayList<>();
            String heading = "";
            boolean inTable = false;
            for (String line : page.lines().toList()) {
                heading = line.startsWith("#") ? line : heading;
                if (!line.startsWith("|")) {
                    inTable = false;
                    addText(structure, line);
                } else if (!inTable) {
                    inTable = true;
                    structure.add(line);
                } else if (isNamed(heading, line)) {
                    structure.add(names(line));
                }
            }
            return structure;
        }

        /** The verdict and the answer hold numbers of the run. */
        private static void addText(List<String> structure, String line) {
            if (!line.startsWith("**It ") && !line.startsWith("* In float") && !line.startsWith("![")) {
                structure.add(line);
            }
        }

        private static boolean isNamed(String heading, String row) {
            return !heading.equals(WORST)
                    && (!heading.equals(MADE_OF) || OF_THE_CODE.contains(row.split("\\|", -1)[1].strip()));
        }

        private static String names(String row) {
            String[] cells = row.split("(?<!\\\\)\\|", -1);
            return cells[1].strip() + " | " + cells[2].strip();
        }
    }
}
