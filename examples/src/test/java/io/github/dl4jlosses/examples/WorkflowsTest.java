/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.dataformat.yaml.YAMLFactory;

/** The workflows run code of others only as it was when it was read, with the least rights, and not for ever. */
class WorkflowsTest {
    private static final Path WORKFLOWS = Path.of("..", ".github", "workflows");
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private static final Pattern USES = Pattern.compile("uses:\\s*(\\S.*)");
    private static final Pattern PINNED =
            Pattern.compile("([\\w.-]+/[\\w.-]+)[\\w./-]*@([0-9a-f]{40} # v\\d+\\.\\d+\\.\\d+)");

    static List<Path> workflows() {
        try (Stream<Path> files = Files.list(WORKFLOWS)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
    void runsDoNotPileUp(Path workflow) throws IOException {
        assertThat(read(workflow).path("concurrency").path("group").asText()).isNotEmpty();
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
                .map(WorkflowsTest::action)
                .toList();
    }

    private static String action(MatchResult uses) {
        return uses.group(1).strip();
    }

    private static Map<String, JsonNode> jobs(Path workflow) throws IOException {
        Map<String, JsonNode> jobs = new TreeMap<>();
        for (Iterator<Map.Entry<String, JsonNode>> all =
                        read(workflow).path("jobs").fields();
                all.hasNext(); ) {
            Map.Entry<String, JsonNode> job = all.next();
            jobs.put(job.getKey(), job.getValue());
        }
        assertThat(jobs).isNotEmpty();
        return jobs;
    }

    private static JsonNode read(Path workflow) throws IOException {
        return YAML.readTree(workflow.toFile());
    }
}
