/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.pages;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.checks.pictures.LossCurves;
import io.github.dl4jlosses.examples.Example;
import io.github.dl4jlosses.examples.Examples;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every example, and the program that draws the losses, runs and prints what its page shows. */
class ExamplesTest {
    private static final Path SOURCES = Path.of("../examples/src/main/java/io/github/dl4jlosses/examples");

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

    private void assertPrints(Main program, List<String> shown, BiPredicate<String, String> same) throws Exception {
        List<String> printed = printed(program);
        assertThat(printed).hasSameSizeAs(shown);
        for (int line = 0; line < shown.size(); line++) {
            String expected = shown.get(line);
            assertThat(printed.get(line)).matches(text -> same.test(text, expected), expected);
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

    static List<Example> examples() {
        return Examples.all();
    }

    private interface Main {
        void run() throws Exception;
    }

    private List<String> printed(Main program) throws Exception {
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setProperty("pictures", folder.toString());
        try (PrintStream capture = new PrintStream(printed, true, UTF_8)) {
            System.setOut(capture);
            program.run();
        } finally {
            System.setOut(console);
            System.clearProperty("pictures");
        }
        return printed.toString(UTF_8)
                .lines()
                .filter(line -> !line.startsWith("picture: "))
                .toList();
    }

    @Test
    void everyProgramOfTheseFoldersIsListed() throws IOException {
        Set<String> programs = programs()
                .map(file -> file.getFileName().toString().replace(".java", ""))
                .collect(Collectors.toSet());
        assertThat(examples()).extracting(Example::name).containsExactlyInAnyOrderElementsOf(programs);
    }

    @Test
    void noneIsLong() throws IOException {
        for (Path file : programs().toList()) {
            assertThat(Files.readAllLines(file)).as(file.toString()).hasSizeLessThan(150);
        }
    }

    private static Stream<Path> programs() throws IOException {
        List<Path> programs = new ArrayList<>();
        for (String folder : List.of("article", "usecases")) {
            try (Stream<Path> files = Files.list(SOURCES.resolve(folder))) {
                for (Path file : files.toList()) {
                    if (Files.readString(file).contains("public static void main(")) {
                        programs.add(file);
                    }
                }
            }
        }
        return programs.stream();
    }
}
