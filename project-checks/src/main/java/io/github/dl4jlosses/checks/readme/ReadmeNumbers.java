/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.readme;

import io.github.dl4jlosses.checks.pictures.Contrast;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.buffer.DataType;

/** Prints the tables of numbers that README.md shows: each number is computed here and now, in DL4J and in torch. */
public final class ReadmeNumbers {
    private static final MathContext DIGITS = new MathContext(4);

    private ReadmeNumbers() {}

    /**
     * Prints all tables.
     *
     * @param args none
     */
    public static void main(String[] args) {
        print(System.out);
    }

    private static void print(PrintStream out) {
        differences().forEach(out::println);
        out.println();
        labels().forEach(out::println);
        out.println();
        scores().forEach(out::println);
    }

    /** What DL4J's losses, ours and torch's give for the same numbers. */
    static List<String> differences() {
        List<String> table = new ArrayList<>(List.of(
                row("case", "dtype", "DL4J's built-in", "dl4j-losses", "torch"),
                row("---", "---", "---", "---", "---")));
        for (Contrast contrast : Contrasts.all()) {
            String single = cells(contrast, DataType.FLOAT);
            String both = cells(contrast, DataType.DOUBLE);
            if (single.equals(both)) {
                table.add(row(contrast.name(), "both", single));
            } else {
                table.add(row(contrast.name(), "float32", single));
                table.add(row(contrast.name(), "float64", both));
            }
        }
        return table;
    }

    private static String cells(Contrast contrast, DataType type) {
        return String.join(
                " | ",
                contrast.builtIn(type).map(ReadmeNumbers::cell).orElse("no such option"),
                cell(contrast.ours(type)),
                cell(contrast.torch(type)));
    }

    private static String cell(Contrast.Numbers numbers) {
        String gradient = Arrays.stream(numbers.gradient().toDoubleMatrix())
                .map(row ->
                        Arrays.stream(row).mapToObj(ReadmeNumbers::digits).collect(Collectors.joining(", ", "(", ")")))
                .collect(Collectors.joining(" "));
        return digits(numbers.value()) + "; " + gradient;
    }

    /** What a network reports for the same classes in each form of labels. */
    static List<String> labels() {
        List<String> table = new ArrayList<>(List.of(
                row("labels", "score, weights 1, 2, 5", "score, no weights, no label for the second example"),
                row("---", "---", "---")));
        for (LabelForm form : LabelForm.all()) {
            table.add(row(form.words(), digits(form.weighted()), digits(form.unweighted())));
        }
        return table;
    }

    /** What a network of sequences reports and does with each setting of the loss. */
    static List<String> scores() {
        SequenceScores torch = SequenceScores.torch();
        List<String> table = new ArrayList<>(List.of(
                row("setting", "score", "step, as a multiple of torch's"),
                row("---", "---", "---"),
                row("torch", digits(torch.score()), "1")));
        for (SequenceScores.Setting setting : SequenceScores.settings()) {
            SequenceScores scores = SequenceScores.of(setting);
            table.add(row(setting.code(), digits(scores.score()), digits(scores.step() / torch.step())));
        }
        return table;
    }

    private static String row(String... cells) {
        return Arrays.stream(cells).collect(Collectors.joining(" | ", "| ", " |"));
    }

    /** Four significant digits, as a JVM of any locale prints them. */
    private static String digits(double number) {
        if (!Double.isFinite(number)) {
            return Double.toString(number);
        }
        BigDecimal rounded = new BigDecimal(number).round(DIGITS).stripTrailingZeros();
        // no exponent for what is short without one
        return rounded.signum() == 0
                ? "0"
                : Math.abs(number) >= 1e-3 && Math.abs(number) < 1e6 ? rounded.toPlainString() : rounded.toString();
    }
}
