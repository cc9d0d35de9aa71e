/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * What JMH measured of one contender on a shape, sequences or a network: the median over the iterations, or over the rounds, of the time of a call, the bytes
 * that a call allocates on the heap (NaN where this was not measured), and how many passes a call of torch makes.
 */
record BenchmarkMeasurement(
        Group group, Contender contender, String subject, double nanoseconds, double bytes, long passes) {

    /** Reads JMH's file. */
    static List<BenchmarkMeasurement> read(Group group, Path file) throws IOException {
        Map<String, List<BenchmarkMeasurement>> rounds = new LinkedHashMap<>();
        for (JsonElement element :
                JsonParser.parseString(Files.readString(file)).getAsJsonArray()) {
            JsonObject result = element.getAsJsonObject();
            JsonObject parameters = result.getAsJsonObject("params");
            JsonObject metrics = result.getAsJsonObject("secondaryMetrics");
            double nanoseconds = median(result.getAsJsonObject("primaryMetric"));
            BenchmarkMeasurement measurement = new BenchmarkMeasurement(
                    group,
                    Contender.of(result.get("benchmark").getAsString()),
                    parameters.get(group.part().subject()).getAsString(),
                    nanoseconds,
                    bytes(metrics),
                    passes(nanoseconds, metrics));
            rounds.computeIfAbsent(measurement.contender + " " + measurement.subject, key -> new ArrayList<>())
                    .add(measurement);
        }
        return rounds.values().stream().map(BenchmarkMeasurement::merged).toList();
    }

    private static BenchmarkMeasurement merged(List<BenchmarkMeasurement> rounds) {
        BenchmarkMeasurement first = rounds.get(0);
        double nanoseconds = median(rounds.stream().mapToDouble(BenchmarkMeasurement::nanoseconds));
        return new BenchmarkMeasurement(
                first.group, first.contender, first.subject, nanoseconds, first.bytes, first.passes);
    }

    private static double median(JsonObject metric) {
        return median(metric.getAsJsonArray("rawData").asList().stream()
                .flatMap(fork -> fork.getAsJsonArray().asList().stream())
                .mapToDouble(JsonElement::getAsDouble));
    }

    private static double median(DoubleStream numbers) {
        double[] sorted = numbers.sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    /** The time of a pass is that of a call, divided by their number, in each iteration. */
    private static long passes(double nanoseconds, JsonObject metrics) {
        JsonObject pass = metrics.getAsJsonObject("passes");
        return pass == null ? 0 : Math.round(nanoseconds / median(pass));
    }

    private static double bytes(JsonObject metrics) {
        for (String name : metrics.keySet()) {
            if (name.endsWith("gc.alloc.rate.norm")) {
                return metrics.getAsJsonObject(name).get("score").getAsDouble();
            }
        }
        return Double.NaN;
    }
}
