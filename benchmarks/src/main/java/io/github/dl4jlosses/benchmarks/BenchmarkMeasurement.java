/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What JMH measured of one contender on a shape, sequences or a network: the median over the iterations of the time of a call, the bytes
 * that a call allocates on the heap (NaN where this was not measured), and how many passes a call of torch makes.
 */
record BenchmarkMeasurement(
        Group group, Contender contender, String subject, double nanoseconds, double bytes, long passes) {

    /** Reads JMH's file. */
    static List<BenchmarkMeasurement> read(Group group, Path file) throws IOException {
        List<BenchmarkMeasurement> measurements = new ArrayList<>();
        for (JsonElement element :
                JsonParser.parseString(Files.readString(file)).getAsJsonArray()) {
            JsonObject result = element.getAsJsonObject();
            JsonObject parameters = result.getAsJsonObject("params");
            JsonObject metrics = result.getAsJsonObject("secondaryMetrics");
            double nanoseconds = median(result.getAsJsonObject("primaryMetric"));
            measurements.add(new BenchmarkMeasurement(
                    group,
                    Contender.of(result.get("benchmark").getAsString()),
                    parameters.get(group.part().subject()).getAsString(),
                    nanoseconds,
                    bytes(metrics),
                    passes(nanoseconds, metrics)));
        }
        return measurements;
    }

    private static double median(JsonObject metric) {
        double[] sorted = metric.getAsJsonArray("rawData").asList().stream()
                .flatMap(fork -> fork.getAsJsonArray().asList().stream())
                .mapToDouble(JsonElement::getAsDouble)
                .sorted()
                .toArray();
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
