/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** Makes a loss from its name and options, or from its JSON in DL4J's form. */
final class NamedLoss {

    private static final String CLASS = "@class";
    private static final List<String> PACKAGES =
            List.of("", "io.github.dl4jlosses.", "org.nd4j.linalg.lossfunctions.impl.");

    private NamedLoss() {}

    static ILossFunction of(String loss, Map<String, String> options) {
        ObjectMapper mapper = NeuralNetConfiguration.mapper();
        try {
            ObjectNode json = loss.strip().startsWith("{")
                    ? (ObjectNode) mapper.readTree(loss)
                    : mapper.createObjectNode().put(CLASS, className(loss));
            options.forEach((name, value) -> json.set(name, value(mapper, value)));
            ILossFunction read = mapper.treeToValue(json, ILossFunction.class);
            requireOptions(mapper.valueToTree(read), options);
            return read;
        } catch (JsonProcessingException e) {
            throw noLoss(loss, options, firstLine(e));
        } catch (LinkageError e) {
            throw noLoss(
                    loss, options, "its class cannot be initialised: " + (e.getCause() == null ? e : e.getCause()));
        }
    }

    private static IllegalArgumentException noLoss(String loss, Map<String, String> options, String reason) {
        return new IllegalArgumentException(
                loss + (options.isEmpty() ? "" : " with " + options) + " is not a loss: " + reason);
    }

    private static String className(String name) {
        return PACKAGES.stream()
                .map(prefix -> prefix + name)
                .filter(NamedLoss::exists)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no class " + name
                        + " on the class path; a loss of your own needs its full name, and its folder or jar there"));
    }

    private static boolean exists(String name) {
        try {
            Class.forName(name, false, NamedLoss.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** A number, a boolean or a list, as JSON reads it; anything else is a string. */
    private static JsonNode value(ObjectMapper mapper, String text) {
        if (text.contains(",") && !text.startsWith("[")) {
            ArrayNode list = mapper.createArrayNode();
            for (String element : text.split(",", -1)) {
                list.add(value(mapper, element.strip()));
            }
            return list;
        }
        try {
            return mapper.readTree(text);
        } catch (JsonProcessingException e) {
            return mapper.getNodeFactory().textNode(text);
        }
    }

    /** Refuses unknown options, which DL4J's mapper would drop silently. */
    private static void requireOptions(JsonNode loss, Map<String, String> options) {
        for (String name : options.keySet()) {
            if (!loss.has(name)) {
                throw new IllegalArgumentException("The loss has no option " + name + "; as JSON it is " + loss);
            }
        }
    }

    private static String firstLine(JsonProcessingException e) {
        return String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
    }
}
