/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What PyTorch wrote about the models that {@code generate.py} trains. */
public final class PyTorchFiles {
    private PyTorchFiles() {}

    /**
     * The weights before the training, as {@code torch.save(model.state_dict(), ..)} wrote them.
     *
     * @param model its name
     * @return the file
     */
    public static Path state(String model) {
        return path(model + "_state.pt");
    }

    /**
     * The losses of the training.
     *
     * @param model its name
     * @return the loss before each step, and last the sum of the absolute outputs for the first batch after the training
     */
    public static double[] trace(String model) {
        try {
            return Files.readAllLines(path(model + ".trace.csv")).stream()
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(',') + 1)))
                    .toArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path path(String file) {
        try {
            return Path.of(
                    PyTorchFiles.class.getResource("/data/pytorch/" + file).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
