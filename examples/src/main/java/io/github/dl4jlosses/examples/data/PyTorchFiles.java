/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** What PyTorch wrote about the models that the programs named {@code generate.py} train. */
public final class PyTorchFiles {
    private static final String STATES = "pytorch/";
    private static final String TRACED = "traced/";

    private PyTorchFiles() {}

    /** The weights before the training, in the file that {@code torch.save(model.state_dict(), ..)} wrote. */
    public static Path state(String model) {
        return path(STATES + model + "_state.pt");
    }

    /** The loss before each step, and last the sum of the absolute outputs for the first batch after the training. */
    public static double[] trace(String model) {
        return secondColumn(path(STATES + model + ".trace.csv"));
    }

    /** The file that {@code torch.jit.trace(model, example).save(..)} wrote before the training. */
    public static Path archive(String model) {
        return path(TRACED + model + "/model.pt");
    }

    /** The outputs for the pictures of the test, {@code before} the training and {@code after} it. */
    public static Path outputs(String model) {
        return path(TRACED + model + "/outputs.pt");
    }

    /** The loss before each step of a traced model. */
    public static double[] losses(String model) {
        return secondColumn(path(TRACED + model + "/trace.csv"));
    }

    private static double[] secondColumn(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(',') + 1)))
                    .toArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A copy in a file of its own: the resource may lie in a jar. */
    private static Path path(String file) {
        try (InputStream in = PyTorchFiles.class.getResourceAsStream("/data/" + file)) {
            Path copy = Files.createTempFile("pytorch-", "-" + file.replace('/', '-'));
            copy.toFile().deleteOnExit();
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
