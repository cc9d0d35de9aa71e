/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.BCELoss;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;

/** Numbers in sentences that are constants of the code, or that an option of the code leads to. */
class StatedConstantsTest {
    private static final String READERS = "torch-porting/src/main/java/io/github/dl4jlosses/porting/internal/";
    private static final String LIBRARY = "dl4j-losses/src/main/java/io/github/dl4jlosses/internal/";

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "| 2 GiB less 17 bytes |; Budget; FILE_BYTES = Integer.MAX_VALUE - 16L",
                "\"| 100,000; 32 MiB | entries\"; ArchiveDirectory; MOST_ENTRIES = 100_000",
                "\"| 100,000; 32 MiB | entries\"; ArchiveDirectory; MOST_BYTES = 32 << 20",
                "| 4 MiB | the pickle |; TorchArchive; MOST_PICKLE_BYTES = 4L << 20",
                "| 16 MiB | the header of a safetensors file |; SafetensorsFile; MOST_HEADER_BYTES = 16 << 20",
                "\"| 100,000; 32; 1000 characters | tensors; dimensions;\"; Budget; MOST_TENSORS = 100_000",
                "\"| 100,000; 32; 1000 characters | tensors; dimensions;\"; StridedTensor; MOST_DIMENSIONS = 32",
                "\"| 100,000; 32; 1000 characters | tensors; dimensions;\"; Budget; LONGEST_NAME = 1000",
                "four times the file,; Budget; TIMES_THE_FILE = 4",
                "at least 64 MiB, at most 2 GiB |; Budget; SMALL_FILE_BYTES = 16L << 20",
                "its bytes and 2500 more; Budget; BYTES_OF_AN_ARRAY = 2500"
            })
    void theLimitsOfFilesAreThoseOfTheReaders(String words, String name, String constant) {
        assertStated("docs/reliability.md", words, READERS + name, constant);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "some 16384 elements, concurrent/Threads, BLOCK = 1 << 14",
        "some 2048, kernel/Kernel, return 2048",
        "less than 65536 elements stays, concurrent/Threads, WORTH_SHARING = 1 << 16"
    })
    void theSizesOfBlocksAreThoseOfTheCode(String words, String name, String constant) {
        assertStated("docs/architecture.md", words, LIBRARY + name, constant);
    }

    private static void assertStated(String page, String words, String name, String constant) {
        assertThat(Page.of(page).text().replaceAll("\\s+", " ")).contains(words);
        assertThat(Page.of(name + ".java").text()).contains(" " + constant + ";");
    }

    /** The places where curves bend, a tenth of a logit before and behind. */
    @Test
    void thePictureOfBceBendsWhereItsPageSays() {
        String page = Page.of("docs/losses/bce.md").text();
        double clamped = number(page, "is below 1e-12, which is at a logit of (-[\\d.]+),");
        assertThat(slope(new BCELoss(), clamped + .1)).isCloseTo(-1, within(1e-3));
        assertThat(slope(new BCELoss(), clamped - .1)).isGreaterThan(-.95);
        assertThat(slope(new BCELoss(), 2 * clamped)).isCloseTo(0, within(1e-3));

        double highest = number(page, "The loss of torch and of this library ends at (\\d+)\\.");
        assertThat(score(new BCELoss(), 1, -highest * 2, DataType.DOUBLE)).isEqualTo(highest);

        double clipped = number(page, "clips p to 1e-5, so both end at a logit of (-[\\d.]+)\\.");
        assertThat(score(new LossBinaryXENT(), 1, clipped, DataType.DOUBLE)).isCloseTo(-clipped, within(1e-3));
        assertThat(score(new LossBinaryXENT(), 1, clipped - .1, DataType.DOUBLE))
                .isCloseTo(-clipped, within(.05));

        double rounded = number(page, "beyond a logit of about\\s+([\\d.]+) the sigmoid is rounded to 1");
        assertThat(score(new BCELoss(), 0, rounded - .1, DataType.FLOAT)).isLessThan(rounded + .5);
        assertThat(score(new BCELoss(), 0, rounded + .1, DataType.FLOAT)).isEqualTo(highest);
    }

    private static double number(String page, String pattern) {
        return Double.parseDouble(Page.first(page, pattern));
    }

    private static double score(ILossFunction loss, double target, double logit, DataType type) {
        return loss.computeScore(number(target, type), number(logit, type), new ActivationSigmoid(), null, false);
    }

    private static double slope(ILossFunction loss, double logit) {
        return loss.computeGradient(
                        number(1, DataType.DOUBLE), number(logit, DataType.DOUBLE), new ActivationSigmoid(), null)
                .getDouble(0);
    }

    private static INDArray number(double value, DataType type) {
        return Nd4j.valueArrayOf(new long[] {1, 1}, value, type);
    }
}
