/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.readme;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.util.Utils;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

/** The table of all losses of torch.nn has them all. */
class TorchCatalogueTest {
    /** Behind this the compilers of Linux and macOS have the name of a class, as in {@code N5torch2nn10L1LossImplE}. */
    private static final String BEFORE = "torch2nn";

    /** And that of Windows has it before this, as in {@code L1LossImpl@nn@torch}. */
    private static final String BEHIND = "Impl@nn@torch";

    private static final Pattern NAME =
            Pattern.compile("^" + BEFORE + "\\d+([A-Za-z0-9]*?Loss)Impl|([A-Z][A-Za-z0-9]*Loss)" + BEHIND + "$");
    private static final int LONGEST = 60;

    /** torch.nn/modules/loss.py of Python has these beside the ones of C++. */
    private static final List<String> OF_PYTHON_ALONE = List.of("GaussianNLLLoss", "NLLLoss2d");

    @Test
    void theNamesAreThoseOfLibtorch() throws IOException {
        Set<String> names = new TreeSet<>(OF_PYTHON_ALONE);
        names.addAll(modulesOfLibtorch());

        assertThat(TorchCatalogue.NAMES).containsExactlyInAnyOrderElementsOf(names);
    }

    private static Set<String> modulesOfLibtorch() throws IOException {
        // the first call unpacks the library
        TorchFunction.of("torch.abs(x)", "x").call(Nd4j.createFromArray(1.));
        Path library;
        try (Stream<Path> files = Files.walk(Utils.getEngineCacheDir("pytorch"))) {
            library = files.filter(file -> file.getFileName().toString().contains("torch_cpu"))
                    .filter(file -> file.toString().contains(System.getProperty("torch.version", "2.7.1")))
                    .findFirst()
                    .orElseThrow();
        }
        Set<String> names = new TreeSet<>();
        try (InputStream in = Files.newInputStream(library)) {
            String end = "";
            for (byte[] bytes = in.readNBytes(1 << 24); bytes.length > 0; bytes = in.readNBytes(1 << 24)) {
                String text = end + new String(bytes, ISO_8859_1);
                addNames(text, BEFORE, 0, names);
                addNames(text, BEHIND, -LONGEST, names);
                // a name may lie across two parts
                end = text.substring(Math.max(0, text.length() - 200));
            }
        }
        return names;
    }

    private static void addNames(String text, String mark, int offset, Set<String> names) {
        for (int at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) {
            int start = Math.max(0, at + offset);
            String near = text.substring(start, Math.min(text.length(), start + LONGEST + mark.length()));
            Matcher name = NAME.matcher(near);
            if (name.find()) {
                names.add(name.group(1) == null ? name.group(2) : name.group(1));
            }
        }
    }

    @Test
    void whatIsNotHereHasAReason() {
        assertThat(TorchCatalogue.missing()).isEmpty();
    }

    @Test
    void everyDescriptionHasARow() {
        List<String> table = TorchCatalogue.table();

        for (LossSpec<?, ?> spec : LossSpecs.all()) {
            assertThat(table.stream().filter(row -> row.startsWith("| " + LossTables.torch(spec) + " |")))
                    .as(spec.lossName())
                    .hasSize(1);
        }
        assertThat(table).hasSizeGreaterThanOrEqualTo(2 + TorchCatalogue.NAMES.size());
    }
}
