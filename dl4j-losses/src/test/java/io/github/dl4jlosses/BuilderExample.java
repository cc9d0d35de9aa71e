/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import java.io.IOException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The example in the javadoc of a builder: calls of its methods with numbers and constants. */
final class BuilderExample {
    private static final Pattern CALL = Pattern.compile("\\.(\\w+)\\(([^)]*)\\)");

    private final LossBuilder<?> builder;
    /** The options that were set with their values, as {@code toString} has them. */
    final List<String> options = new ArrayList<>();

    private BuilderExample(LossBuilder<?> builder) {
        this.builder = builder;
    }

    /** Makes the calls that the javadoc shows. */
    static BuilderExample of(Class<?> loss, LossBuilder<?> builder) throws ReflectiveOperationException, IOException {
        Matcher shown = Pattern.compile("\\* " + loss.getSimpleName() + "\\.builder\\(\\)(\\..*)\\.build\\(\\);\n")
                .matcher(JavadocExample.source(loss));
        if (!shown.find()) {
            throw new AssertionError("The javadoc of the builder of " + loss + " has no example such as "
                    + loss.getSimpleName() + ".builder().reduction(Reduction.SUM).build();");
        }
        BuilderExample example = new BuilderExample(builder);
        for (MatchResult call : CALL.matcher(shown.group(1)).results().collect(Collectors.toList())) {
            example.call(call.group(1), call.group(2));
        }
        return example;
    }

    private void call(String name, String text) throws ReflectiveOperationException {
        Method method = Arrays.stream(builder.getClass().getMethods())
                .filter(each -> each.getName().equals(name) && each.getParameterCount() == 1)
                // the example is of numbers
                .filter(each -> each.getParameterTypes()[0] != INDArray.class)
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no option " + name));
        Object argument = argument(method.getParameterTypes()[0], text);
        method.invoke(builder, argument);
        options.add(name + "=" + (argument instanceof double[] ? Arrays.toString((double[]) argument) : argument));
    }

    private static Object argument(Class<?> type, String text) {
        if (type == double[].class) {
            return Stream.of(text.split(",", -1))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
        }
        if (type == double.class) {
            return Double.valueOf(text);
        }
        if (type == long.class) {
            return Long.valueOf(text);
        }
        if (type == boolean.class) {
            return Boolean.valueOf(text);
        }
        String constant = text.substring(text.indexOf('.') + 1);
        return Stream.of(type.getEnumConstants())
                .filter(each -> each.toString().equals(constant))
                .findFirst()
                .orElseThrow(() -> new AssertionError(type + " has no " + constant));
    }

    /** What comes of the calls. */
    TorchLoss built() {
        return builder.build();
    }
}
