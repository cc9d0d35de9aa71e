/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.github.dl4jlosses.porting.SavedModel;
import io.github.dl4jlosses.porting.TorchWeights;
import io.github.dl4jlosses.porting.internal.HostileFile.Kind;
import io.github.dl4jlosses.spec.PrintedSeed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Real files with random damage: either they are read as before, or they are refused as the javadoc says. */
@Timeout(120)
class DamagedFileTest {

    private static final int ARCHIVES = 60;
    private static final int PICKLES = 400;
    private static final int HEADERS = 1500;

    @TempDir
    private Path folder;

    private final ByteChanges changes = new ByteChanges(PrintedSeed.randomFor(DamagedFileTest.class));

    @ParameterizedTest
    @EnumSource(names = {"LOGISTIC_BCE", "DIGITS_SOFTMAX_NLL", "FASHION_CNN_CE", "TEXT_LSTM_CE"})
    void aDamagedArchiveIsReadAsBeforeOrRefused(SavedModel model) throws IOException {
        assertMoreRefused(ARCHIVES / 2, model, Kind.ARCHIVE, ARCHIVES);
    }

    /** With checksums that fit, so that the pickle's own checks are reached. */
    @ParameterizedTest
    @EnumSource(names = {"LOGISTIC_BCE", "DIGITS_SOFTMAX_NLL", "FASHION_CNN_CE", "TEXT_LSTM_CE"})
    void aDamagedPickleIsReadOrRefused(SavedModel model) throws IOException {
        assertMoreRefused(PICKLES / 2, model, Kind.PICKLE, PICKLES);
    }

    @Test
    void aDamagedSafetensorsFileIsReadOrRefused() throws IOException {
        assertMoreRefused(HEADERS / 4, SavedModel.LOGISTIC_BCE, Kind.SAFETENSORS, HEADERS);
    }

    private void assertMoreRefused(int least, SavedModel model, Kind kind, int count) throws IOException {
        for (HostileFile good : HostileFile.of(model, folder)) {
            if (good.kind() == kind) {
                assertThat(refused(good, count)).isGreaterThan(least);
            }
        }
    }

    /** How many damaged copies are refused; of an archive all others are read as before. */
    private int refused(HostileFile good, int count) throws IOException {
        Path file = Files.write(folder.resolve("damaged"), good.bytes());
        Map<String, Content> before = tensors(file);
        int refused = 0;
        for (int i = 0; i < count; i++) {
            byte[] core = changes.of(good.core(), List.of(good.core()));
            byte[] damaged = new HostileFile(good.kind(), core, good.parts()).bytes();
            Files.write(file, damaged);
            try {
                Map<String, Content> after = tensors(file);
                if (good.kind() == Kind.ARCHIVE) {
                    assertThat(after).isEqualTo(before);
                }
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageStartingWith(file.toString());
                refused++;
            } catch (RuntimeException | Error e) {
                Path kept = Files.write(Path.of("target", "damaged-file"), damaged);
                fail("File " + i + " (" + good.kind().label() + "), kept as " + kept.toAbsolutePath(), e);
            }
        }
        return refused;
    }

    /** All bits of a tensor: the arrays themselves are equal where they are only near. */
    private record Content(DataType type, List<Long> shape, ByteBuffer bytes) {
        static Content of(INDArray tensor) {
            return new Content(
                    tensor.dataType(),
                    Arrays.stream(tensor.shape()).boxed().toList(),
                    ByteBuffer.wrap(tensor.dup('c').data().asBytes()));
        }
    }

    private static Map<String, Content> tensors(Path file) {
        Map<String, Content> tensors = new LinkedHashMap<>();
        TorchWeights.load(file).tensors().forEach((name, tensor) -> tensors.put(name, Content.of(tensor)));
        return tensors;
    }
}
