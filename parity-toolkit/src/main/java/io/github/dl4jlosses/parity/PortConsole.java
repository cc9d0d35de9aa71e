/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.deeplearning4j.nn.api.Model;

/**
 * Prints the output of {@code port}.
 *
 * @param out the results, which may go to a file
 * @param err the progress, and the differences
 */
record PortConsole(PrintWriter out, PrintWriter err) {

    void print(String line) {
        out.println(line);
    }

    void progress(String step) {
        err.println(step);
    }

    /** Whether a network may be written. */
    boolean isEqual(ModelComparison comparison) {
        progress(
                comparison.isEqual()
                        ? comparison.toString()
                        : comparison + System.lineSeparator() + "Nothing was written");
        return comparison.isEqual();
    }

    void write(Model model, Path output) throws IOException {
        progress("Writing " + output);
        PortFiles.write(model, output);
    }
}
