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
    /** The names of classes as compilers write them, such as {@code N5torch2nn10L1LossImplE} and {@code L1LossImpl@nn@torch}. */
    private static final Pattern MODULE = Pattern.compile("torch2nn\\d+(\\w+?Loss)Impl|(\\w+?Loss)Impl@nn@torch");

    /** torch.nn/modules/loss.py of Python has these beside the ones of C++. */
    private static final List<String> OF_PYTHON_ALONE = List.of("GaussianNLLLoss", "NLLLoss2d");

    private static final List<String> STILL_TO_COME =
            List.of("GaussianNLLLoss", "MultiLabelMarginLoss", "MultiLabelSoftMarginLoss", "MultiMarginLoss");

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
                for (Matcher module = MODULE.matcher(text); module.find(); ) {
                    names.add(module.group(1) == null ? module.group(2) : module.group(1));
                }
                // a name may lie across two parts
                end = text.substring(Math.max(0, text.length() - 200));
            }
        }
        return names;
    }

    @Test
    void whatIsNotHereHasAReason() {
        assertThat(TorchCatalogue.missing()).isSubsetOf(STILL_TO_COME);
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
