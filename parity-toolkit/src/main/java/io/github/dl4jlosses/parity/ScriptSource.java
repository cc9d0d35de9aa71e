/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Writes the TorchScript methods around the text of a {@link TorchFunction}.
 *
 * <p>The method {@code value} contains the text; {@code forward} casts the arguments, which arrive as float64 or int64,
 * to their own types, and widens the results again. The first argument of {@code forward} lists the codes of these
 * types; the last result is the code of the value's type.
 */
final class ScriptSource {

    private static final String WIDE = String.join(
            "\n",
            "  def wide(self: __torch__.Module, x: Tensor) -> Tensor:",
            "    code = " + TorchType.INT64.code(),
            "    if torch.is_floating_point(x):",
            "      code = " + TorchType.FLOAT64.code(),
            "    return torch.contiguous(torch.to(torch.detach(x), code))");

    private ScriptSource() {}

    static String of(String text, List<String> arguments, List<String> differentiated) {
        return String.join("\n", value(text, arguments), WIDE, forward(arguments, differentiated), "");
    }

    private static String value(String text, List<String> arguments) {
        return "  def value(self: __torch__.Module" + parameters(arguments) + ") -> Tensor:\n"
                + body(text).indent(4);
    }

    /** The last line that is not indented starts the result; a long expression may continue below it, indented. */
    private static String body(String text) {
        List<String> lines =
                text.stripIndent().lines().filter(line -> !line.isBlank()).toList();
        int last = lines.size() - 1;
        while (last > 0 && Character.isWhitespace(lines.get(last).charAt(0))) {
            last--;
        }
        int result = last;
        return IntStream.range(0, lines.size())
                .mapToObj(i -> i == result ? "return " + lines.get(i).strip() : lines.get(i))
                .collect(joining("\n"));
    }

    private static String forward(List<String> arguments, List<String> differentiated) {
        StringBuilder script = new StringBuilder("  def forward(self: __torch__.Module, types: List[int]");
        List<String> names = numbered("x", arguments.size());
        script.append(parameters(names)).append(") -> List[Tensor]:\n");
        for (int i = 0; i < names.size(); i++) {
            script.append(cast(i, differentiated.contains(arguments.get(i))));
        }
        script.append("    y = (self).value(")
                .append(String.join(", ", numbered("a", arguments.size())))
                .append(")\n");
        script.append("    results = [(self).wide(y)]\n");
        if (!differentiated.isEmpty()) {
            script.append(
                    gradients(differentiated.stream().map(arguments::indexOf).toList()));
        }
        return script.append("    results.append(torch.tensor([y.dtype]))\n")
                .append("    return results")
                .toString();
    }

    /** Copies even an argument that has its type already, because nothing may write into the caller's memory. */
    private static String cast(int index, boolean differentiated) {
        String cast = String.format("    a%d = torch.to(x%d, types[%d], False, True)\n", index, index, index);
        return differentiated
                ? cast + String.format("    a%d = torch.requires_grad_(a%d, True)\n", index, index)
                : cast;
    }

    private static String gradients(List<Integer> indices) {
        String leaves = indices.stream().map(i -> "a" + i).collect(joining(", "));
        // allow_unused, the last argument of grad: an argument without influence gives None, which becomes zeros
        return """
                    leaves = [%s]
                    upstream = annotate(List[Optional[Tensor]], [torch.ones_like(y)])
                    gradients = torch.grad([y], leaves, upstream, None, False, True)
                    for i in range(%d):
                      gradient = gradients[i]
                      if gradient is None:
                        results.append((self).wide(torch.zeros_like(leaves[i])))
                      else:
                        results.append((self).wide(gradient))
                """.formatted(leaves, indices.size());
    }

    private static String parameters(List<String> names) {
        return names.stream().map(name -> ", " + name + ": Tensor").collect(joining());
    }

    private static List<String> numbered(String letter, int count) {
        return IntStream.range(0, count).mapToObj(i -> letter + i).toList();
    }
}
