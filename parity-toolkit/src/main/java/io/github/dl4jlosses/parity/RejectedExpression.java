/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Explains an expression that torch does not compile: it suggests what was probably meant by Python's names, its
 * keywords or a mask.
 */
record RejectedExpression(String expression, TorchException torch) {

    private static final Pattern OF_PYTHON = Pattern.compile("\\b(?:(?:torch\\.)?nn\\.functional|F)\\.(\\w+)");
    private static final Pattern UNDEFINED = Pattern.compile("undefined value (\\w+)");

    /** Functions of torch.nn.functional that have another name in ATen. */
    private static final Map<String, String> RENAMED =
            Map.of("cross_entropy", "cross_entropy_loss", "nll_loss", "nll_loss_nd");

    private static final String TABLE =
            "The table of expressions in docs/parity-toolkit.md, \"What the expression sees\", has more";

    String text() {
        String line = torch.line();
        boolean isPart = !line.isEmpty() && !expression.strip().equals(line) && expression.contains(line);
        return "torch does not compile " + expression + ": "
                + torch.getMessage().replaceFirst("\\.$", "") + (isPart ? ", in the line " + line : "") + advice();
    }

    private String advice() {
        Matcher python = OF_PYTHON.matcher(expression);
        String message = torch.getMessage();
        Matcher undefined = UNDEFINED.matcher(message);
        if (python.find()) {
            String name = python.group(1);
            return ". Write torch." + RENAMED.getOrDefault(name, name) + " for " + python.group()
                    + ", with its arguments by position. " + TABLE;
        }
        if (message.contains("argument 'reduction'")) {
            return "\nA reduction is a number: 0 none, 1 mean, 2 sum. " + TABLE;
        }
        if (undefined.find()) {
            return undefined.group(1).equals(ParityReference.MASK)
                    ? ". The mask m is there after masked(), on the command line with --masked"
                    : ". There are z, x, t and torch, and m after masked(). " + TABLE;
        }
        boolean isLookup = message.contains("attribute lookup") || message.contains("Unknown builtin op");
        return isLookup
                ? ". Expressions call the functions of ATen, such as torch.cross_entropy_loss for F.cross_entropy. "
                        + TABLE
                : "";
    }
}
