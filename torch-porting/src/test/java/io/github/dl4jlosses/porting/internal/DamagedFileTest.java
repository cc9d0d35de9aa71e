/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.github.dl4jlosses.porting.ArchiveWriter;
import io.github.dl4jlosses.porting.SafetensorsWriter;
import io.github.dl4jlosses.porting.SavedModel;
import io.github.dl4jlosses.porting.TorchWeights;
import io.github.dl4jlosses.spec.PrintedSeed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
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

    private Random random;

    @BeforeEach
    void draw() {
        random = PrintedSeed.randomFor(DamagedFileTest.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOGISTIC_BCE", "DIGITS_SOFTMAX_NLL", "FASHION_CNN_CE", "TEXT_LSTM_CE"})
    void aDamagedArchiveIsReadAsBeforeOrRefused(SavedModel model) throws IOException {
        for (Path good : List.of(model.scripted(), model.stateDict())) {
            int refused = damage(good, ARCHIVES, this::damaged, true);
            assertThat(refused).isGreaterThan(ARCHIVES / 2);
        }
    }

    /** With checksums that fit, so that the pickle's own checks are reached. */
    @ParameterizedTest
    @EnumSource(names = {"LOGISTIC_BCE", "DIGITS_SOFTMAX_NLL", "FASHION_CNN_CE", "TEXT_LSTM_CE"})
    void aDamagedPickleIsReadOrRefused(SavedModel model) throws IOException {
        for (Path good : List.of(model.scripted(), model.stateDict())) {
            Map<String, byte[]> entries = ArchiveWriter.entries(good);
            int refused = damage(good, PICKLES, file -> withDamagedPickle(entries), false);
            assertThat(refused).isGreaterThan(PICKLES / 2);
        }
    }

    @Test
    void aDamagedSafetensorsFileIsReadOrRefused() throws IOException {
        Path good = folder.resolve("good.safetensors");
        SafetensorsWriter.write(
                good, TorchWeights.load(SavedModel.LOGISTIC_BCE.stateDict()).tensors());
        int refused = damage(good, HEADERS, this::damaged, false);
        assertThat(refused).isGreaterThan(HEADERS / 4);
    }

    /** How many of the files are refused. */
    private int damage(Path good, int count, UnaryOperator<byte[]> damage, boolean asBefore) throws IOException {
        byte[] content = Files.readAllBytes(good);
        Map<String, Content> before = tensors(good);
        int refused = 0;
        for (int i = 0; i < count; i++) {
            byte[] damaged = damage.apply(content);
            Path file = Files.write(folder.resolve("damaged"), damaged);
            try {
                Map<String, Content> after = tensors(file);
                if (asBefore) {
                    assertThat(after).isEqualTo(before);
                }
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageStartingWith(file.toString());
                refused++;
            } catch (RuntimeException | Error e) {
                Path kept = Files.write(Path.of("target", "damaged-file"), damaged);
                fail("File " + i + " made from " + good + ", kept as " + kept.toAbsolutePath(), e);
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

    /** Some bytes changed, left out or put in, or the end cut off. */
    private byte[] damaged(byte[] content) {
        byte[] damaged = content.clone();
        if (random.nextInt(4) == 0) {
            damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length));
        }
        for (int change = random.nextInt(4); change >= 0 && damaged.length > 0; change--) {
            int place = random.nextInt(damaged.length);
            switch (random.nextInt(4)) {
                case 0 -> damaged[place] ^= (byte) (1 << random.nextInt(8));
                case 1 -> damaged[place] = (byte) random.nextInt(256);
                case 2 -> damaged = without(damaged, place);
                default -> {
                    int length = Math.min(random.nextInt(16), damaged.length - place);
                    System.arraycopy(content, random.nextInt(content.length - 15), damaged, place, length);
                }
            }
        }
        return damaged;
    }

    private static byte[] without(byte[] bytes, int place) {
        byte[] shorter = Arrays.copyOf(bytes, bytes.length - 1);
        System.arraycopy(bytes, place + 1, shorter, place, shorter.length - place);
        return shorter;
    }

    private byte[] withDamagedPickle(Map<String, byte[]> entries) {
        ArchiveWriter archive = new ArchiveWriter();
        entries.forEach(
                (name, content) -> archive.stored(name, name.endsWith("/data.pkl") ? damaged(content) : content));
        return archive.bytes();
    }
}
