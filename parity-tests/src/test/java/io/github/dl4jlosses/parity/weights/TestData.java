/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** The files below {@code /data}. */
final class TestData {

    private TestData() {}

    static List<String> lines(String name) {
        try (InputStream file = TestData.class.getResourceAsStream("/data/" + name);
                InputStream text = name.endsWith(".gz") ? new GZIPInputStream(file) : file;
                BufferedReader reader = new BufferedReader(new InputStreamReader(text, UTF_8))) {
            return reader.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The numbers of a CSV file, whose first lines may be something else. */
    static double[][] rows(String name, int skip) {
        return lines(name).stream()
                .skip(skip)
                .map(line -> numbers(line.split(",", -1), 0))
                .toArray(double[][]::new);
    }

    /** The loss before each step, as torch wrote it. */
    static double[] trace(String model) {
        return lines("pytorch/" + model + ".trace.csv").stream()
                .filter(line -> !line.startsWith("logits"))
                .mapToDouble(line -> Double.parseDouble(line.split(",", -1)[1]))
                .toArray();
    }

    /** The trained parameters by torch's names, row-major. */
    static Map<String, double[]> trained(String model) {
        Map<String, double[]> parameters = new LinkedHashMap<>();
        for (String line : lines("pytorch/" + model + ".final.csv.gz")) {
            String[] fields = line.split(",", -1);
            parameters.put(fields[0], numbers(fields, 2));
        }
        return parameters;
    }

    private static double[] numbers(String[] fields, int from) {
        return Arrays.stream(fields, from, fields.length)
                .mapToDouble(Double::parseDouble)
                .toArray();
    }
}
