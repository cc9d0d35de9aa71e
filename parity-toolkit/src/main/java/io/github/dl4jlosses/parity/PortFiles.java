/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.util.ModelSerializer;

/** Checks and writes the files of {@code port}. */
final class PortFiles {

    private PortFiles() {}

    static void requireReadable(Path input) {
        if (!Files.exists(input)) {
            throw new IllegalArgumentException("There is no file " + input);
        }
        if (Files.isDirectory(input) || !Files.isReadable(input)) {
            throw new IllegalArgumentException(
                    input + (Files.isDirectory(input) ? " is a folder" : " may not be read"));
        }
    }

    static void requireWritable(Path output) {
        if (Files.exists(output)) {
            throw new IllegalArgumentException(output + " exists already; nothing was written");
        }
        Path folder = output.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("There is no folder " + folder + " for " + output.getFileName());
        }
        if (!Files.isWritable(folder)) {
            throw new IllegalArgumentException("The folder " + folder + " may not be written to");
        }
    }

    /** Writes a temporary file in the same folder first, so that the output is never partial. */
    static void write(Model model, Path output) throws IOException {
        Path part = output.resolveSibling(output.getFileName() + ".part");
        Files.createFile(part); // refuses an existing file, and sets the usual permissions
        try {
            ModelSerializer.writeModel(model, part.toFile(), true);
            Files.move(part, output);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
