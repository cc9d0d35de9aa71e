/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.pages;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/** A class with a main method or a test, as the text of its file; it has no package. */
public record Program(String name, String source) {

    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

    /** One for all programs, since it remembers what the jars hold. */
    private static final StandardJavaFileManager FILES = COMPILER.getStandardFileManager(null, null, UTF_8);

    private static final List<Path> CLASS_PATH = Stream.of(
                    System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .map(Path::of)
            .toList();

    /** Of what snippets name. */
    private static final String IMPORTS = Stream.of(
                    "io.github.dl4jlosses.",
                    "io.github.dl4jlosses.evaluation.",
                    "io.github.dl4jlosses.layer.",
                    "io.github.dl4jlosses.parity.",
                    "io.github.dl4jlosses.porting.",
                    "io.github.dl4jlosses.swap.",
                    "io.github.dl4jlosses.updater.",
                    "java.io.",
                    "java.nio.file.",
                    "java.util.",
                    "java.util.function.",
                    "java.util.stream.",
                    "org.deeplearning4j.datasets.iterator.",
                    "org.deeplearning4j.earlystopping.scorecalc.",
                    "org.deeplearning4j.nn.conf.",
                    "org.deeplearning4j.nn.conf.graph.",
                    "org.deeplearning4j.nn.conf.inputs.",
                    "org.deeplearning4j.nn.conf.layers.",
                    "org.deeplearning4j.nn.conf.layers.variational.",
                    "org.deeplearning4j.nn.graph.",
                    "org.deeplearning4j.nn.multilayer.",
                    "org.deeplearning4j.nn.transferlearning.",
                    "org.deeplearning4j.parallelism.",
                    "org.nd4j.evaluation.classification.",
                    "org.nd4j.linalg.activations.",
                    "org.nd4j.linalg.activations.impl.",
                    "org.nd4j.linalg.api.buffer.",
                    "org.nd4j.linalg.api.ndarray.",
                    "org.nd4j.linalg.dataset.",
                    "org.nd4j.linalg.factory.",
                    "org.nd4j.linalg.learning.config.",
                    "org.nd4j.linalg.lossfunctions.",
                    "org.nd4j.linalg.lossfunctions.impl.",
                    "org.nd4j.linalg.ops.transforms.")
            .map(name -> "import " + name + "*;\n")
            .collect(Collectors.joining());

    /** Named as the first class in it. */
    public static Program of(String source) {
        return new Program(Page.first(source, "(?m)^(?:public |final )*class (\\w+)"), source);
    }

    /** Statements that need no imports of their own. */
    public static Program ofStatements(String statements) {
        return of(IMPORTS + "public class Snippets {\npublic static void main(String[] args) throws Exception {\n"
                + statements + "}\n}\n");
    }

    /** Compiles it into a folder and runs it here; returns what it prints. */
    public String run(Path folder) throws Exception {
        compile(folder);
        return printed(() -> call(folder, "main", (Object) new String[0]));
    }

    /** What something prints that may fail. */
    interface Printing {
        void run() throws Exception;
    }

    /** What it prints, with line feeds. */
    static String printed(Printing program) throws Exception {
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (PrintStream capture = new PrintStream(printed, true, UTF_8)) {
            System.setOut(capture);
            program.run();
        } finally {
            System.setOut(console);
        }
        return printed.toString(UTF_8).replace(System.lineSeparator(), "\n");
    }

    /** Calls a method of what lies compiled in a folder, with what it throws. */
    void call(Path folder, String method, Object... arguments) throws Exception {
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            Class<?> type = loader.loadClass(name);
            Method found = ReflectionSupport.findMethods(
                            type, each -> each.getName().equals(method), HierarchyTraversalMode.TOP_DOWN)
                    .get(0);
            ReflectionSupport.invokeMethod(found, ReflectionSupport.newInstance(type), arguments);
        }
    }

    /** Compiles it into a folder, beside what lies there. */
    public void compile(Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve(name + ".java"), source);
        FILES.setLocationFromPaths(
                StandardLocation.CLASS_PATH,
                Stream.concat(CLASS_PATH.stream(), Stream.of(folder)).toList());
        FILES.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(folder));
        StringWriter messages = new StringWriter();
        boolean compiled = COMPILER.getTask(
                        messages, FILES, null, List.of("-proc:none"), null, FILES.getJavaFileObjects(file))
                .call();
        assertThat(compiled).as(messages.toString()).isTrue();
    }

    /** For the names of tests. */
    @Override
    public String toString() {
        return name;
    }
}
