/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** What can only be seen in a JVM of its own. */
@Tag("slow")
class OtherProcessTest {
    private static final int SECONDS = 60;

    @TempDir
    private Path folder;

    /** Its heap has no room for the classes of 30 million rows. */
    static final class OutOfMemory {
        private static final int ROWS = 30_000_000;

        private OutOfMemory() {}

        public static void main(String[] args) {
            CrossEntropyLoss loss = new CrossEntropyLoss();
            INDArray input = Nd4j.createFromArray(new double[][] {{1, 2, 3}, {3, 1, 0}});
            INDArray target = Nd4j.createFromArray(new long[] {2, 1});
            LossAndGradient before = loss.valueAndGradient(input, target);
            INDArray many = Nd4j.zeros(DataType.FLOAT, ROWS, 2);
            INDArray classes = Nd4j.zeros(DataType.INT8, ROWS);
            try {
                loss.value(many, classes);
                System.out.println("there was room");
            } catch (OutOfMemoryError e) {
                System.out.println("out of memory");
            }
            LossAndGradient after = loss.valueAndGradient(input, target);
            System.out.println(
                    before.value() == after.value() && before.gradient().equals(after.gradient()));
            System.out.printf("%.6f%n", loss.value(many.get(interval()), classes.get(interval())));
        }

        private static INDArrayIndex interval() {
            return NDArrayIndex.interval(0, 1000);
        }
    }

    @Test
    void aCallThatRunsOutOfMemoryLeavesTheNextOnesRight() throws Exception {
        assertThat(run(OutOfMemory.class, "-Xmx64m", "-Dorg.bytedeco.javacpp.maxbytes=4g"))
                .containsExactly("out of memory", "true", "0.693147");
    }

    /** Its last act is a call that is shared between threads. */
    static final class Pool {
        private Pool() {}

        public static void main(String[] args) {
            INDArray input = Nd4j.zeros(DataType.FLOAT, 4000, 100);
            System.out.println(new CrossEntropyLoss().value(input, Nd4j.zeros(DataType.INT64, 4000)) > 4);
            long ours = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().equals("dl4j-losses"))
                    .count();
            System.out.println(ours > 0);
        }
    }

    @Test
    void thePoolEndsWithTheProgram() throws Exception {
        assertThat(run(Pool.class, "-Ddl4jlosses.threads=3")).containsExactly("true", "true");
    }

    /** What a program prints; it must end by itself. */
    private List<String> run(Class<?> program, String... options) throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        Process process =
                process(program, options).redirectOutput(output.toFile()).start();
        boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        String printed = Files.readString(output, UTF_8);
        assertThat(ended).as("it ended by itself; it printed " + printed).isTrue();
        assertThat(process.exitValue()).as(printed).isZero();
        return printed.lines().collect(Collectors.toList());
    }

    /**
     * Not started yet; its errors, and the warnings of newer JVMs, go where those of the tests go.
     *
     * @param program a class with a main method
     * @param options of its JVM
     */
    static ProcessBuilder process(Class<?> program, String... options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Arrays.asList(options));
        command.addAll(Arrays.asList(
                "-Duser.language=en",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-classpath",
                System.getProperty("java.class.path"),
                program.getName()));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    }
}
