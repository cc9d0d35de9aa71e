/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.management.ThreadMXBean;
import io.github.dl4jlosses.spec.PrintedSeed;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Archives whose code or pickle was changed become a graph or are refused: nothing else is thrown, nothing takes long, and
 * nothing takes much memory. 300 of them, and 10,000 with {@code -Dparity.full=true}.
 */
class HostileTraceTest {

    private static final int MUTANTS = Boolean.getBoolean("parity.full") ? 10_000 : 300;
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final long MOST_ALLOCATED = 512L << 20;

    private static final ExecutorService WORKER = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "reader of traces");
        thread.setDaemon(true);
        return thread;
    });

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z_0-9.]*");
    private static final Pattern NUMBER = Pattern.compile("(?<![A-Za-z_0-9.])-?[0-9][0-9.e-]*");
    private static final List<String> NUMBERS = List.of(
            "0",
            "-1",
            "1",
            "2",
            "7",
            "255",
            "16777217",
            "2147483648",
            "9223372036854775807",
            "-9223372036854775807",
            "0.5",
            "1e308",
            "1e999",
            "None",
            "True",
            "[1, 1]",
            "[]",
            "inf",
            "\"same\"");
    private static final List<String> OPERATORS = List.of(
            "torch.relu",
            "torch.linear",
            "torch._convolution",
            "torch.flatten",
            "torch.view",
            "torch.lstm",
            "torch.batch_norm",
            "torch.max_pool2d",
            "torch.adaptive_avg_pool2d",
            "torch.cat",
            "torch.add",
            "torch.chunk",
            "torch.permute",
            "torch.transpose",
            "torch.select",
            "torch.slice",
            "torch.mean",
            "torch.embedding",
            "torch.size",
            "torch.softmax",
            "torch.unsqueeze",
            "torch.squeeze",
            "torch.upsample_nearest2d",
            "torch.constant_pad_nd",
            "torch.split",
            "torch.mul",
            "torch.zeros",
            "torch.max",
            "getattr",
            "annotate",
            "int",
            "torch.os.system");

    @TempDir
    private Path folder;

    @Test
    void changedArchivesAreReadOrRefused() throws IOException {
        Random random = PrintedSeed.randomFor(HostileTraceTest.class);
        List<TracedFile> files = List.of(TracedFile.values());
        Map<String, Integer> outcomes = new TreeMap<>();
        for (int i = 0; i < MUTANTS; i++) {
            TracedFile file = files.get(random.nextInt(files.size()));
            Map<String, byte[]> entries = ArchiveWriter.entries(file.archive());
            List<String> changes = new ArrayList<>();
            for (int j = random.nextInt(3); j >= 0; j--) {
                changes.add(change(entries, random));
            }
            outcomes.merge(outcome(file, entries, file + ", mutant " + i + ": " + changes), 1, Integer::sum);
        }
        System.out.println("Changed archives: " + outcomes);
        assertThat(outcomes).as("some are read, most are refused").hasSizeGreaterThan(1);
    }

    private static String change(Map<String, byte[]> entries, Random random) {
        List<String> names = entries.keySet().stream()
                .filter(name -> name.endsWith(".py") || (random.nextInt(4) == 0 && name.endsWith(".pkl")))
                .toList();
        String name = names.get(random.nextInt(names.size()));
        byte[] content = entries.get(name);
        if (name.endsWith(".pkl")) {
            byte[] changed = content.clone();
            changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            entries.put(name, changed);
            return name + " has another byte";
        }
        String code = new String(content, UTF_8);
        String changed = changed(code, random);
        entries.put(name, changed.getBytes(UTF_8));
        return name + " is now\n" + changed;
    }

    private static String changed(String code, Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> replaced(code, NUMBER, random, old -> NUMBERS.get(random.nextInt(NUMBERS.size())));
            case 1 -> replaced(code, NUMBER, random, old -> String.valueOf(random.nextInt(9)));
            case 2 -> replaced(code, WORD, random, old -> anyOf(code, WORD, random));
            case 3 ->
                replaced(
                        code,
                        Pattern.compile("torch\\.[a-z_0-9]+"),
                        random,
                        old -> OPERATORS.get(random.nextInt(OPERATORS.size())));
            case 4 -> {
                String[] lines = code.split("\n", -1);
                int i = random.nextInt(lines.length);
                lines[i] = random.nextBoolean() ? "" : lines[i] + "\n" + lines[random.nextInt(lines.length)];
                yield String.join("\n", lines);
            }
            case 5 -> {
                int at = random.nextInt(code.length());
                yield code.substring(0, at) + code.substring(Math.min(code.length(), at + 1 + random.nextInt(20)));
            }
            case 6 -> {
                int at = random.nextInt(code.length());
                yield code.substring(0, at)
                        + "()[],.=-:'\"\\\n #x0\u0000\u202e".charAt(random.nextInt(17))
                        + code.substring(at);
            }
            default ->
                replaced(code, Pattern.compile("\\([a-z0-9_]+\\)\\.forward[0-9]*"), random, old -> "(self).forward");
        };
    }

    private static String anyOf(String code, Pattern pattern, Random random) {
        List<String> all =
                pattern.matcher(code).results().map(MatchResult::group).toList();
        return all.get(random.nextInt(all.size()));
    }

    private static String replaced(String code, Pattern pattern, Random random, UnaryOperator<String> replacement) {
        List<MatchResult> all = pattern.matcher(code).results().toList();
        if (all.isEmpty()) {
            return code + "?";
        }
        MatchResult one = all.get(random.nextInt(all.size()));
        return code.substring(0, one.start()) + replacement.apply(one.group()) + code.substring(one.end());
    }

    private String outcome(TracedFile file, Map<String, byte[]> entries, String description) {
        ArchiveWriter writer = new ArchiveWriter();
        entries.forEach(writer::stored);
        Path archive = writer.write(folder);
        TracedCase model = new TracedCase(file);
        AtomicLong allocated = new AtomicLong();
        String outcome = inTime(description, () -> {
            long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
            try {
                TorchModel.load(archive).toComputationGraph(model.settings(), List.of(model.loss()), model.input());
                return "read";
            } catch (RefusedFileException e) {
                assertThat(e.getMessage()).hasSizeLessThan(3000).doesNotContainPattern("[\\x00-\\x1f\u202e]");
                return "refused";
            } catch (Throwable e) { // whatever it is, it is the finding
                throw new AssertionError(description, e);
            } finally {
                allocated.set(
                        THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before);
            }
        });
        assertThat(allocated.get()).as(description).isLessThan(MOST_ALLOCATED);
        return outcome;
    }

    /** One thread for all: ND4J's kernels make threads of their own for each that calls them. */
    private static <T> T inTime(String description, Callable<T> reading) {
        try {
            return WORKER.submit(reading).get(LONGEST.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("takes too long: " + description, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new AssertionError(description, e.getCause());
        }
    }

    // ---- made by hand ----

    private RefusedFileException refusal(UnaryOperator<String> change) throws IOException {
        TracedFile file = TracedFile.AUTOENCODER;
        Map<String, byte[]> entries = new LinkedHashMap<>(ArchiveWriter.entries(file.archive()));
        String name = "autoencoder/code/__torch__.py";
        entries.put(name, change.apply(new String(entries.get(name), UTF_8)).getBytes(UTF_8));
        ArchiveWriter writer = new ArchiveWriter();
        entries.forEach(writer::stored);
        Path archive = writer.write(folder);
        TracedCase model = new TracedCase(file);
        Throwable thrown = inTime(
                "made by hand",
                () -> catchThrowable(() -> TorchModel.load(archive)
                        .configuration(model.settings(), List.of(model.loss()), model.input())));
        assertThat(thrown).isInstanceOf(RefusedFileException.class);
        return (RefusedFileException) thrown;
    }

    /** Replaces what forward does. */
    private static UnaryOperator<String> body(String... lines) {
        String text = "    " + String.join("\n    ", lines) + "\n";
        return code -> code.substring(0, code.indexOf("    decoder = self.decoder")) + text;
    }

    @Test
    void aModuleThatCallsItselfIsRefused() throws IOException {
        assertThat(refusal(body("return (self).forward(x, )"))).hasMessageContaining("deep");
    }

    @Test
    void modulesThatCallEachOtherTwiceEachAreRefused() throws IOException {
        StringBuilder methods = new StringBuilder();
        for (int i = 1; i < 40; i++) {
            methods.append("  def forward" + i + "(self: M,\n    x: Tensor) -> Tensor:\n    return (self).forward"
                    + (i + 1) + "((self).forward" + (i + 1) + "(x, ), )\n");
        }
        String last = "  def forward40(self: M,\n    x: Tensor) -> Tensor:\n    return torch.relu(x)\n";

        assertThat(refusal(code -> body("return (self).forward1(x, )").apply(code) + methods + last))
                .hasMessageContaining("more than");
    }

    @Test
    void aListOfListsOfListsIsLookedAtOnce() throws IOException {
        List<String> lines = new ArrayList<>(List.of("l0 = [x, x, x, x, x, x, x, x, x, x]"));
        for (int i = 1; i < 8; i++) {
            lines.add("l" + i + " = [" + ("l" + (i - 1) + ", ").repeat(200) + "]");
        }
        lines.add("return torch.cat(l7, 1)");

        assertThat(refusal(body(lines.toArray(String[]::new)))).hasMessageContaining("torch.cat");
    }

    @Test
    void deepExpressionsAreRefused() throws IOException {
        assertThat(refusal(body("return " + "(".repeat(100_000) + "x" + ")".repeat(100_000))))
                .hasMessageContaining("deep");
        assertThat(refusal(body("return " + "[".repeat(100_000)))).hasMessageContaining("deep");
        assertThat(refusal(body("return " + "-".repeat(100_000) + "1"))).hasMessageContaining("'-'");
        assertThat(refusal(body("return x" + ".a".repeat(100_000)))).hasMessageContaining("in a row");
    }

    @Test
    void aSizeThatNoMemoryHasIsRefused() throws IOException {
        assertThat(refusal(body(
                        "a = torch.view(x, [-1, 1, 6, 6])",
                        "b = torch.upsample_nearest2d(a, None, [1000., 1000.])",
                        "c = torch.upsample_nearest2d(b, None, [1000., 1000.])",
                        "return torch.flatten(c, 1)")))
                .hasMessageContaining("torch.upsample_nearest2d")
                .hasMessageContaining("numbers");
    }

    @Test
    void partsAndVerticesAreCounted() throws IOException {
        assertThat(refusal(body(
                        "a = torch.view(x, [-1, 1, 6, 6])",
                        "b = torch.upsample_nearest2d(a, None, [100., 100.])",
                        "c = torch.split(torch.flatten(b, 1), 1, 1)",
                        "return torch.cat(c, 1)")))
                .hasMessageContaining("parts");
        List<String> lines = new ArrayList<>(List.of("x0 = torch.relu(x)"));
        for (int i = 1; i <= 19_990; i++) {
            lines.add("x" + i + " = torch.relu(x" + (i - 1) + ")");
        }
        lines.add("return torch.cat([x19990, x19990], 1)");

        assertThat(refusal(body(lines.toArray(String[]::new)))).hasMessageContaining("torch.cat");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "return torch.linear(x, bias)",
                "return torch._convolution(x, bias, bias, [1, 1], [0, 0], [1, 1], False, [0, 0], 1)",
                "return torch.embedding(bias, x)",
                "return torch.upsample_nearest2d(torch.view(x, [-1, 1, 6, 6]), None, [2.])",
                "return torch.batch_norm(x, bias, bias, bias, bias, False, 0.1, 0.1, True)",
                "return torch.lstm(x, [x], [bias], True, 1, 0., False, False, True)"
            })
    void parametersOfOtherShapesAreRefused(String line) throws IOException {
        assertThat(refusal(body("encoder = self.encoder", "m = getattr(encoder, \"0\")", "bias = m.bias", line)))
                .hasMessageContaining("the operator torch.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "return torch.os.system(\"touch pwned\")",
                "return ops.aten.from_file(\"/etc/passwd\", True, 10)",
                "return torch.load(\"other.pt\")",
                "return __import__(\"os\")",
                "return torch.save(x, \"/tmp/x\")"
            })
    void whatWouldRunIsOnlyAnUnknownName(String line) throws IOException {
        assertThat(refusal(body(line))).hasMessageContaining("the operator");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "if True:\n      return x",
                "for i in x:\n      y = i",
                "raise x",
                "x.y = x",
                "return x + x",
                "return lambda x: x",
                "return [i for i in x]",
                "return f\"{x}\"",
                "return {x: x}",
                "return x; return x"
            })
    void whatNoTraceHasIsRefused(String lines) throws IOException {
        assertThat(refusal(body(lines)).getMessage()).contains("code __torch__.py");
    }

    @Test
    void codeThatUnpacksToMoreThanItClaimsOrIsAllowedIsRefused() throws IOException {
        Map<String, byte[]> entries = ArchiveWriter.entries(TracedFile.AUTOENCODER.archive());
        ArchiveWriter writer = new ArchiveWriter();
        entries.forEach((name, content) -> {
            if (name.endsWith("code/__torch__.py")) {
                writer.compressed(name, (new String(content, UTF_8) + " ".repeat(5 << 20)).getBytes(UTF_8));
            } else {
                writer.stored(name, content);
            }
        });
        Path archive = writer.write(folder);

        assertThatThrownBy(() -> TorchModel.load(archive))
                .isInstanceOf(RefusedFileException.class)
                .hasMessageContaining("limit");
    }
}
