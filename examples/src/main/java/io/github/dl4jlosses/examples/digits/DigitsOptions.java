/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.digits;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import org.nd4j.linalg.api.buffer.DataType;

/** The command line of {@link DigitsTraining}: how many batches, the picture to write, the dtype of both networks. */
record DigitsOptions(int steps, Path output, DataType type) {
    static final String USAGE = """
            options: --steps N      batches to train on (450)
                     --output FILE  where the picture goes, from the repository root; its name ends with .svg
                                    (examples/target/digits-training.svg)
                     --float32      train in float32 instead of float64
                     --help         print this""";

    private static final DigitsOptions DEFAULTS =
            new DigitsOptions(450, Path.of("examples", "target", "digits-training.svg"), DataType.DOUBLE);

    /** Throws an IllegalArgumentException that says which option is wrong. */
    static DigitsOptions parse(String... args) {
        DigitsOptions options = DEFAULTS;
        for (int i = 0; i < args.length; i++) {
            options = switch (args[i]) {
                case "--steps" -> new DigitsOptions(steps(value(args, ++i)), options.output, options.type);
                case "--output" -> new DigitsOptions(options.steps, path(value(args, ++i)), options.type);
                case "--float32" -> new DigitsOptions(options.steps, options.output, DataType.FLOAT);
                default -> throw new IllegalArgumentException("unknown option '" + args[i] + "'");
            };
        }
        return options;
    }

    private static String value(String[] args, int index) {
        if (index == args.length) {
            throw new IllegalArgumentException(args[index - 1] + " needs a value");
        }
        return args[index];
    }

    private static int steps(String text) {
        if (!text.matches("[1-9][0-9]{0,5}")) {
            throw new IllegalArgumentException("--steps must be a whole number from 1 to 999999, got '" + text + "'");
        }
        return Integer.parseInt(text);
    }

    private static Path path(String text) {
        if (!text.toLowerCase(Locale.ROOT).endsWith(".svg")) {
            throw new IllegalArgumentException("--output must end with .svg, got '" + text + "'");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("--output is no file name: " + e.getMessage(), e);
        }
    }
}
