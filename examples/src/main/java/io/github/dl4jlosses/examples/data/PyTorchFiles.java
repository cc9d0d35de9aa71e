/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** What PyTorch wrote about the models that {@code generate.py} trains. */
public final class PyTorchFiles {
    private PyTorchFiles() {}

    /** The weights before the training, in the file that {@code torch.save(model.state_dict(), ..)} wrote. */
    public static Path state(String model) {
        return path(model + "_state.pt");
    }

    /** The loss before each step, and last the sum of the absolute outputs for the first batch after the training. */
    public static double[] trace(String model) {
        try {
            return Files.readAllLines(path(model + ".trace.csv")).stream()
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(',') + 1)))
                    .toArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A copy in a file of its own: the resource may lie in a jar. */
    private static Path path(String file) {
        try (InputStream in = PyTorchFiles.class.getResourceAsStream("/data/pytorch/" + file)) {
            Path copy = Files.createTempFile("pytorch-", "-" + file);
            copy.toFile().deleteOnExit();
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
