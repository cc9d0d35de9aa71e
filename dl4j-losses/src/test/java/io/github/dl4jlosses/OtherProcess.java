/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A program among the tests in a JVM of its own. */
final class OtherProcess {
    private OtherProcess() {}

    /**
     * Not started yet; its errors, and the warnings of newer JVMs, go where those of the tests go.
     *
     * @param program a class with a main method
     * @param options of its JVM
     */
    static ProcessBuilder of(Class<?> program, String... options) {
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
