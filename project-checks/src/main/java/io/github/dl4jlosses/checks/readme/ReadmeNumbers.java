/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.readme;

import io.github.dl4jlosses.checks.pictures.Contrast;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.buffer.DataType;

/** The tables of numbers that README.md shows: each number is computed here and now, in DL4J and in torch. */
final class ReadmeNumbers {
    private static final MathContext DIGITS = new MathContext(4);

    private ReadmeNumbers() {}

    /** What DL4J's losses, ours and torch's give for the same numbers. */
    static List<String> differences() {
        List<List<String>> rows = new ArrayList<>();
        for (Contrast contrast : Contrasts.all()) {
            String single = cells(contrast, DataType.FLOAT);
            String both = cells(contrast, DataType.DOUBLE);
            if (single.equals(both)) {
                rows.add(List.of(contrast.name(), "both", single));
            } else {
                rows.add(List.of(contrast.name(), "float32", single));
                rows.add(List.of(contrast.name(), "float64", both));
            }
        }
        return LossTables.table(List.of("case", "dtype", "DL4J's built-in", "dl4j-losses", "torch"), rows);
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
        return LossTables.table(
                List.of("labels", "score, weights 1, 2, 5", "score, no weights, no label for the second example"),
                LabelForm.all().stream()
                        .map(form -> List.of(form.words(), digits(form.weighted()), digits(form.unweighted())))
                        .toList());
    }

    /** What a network of sequences reports and does with each setting of the loss. */
    static List<String> scores() {
        SequenceScores torch = SequenceScores.torch();
        List<List<String>> rows = new ArrayList<>(List.of(List.of("torch", digits(torch.score()), "1")));
        for (SequenceScores.Setting setting : SequenceScores.settings()) {
            SequenceScores scores = SequenceScores.of(setting);
            rows.add(List.of(setting.code(), digits(scores.score()), digits(scores.step() / torch.step())));
        }
        return LossTables.table(List.of("setting", "score", "step, as a multiple of torch's"), rows);
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
