/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes values as Java literals. */
final class JavaLiteral {

    private static final HexFormat HEX = HexFormat.of();

    private JavaLiteral() {}

    static String list(List<?> values, Set<String> imports) {
        return values.stream().map(value -> of(value, imports)).collect(Collectors.joining(", "));
    }

    private static String of(Object value, Set<String> imports) {
        if (value instanceof Source<?> source) {
            imports.addAll(source.imports());
            return source.text().replace("\n", "");
        }
        if (value instanceof String text) {
            return quoted(text);
        }
        if (value instanceof Enum<?> constant) {
            return name(constant.getDeclaringClass(), imports) + "." + constant.name();
        }
        if (value instanceof int[] numbers) {
            return Arrays.stream(numbers).mapToObj(String::valueOf).collect(Collectors.joining(", "));
        }
        if (value instanceof Long number) {
            return number == number.intValue() ? number.toString() : number + "L";
        }
        if (value instanceof Integer || value instanceof Boolean) {
            return value.toString();
        }
        double number = (Double) value;
        return Double.isNaN(number)
                ? "Double.NaN"
                : Double.isInfinite(number)
                        ? (number > 0 ? "Double.POSITIVE_INFINITY" : "Double.NEGATIVE_INFINITY")
                        : String.valueOf(number);
    }

    /** The simple name of a class, after adding its outermost class to the imports. */
    static String name(Class<?> type, Set<String> imports) {
        StringBuilder name = new StringBuilder(type.getSimpleName());
        Class<?> outermost = type;
        while (outermost.getEnclosingClass() != null) {
            outermost = outermost.getEnclosingClass();
            name.insert(0, outermost.getSimpleName() + ".");
        }
        imports.add(outermost.getCanonicalName());
        return name.toString();
    }

    /** A quoted string. Names in a file may contain anything; unusual characters are written as escapes. */
    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                quoted.append("\\u").append(HEX.toHexDigits(c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
