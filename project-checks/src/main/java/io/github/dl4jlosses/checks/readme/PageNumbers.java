/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.readme;

import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.checks.pictures.Contrast;
import io.github.dl4jlosses.spec.Given;
import io.github.dl4jlosses.spec.SpecHead;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/** The tables of numbers that pages show: each number is computed here and now, in DL4J and in torch. */
final class PageNumbers {
    private static final MathContext DIGITS = new MathContext(4);
    private static final Given TWO_ROWS = Given.rows(2, 2, 0, 2, 0);

    private PageNumbers() {}

    /** Four rows of the differences, for a reader in a hurry: a confident error of each built-in, and class weights. */
    static List<String> fourDifferences() {
        List<String> all = differences();
        Stream<String> rows = Stream.of(
                        "binary cross entropy, logit -20",
                        "cross entropy, logits (0, 100)",
                        "KL divergence",
                        "class weights 1 and 9")
                .map(words -> all.stream()
                        .filter(row -> row.startsWith("| " + words))
                        .findFirst()
                        .orElseThrow());
        return Stream.concat(all.stream().limit(2), rows).toList();
    }

    /** What DL4J's losses, ours and torch's give for the same numbers. */
    static List<String> differences() {
        List<List<String>> rows = new ArrayList<>();
        for (Contrast contrast : contrasts()) {
            String single = cells(contrast, DataType.FLOAT);
            String both = cells(contrast, DataType.DOUBLE);
            if (single.equals(both)) {
                rows.add(List.of(contrast.name(), "float32, float64", single));
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
                contrast.builtIn(type).map(PageNumbers::cell).orElse("no such option"),
                cell(contrast.ours(type)),
                cell(contrast.torch(type)));
    }

    private static String cell(Contrast.Numbers numbers) {
        String gradient = Arrays.stream(numbers.gradient().toDoubleMatrix())
                .map(row ->
                        Arrays.stream(row).mapToObj(PageNumbers::digits).collect(Collectors.joining(", ", "(", ")")))
                .collect(Collectors.joining(" "));
        return digits(numbers.value()) + "; " + gradient;
    }

    /** The cases of the table of differences. */
    private static List<Contrast> contrasts() {
        return List.of(
                binary(-12, 1),
                binary(-20, 1),
                binary(-50, 1),
                binary(20, 0),
                classes(
                        "cross entropy, logits (0, 30), class 0",
                        type -> new LossMCXENT(),
                        new CrossEntropyLoss(),
                        Given.row(0, 30),
                        0),
                classes(
                        "cross entropy, logits (0, 100), class 0",
                        type -> new LossMCXENT(),
                        new CrossEntropyLoss(),
                        Given.row(0, 100),
                        0),
                new Contrast(
                        "KL divergence, logits (0, 100), target (0.5, 0.5)",
                        SpecHead.SOFTMAX,
                        type -> new LossKLD(),
                        KLDivLoss.builder().reduction(Reduction.BATCHMEAN).build(),
                        Given.row(0, 100),
                        Given.row(.5, .5)),
                classes(
                        "class weights 1 and 9, logits (2, 0) twice, classes 0 and 1",
                        type -> new LossMCXENT(Nd4j.createFromArray(1.0, 9.0).castTo(type)),
                        CrossEntropyLoss.builder().weight(1, 9).build(),
                        TWO_ROWS,
                        0,
                        1),
                classes(
                        "ignore_index, logits (2, 0) twice, classes 0 and -100",
                        type -> new LossSparseMCXENT(),
                        new CrossEntropyLoss(),
                        TWO_ROWS,
                        0,
                        -100),
                classes(
                        "label smoothing 0.1, logits (2, 0), class 0",
                        null,
                        CrossEntropyLoss.builder().labelSmoothing(.1).build(),
                        Given.row(2, 0),
                        0),
                new Contrast(
                        "pos_weight 3, logit 0.5, target 1",
                        SpecHead.SIGMOID,
                        null,
                        BCEWithLogitsLoss.builder().posWeight(3).build(),
                        Given.row(.5),
                        Given.row(1)),
                classes(
                        "reduction 'sum', logits (2, 0) twice, classes 0 and 1",
                        null,
                        CrossEntropyLoss.builder().reduction(Reduction.SUM).build(),
                        TWO_ROWS,
                        0,
                        1));
    }

    private static Contrast binary(double logit, double target) {
        return new Contrast(
                "binary cross entropy, logit %.0f, target %.0f".formatted(logit, target),
                SpecHead.SIGMOID,
                type -> new LossBinaryXENT(),
                new BCEWithLogitsLoss(),
                Given.row(logit),
                Given.row(target));
    }

    private static Contrast classes(
            String name, Function<DataType, ILossFunction> builtIn, TorchLoss loss, Given logits, long... classes) {
        return new Contrast(name, SpecHead.SOFTMAX, builtIn, loss, logits, Given.indices(classes));
    }

    /** What a network reports for the same classes in each form of labels. */
    static List<String> labels() {
        return LossTables.table(
                List.of("labels", "score, weights 1, 2, 5", "score, no weights, no label for the second example"),
                LabelForm.all().stream()
                        .map(form -> List.of(form.words(), digits(form.weighted()), digits(form.unweighted())))
                        .toList());
    }

    /** What a network reports and does with each scale, in words and for two sequences. */
    static List<String> scales() {
        SequenceScores torch = SequenceScores.torch();
        List<List<String>> rows =
                new ArrayList<>(List.of(List.of("torch", "", "mean", "torch's mean", digits(torch.score()), "1")));
        for (SequenceScores.Setting setting : SequenceScores.settings()) {
            SequenceScores scores = SequenceScores.of(setting);
            rows.add(List.of(
                    Boolean.toString(setting.miniBatch()),
                    setting.code(),
                    setting.loss().getReduction().name(),
                    setting.meaning(),
                    digits(scores.score()),
                    digits(scores.step() / torch.step())));
        }
        return LossTables.table(
                List.of(
                        "`miniBatch` in the network",
                        "in the loss",
                        "reduction",
                        "score and step are",
                        "two sequences: score",
                        "step, as a multiple of torch's"),
                rows);
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
