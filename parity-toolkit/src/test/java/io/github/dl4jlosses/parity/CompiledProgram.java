/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/** Sources of others, compiled against the toolkit and run. */
record CompiledProgram(Path folder) {
    private static final Pattern CLASS_NAME = Pattern.compile("(?m)^(?:public )?(?:final )?class (\\w+)");

    /** Compiles sources of one class each into a folder. */
    static CompiledProgram of(Path folder, String... sources) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("-proc:none", "-cp", System.getProperty("java.class.path"), "-d", folder.toString()));
        for (String source : sources) {
            Path file = Files.writeString(folder.resolve(className(source) + ".java"), source);
            arguments.add(file.toString());
        }
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        int status =
                ToolProvider.getSystemJavaCompiler().run(null, messages, messages, arguments.toArray(String[]::new));
        assertThat(status).as(messages.toString(UTF_8)).isZero();
        return new CompiledProgram(folder);
    }

    static String className(String source) {
        Matcher matcher = CLASS_NAME.matcher(source);
        assertThat(matcher.find()).as("a class in %s", source).isTrue();
        return matcher.group(1);
    }

    /** Calls {@code main} and returns what it prints. */
    String main(String className) throws Exception {
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (PrintStream capture = new PrintStream(printed, true, UTF_8)) {
            System.setOut(capture);
            call(className, "main", (Object) new String[0]);
        } finally {
            System.setOut(console);
        }
        return printed.toString(UTF_8).replace(System.lineSeparator(), "\n");
    }

    /** Calls a method, with what it throws. */
    void call(String className, String methodName, Object... arguments) throws Exception {
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            Class<?> type = loader.loadClass(className);
            Method method = ReflectionSupport.findMethods(
                            type, found -> found.getName().equals(methodName), HierarchyTraversalMode.TOP_DOWN)
                    .get(0);
            ReflectionSupport.invokeMethod(method, ReflectionSupport.newInstance(type), arguments);
        }
    }
}
