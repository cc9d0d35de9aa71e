/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The files that torch's schedulers wrote; the README beside them says how. */
final class TorchWitness {
    private TorchWitness() {}

    /** The rows that begin with these values. */
    static List<String[]> rows(String file, String... first) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                TorchWitness.class.getResourceAsStream("/torch-schedules/" + file), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .map(line -> line.split(","))
                    .filter(row -> Arrays.equals(Arrays.copyOf(row, first.length), first))
                    .collect(Collectors.toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
