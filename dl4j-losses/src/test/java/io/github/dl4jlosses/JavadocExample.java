/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.spec.exact.ExactLoss;
import io.github.dl4jlosses.spec.exact.ExactNumber;
import io.github.dl4jlosses.spec.memory.FilledArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** The example in the javadoc of a loss: two arrays, the call, and the number behind it. */
final class JavadocExample {
    private static final Pattern ARRAY = Pattern.compile("\\* INDArray (\\w+) = Nd4j\\.createFromArray\\((.*)\\);\n");
    private static final Pattern CALL =
            Pattern.compile("\\* new (\\w+)\\(\\)\\.value\\((\\w+), (\\w+)\\); // (\\S+)\n");

    final INDArray input;
    final INDArray target;
    /** The number in the javadoc. */
    final double stated;

    private JavadocExample(INDArray input, INDArray target, double stated) {
        this.input = input;
        this.target = target;
        this.stated = stated;
    }

    static JavadocExample of(Class<?> loss) throws IOException {
        String source = source(loss);
        Matcher call = CALL.matcher(source);
        if (!call.find() || !call.group(1).equals(loss.getSimpleName())) {
            throw new AssertionError("The javadoc of " + loss + " has no example such as new " + loss.getSimpleName()
                    + "().value(input, target); // 0.5");
        }
        return new JavadocExample(
                array(source, call.group(2)), array(source, call.group(3)), Double.parseDouble(call.group(4)));
    }

    /** The text of a class of the library. */
    static String source(Class<?> type) throws IOException {
        return Files.readString(Path.of("src", "main", "java", type.getName().replace('.', '/') + ".java"));
    }

    private static INDArray array(String source, String name) throws IOException {
        List<MatchResult> arrays = ARRAY.matcher(source)
                .results()
                .filter(array -> array.group(1).equals(name))
                .collect(Collectors.toList());
        if (arrays.size() != 1) {
            throw new AssertionError(arrays.size() + " arrays are called " + name);
        }
        return parsed(arrays.get(0).group(2));
    }

    /** Literals of arrays, and single numbers, are those of JSON but for the brackets. */
    private static INDArray parsed(String literal) throws IOException {
        String numbers =
                literal.replaceAll("new \\w+(\\[\\])+ ", "").replace('{', '[').replace('}', ']');
        JsonNode tree = new ObjectMapper().readTree(numbers.startsWith("[") ? numbers : "[" + numbers + "]");
        List<Long> shape = new ArrayList<>();
        for (JsonNode node = tree; node.isArray(); node = node.get(0)) {
            shape.add((long) node.size());
        }
        List<Double> flat = new ArrayList<>();
        addTo(flat, tree);
        return FilledArray.of(
                flat.stream().mapToDouble(number -> number).toArray(),
                literal.startsWith("new long") ? DataType.INT64 : DataType.DOUBLE,
                shape.stream().mapToLong(size -> size).toArray());
    }

    private static void addTo(List<Double> flat, JsonNode tree) {
        if (tree.isArray()) {
            tree.forEach(part -> addTo(flat, part));
        } else {
            flat.add(tree.doubleValue());
        }
    }

    /** The mean of the losses by the formula. */
    ExactNumber exactly(ExactLoss formula) {
        boolean indices = target.dataType() == DataType.INT64;
        return formula.evaluate(
                        input.ravel().toDoubleVector(),
                        input.shape(),
                        indices ? null : target.ravel().toDoubleVector(),
                        indices ? target.ravel().toLongVector() : null)
                .value(Reduction.MEAN);
    }
}
