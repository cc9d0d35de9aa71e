/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.shade.jackson.core.JsonLocation;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.exc.InvalidTypeIdException;

/** Reads a DL4J network from a file: a model saved by ModelSerializer, or the JSON of a configuration. */
final class SavedNetwork {

    private static final String ZIP = "PK";
    private static final String CONFIGURATION = "configuration.json";

    private final Path file;

    private SavedNetwork(Path file) {
        this.file = file;
    }

    /**
     * Reads a network.
     *
     * @throws IllegalArgumentException if the file holds no network; the message says what is wrong
     */
    static Model read(Path file) throws IOException {
        return new SavedNetwork(file).read();
    }

    private Model read() throws IOException {
        boolean isModel = isZip();
        String json = isModel ? configuration() : text();
        boolean isGraph = isGraph(json);
        try {
            if (isModel) {
                return isGraph
                        ? ModelSerializer.restoreComputationGraph(file.toFile(), true)
                        : ModelSerializer.restoreMultiLayerNetwork(file.toFile(), true);
            }
            return isGraph ? graph(json) : layers(json);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(file + " is not a network of DL4J: " + reason(e), e);
        }
    }

    private String text() throws IOException {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    file + " is neither a model saved by ModelSerializer nor the JSON of a configuration", e);
        }
    }

    private boolean isGraph(String json) {
        JsonNode tree;
        try {
            tree = NeuralNetConfiguration.mapper().readTree(json);
        } catch (JsonProcessingException e) {
            JsonLocation place = e.getLocation();
            String where =
                    place == null ? "" : " from line " + place.getLineNr() + ", column " + place.getColumnNr() + " on";
            throw new IllegalArgumentException(file + " is not JSON" + where, e);
        }
        boolean isGraph = tree != null && tree.has("vertices");
        if (!isGraph && (tree == null || !tree.has("confs"))) {
            throw new IllegalArgumentException(
                    file + " is not a network of DL4J: its JSON has neither vertices, as that of a"
                            + " ComputationGraph, nor confs, as that of a MultiLayerNetwork");
        }
        return isGraph;
    }

    private static String reason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidTypeIdException unknown) {
                return "it names the class " + unknown.getTypeId() + ", which is not on the class path";
            }
            if (cause instanceof JsonProcessingException json) {
                return firstLine(json.getOriginalMessage());
            }
        }
        return firstLine(failure.getMessage());
    }

    private static String firstLine(String message) {
        return String.valueOf(message).lines().findFirst().orElse("");
    }

    private static Model graph(String json) {
        ComputationGraph graph = new ComputationGraph(ComputationGraphConfiguration.fromJson(json));
        graph.init();
        return graph;
    }

    private static Model layers(String json) {
        MultiLayerNetwork net = new MultiLayerNetwork(MultiLayerConfiguration.fromJson(json));
        net.init();
        return net;
    }

    private boolean isZip() throws IOException {
        try (InputStream start = Files.newInputStream(file)) {
            return new String(start.readNBytes(ZIP.length()), UTF_8).equals(ZIP);
        }
    }

    private String configuration() throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            ZipEntry entry = zip.getEntry(CONFIGURATION);
            if (entry == null) {
                throw new IllegalArgumentException(
                        file + " has no " + CONFIGURATION + ": it was not saved by ModelSerializer");
            }
            return new String(zip.getInputStream(entry).readAllBytes(), UTF_8);
        } catch (ZipException e) {
            throw new IllegalArgumentException(file + " is a damaged ZIP: " + e.getMessage(), e);
        }
    }
}
