/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.data;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/** Files of comma-separated numbers. */
final class CsvNumbers {
    private CsvNumbers() {}

    /** The rows of a resource, which is compressed if its name says so, below the lines of its header. */
    static double[][] read(String resource, int headerLines) {
        try (InputStream file = CsvNumbers.class.getResourceAsStream(resource);
                InputStream bytes = resource.endsWith(".gz") ? new GZIPInputStream(file) : file;
                BufferedReader lines = new BufferedReader(new InputStreamReader(bytes, US_ASCII))) {
            return lines.lines().skip(headerLines).map(CsvNumbers::numbers).toArray(double[][]::new);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double[] numbers(String line) {
        return Arrays.stream(line.split(",", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }
}
