/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A loss of torch and its gradient, forward and backward so many times within one call. */
final class TorchLoop {
    /** In nanoseconds, where two passes are not longer. */
    private static final double LONGEST_CALL = 8e8;

    private static final long MOST_PASSES = 4096;

    /** As the expressions read them. */
    private static final Pattern SCALAR = Pattern.compile("(?:int|float)\\((\\w+)\\)");

    private final TorchFunction function;
    private final TorchTensor[] arguments;

    /**
     * @param before statements that are run once and make {@code logits} of the arguments
     * @param pass TorchScript of a pass over {@code leaf}, the logits without a history; the last line is the loss
     * @param names of the arguments
     */
    TorchLoop(List<String> before, String pass, String[] names, TorchTensor... arguments) {
        List<String> lines = new ArrayList<>(before);
        // an option that is a number is read once
        SCALAR.matcher(pass)
                .results()
                .map(option -> option.group(1) + "_number = " + option.group())
                .distinct()
                .forEach(lines::add);
        lines.add("value = torch.select(torch.reshape(logits, [-1]), 0, 0)");
        lines.add("derivatives = 0");
        lines.add("for i in range(int(passes)):");
        // a fresh leaf: nothing of the pass before is left to use again, and no gradient to add to
        lines.add("  leaf = torch.requires_grad_(torch.detach(logits), True)");
        statements(pass).forEach(statement -> lines.add("  " + statement));
        lines.add("  gradient = torch.grad([value], [leaf], None, None, False, False)[0]");
        // torch drops what has no use, and a backward pass whose result nobody reads is such a thing
        lines.add("  if gradient is not None:");
        lines.add("    derivatives += torch.numel(gradient)");
        lines.add("value = torch.detach(value)");
        lines.add("gradients = derivatives // torch.numel(logits)");
        lines.add("torch.stack([value, torch.full_like(value, gradients)], 0)");
        this.function = TorchFunction.of(
                String.join("\n", lines),
                Stream.concat(Stream.of("passes"), Arrays.stream(names)).toArray(String[]::new));
        this.arguments = arguments.clone();
    }

    /** The last one keeps the loss. */
    private static List<String> statements(String pass) {
        List<String> lines = new ArrayList<>(
                SCALAR.matcher(pass).replaceAll(TorchLoop::number).lines().toList());
        lines.set(lines.size() - 1, "value = " + lines.get(lines.size() - 1));
        return lines;
    }

    private static String number(MatchResult option) {
        return option.group(1) + "_number";
    }

    /** Runs the loss and its gradient so many times, and returns the loss. */
    double run(long passes) {
        TorchTensor[] all = new TorchTensor[arguments.length + 1];
        all[0] = TorchTensor.of(TorchType.INT64, new long[] {passes});
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        double[] valueAndGradients = function.call(all).value().toDoubles();
        if (valueAndGradients[1] != passes) {
            throw new IllegalStateException(
                    "torch made " + passes + " passes with " + valueAndGradients[1] + " gradients");
        }
        return valueAndGradients[0];
    }

    /** How many passes take so long, in milliseconds at least, that the call around them hardly counts. */
    long passes(long milliseconds) {
        double empty = time(0);
        long tried = 1;
        double took = time(tried);
        while (took < Math.min(5 * empty, LONGEST_CALL / 4) && tried < MOST_PASSES) {
            tried *= 4;
            took = time(tried);
        }
        double pass = Math.max(took - empty, 1) / tried;
        double call = Math.min(Math.max(1e6 * milliseconds, 10 * empty), LONGEST_CALL);
        return Math.max(2, Math.min(MOST_PASSES, (long) Math.ceil(call / pass)));
    }

    /** The best of some: the first touches new memory, and what goes on beside the work can only make it longer. */
    private double time(long passes) {
        return IntStream.range(0, 3).mapToDouble(i -> timeOnce(passes)).min().orElseThrow();
    }

    private double timeOnce(long passes) {
        long start = System.nanoTime();
        run(passes);
        return System.nanoTime() - start;
    }
}
