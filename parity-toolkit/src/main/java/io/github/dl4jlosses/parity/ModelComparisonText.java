/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import static java.util.Locale.ROOT;

import io.github.dl4jlosses.parity.ModelComparison.Difference;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Writes the result of a {@link ModelComparison} in readable form. */
final class ModelComparisonText {

    private ModelComparisonText() {}

    /**
     * A line if all agree, or one for the first vertex and one for each output that differs.
     *
     * @param withoutVertices why vertices could not be compared; empty if they were
     */
    static String of(ModelComparison comparison, String withoutVertices) {
        List<Difference> vertices = comparison.vertices();
        List<Difference> outputs = comparison.outputs();
        String torch = "torch " + Torch.version();
        Optional<Difference> first = comparison.firstDifferent();
        if (first.isEmpty()) {
            double largest = Stream.concat(vertices.stream(), outputs.stream())
                    .mapToDouble(Difference::largest)
                    .max()
                    .orElse(0);
            return String.format(
                    ROOT,
                    "%s and %s agree with %s; the largest difference is %.1e%s",
                    count(vertices.size(), "vertex", "vertices"),
                    count(outputs.size(), "output", "outputs"),
                    torch,
                    largest,
                    withoutVertices.isEmpty() ? "" : ". Vertices were not compared: " + withoutVertices);
        }
        StringBuilder text = new StringBuilder();
        int at = vertices.indexOf(first.get());
        if (at >= 0) {
            text.append(described("Vertex", first.get()))
                    .append(" It is the first that differs from ")
                    .append(torch)
                    .append(at == 0 ? "." : "; the " + at + " before it agree.");
        }
        for (int i = 0; i < outputs.size(); i++) {
            Difference output = outputs.get(i);
            if (!output.isAllowed()) {
                text.append(text.isEmpty() ? "" : System.lineSeparator()).append(described("Output " + i, output));
            }
        }
        if (!withoutVertices.isEmpty()) {
            text.append(" Vertices were not compared: ").append(withoutVertices);
        }
        return text.toString();
    }

    private static String count(int number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }

    private static String described(String what, Difference difference) {
        String place = difference.operator().isEmpty()
                ? ""
                : " (" + difference.operator()
                        + (difference.module().isEmpty() ? " in the model itself" : " in module " + difference.module())
                        + ")";
        String name = difference.vertex().isEmpty() ? "" : " '" + difference.vertex() + "'";
        return Double.isInfinite(difference.largest())
                ? what + name + place + " has another shape than torch's, or a NaN that torch has not."
                : String.format(
                        ROOT,
                        "%s%s%s is off by %.1e; %.1e is allowed.",
                        what,
                        name,
                        place,
                        difference.largest(),
                        difference.allowed());
    }
}
