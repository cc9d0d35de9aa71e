/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.pages;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.function.DoublePredicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** A number that a page writes in its sentences and no program prints, and the value that it is rounded from. */
record DerivedNumber(String page, String number, double value) {
    private static final String USE_CASES = "docs/use-cases/";
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(?:\\.\\d+)?(?:e-?\\d+)?");
    private static final Sources SOURCES = new Sources();

    /** Looked up once: each reads all pages. */
    private static final List<DerivedNumber> ALL = found();

    static List<DerivedNumber> all() {
        return ALL;
    }

    private static List<DerivedNumber> found() {
        return List.of(
                article("16", shown("BernoulliLikelihood", "0.40", 1) / shown("BernoulliLikelihood", "0.50", 1)),
                article("37", firstLogit(z -> 1 / (1 + Math.exp(-z)) == 1)),
                article("28", firstLogit(z -> Math.exp(-z) < 1e-12)),
                // the gradient of A is that of B, 1, times p (1 - p), over the least that torch divides by
                article("1e-12", Math.exp(-30) / shown("FiveImplementations", "30 ", 2)),
                article("0.27", shown("MultinomialLogisticRegression", "9  ", 3)),
                article("1.4", shown("NetworkAsFeatures", "the network on", 2) - pixels(3)),
                article("2.5", lastNetwork(2) - pixels(3)),
                article("0.36", lastNetwork(1)),
                article("0.37", shown("NetworkAsFeatures", "the network on", 1)),
                article("0.38", pixels(2)),
                useCase("distillation", "54", 100 * SOURCES.constant("Distillation", "REPLACED") * (1 - 1 / 10.)),
                useCase("distillation", "0.3", shown("Distillation", "240", 4) - shown("Distillation", "240", 7)),
                useCase("distillation", "4.7", shown("Distillation", "240", 6) - shown("Distillation", "240", 5)),
                useCase("fashion-cnn", "2.303", Math.log(10)),
                useCase("fashion-cnn", "1.4", shown("FashionCnn", "6 ", 3) - shown("FashionCnn", "12 ", 3)),
                useCase("ignored-padding", "31", SOURCES.constant("IgnoredPadding", "LENGTH") - 1),
                useCase("multi-label-digits", "2", Math.exp(0.6931)),
                useCase("own-loss-parity", "88", (double) SOURCES.linesOf("FocalLoss")),
                useCase("segmentation", "0.002", rise("trouser")),
                useCase("segmentation", "0.017", Math.max(rise("sneaker"), rise("bag"))),
                useCase("segmentation", "0.021", -rise("background")),
                useCase("swap-keras-model", "1440", SOURCES.constant("HandwrittenDigits", "TRAINING_ROWS")),
                useCase("swap-keras-model", "1e-5", Math.exp(mostWrong(5) - mostWrong(3) - mostWrong(2))),
                useCase("swap-keras-model", "12", -Math.log(1e-5)),
                useCase("swap-saved-loss", "31", shown("SwapSavedLoss", "BCEWithLogits", 0)),
                useCase("swap-saved-loss", "1e-5", Math.exp(-shown("SwapSavedLoss", "LossBinaryXENT", 1))),
                useCase("swap-saved-loss", "12", -Math.log(1e-5)),
                useCase("swap-zoo-model", "9", shown("SwapZooModel", "surer", 1) - shown("SwapZooModel", "surer", 0)));
    }

    private static DerivedNumber article(String number, double value) {
        return new DerivedNumber("docs/article.md", number, value);
    }

    private static DerivedNumber useCase(String page, String number, double value) {
        return new DerivedNumber(USE_CASES + page + ".md", number, value);
    }

    /** A number of the first line of an example's output that begins so. */
    private static double shown(String example, String line, int column) {
        return Page.outputOf(example).stream()
                .map(String::strip)
                .filter(shown -> shown.startsWith(line))
                .findFirst()
                .map(shown -> numbers(shown).get(column))
                .orElseThrow();
    }

    private static List<Double> numbers(String line) {
        return NUMBER.matcher(line)
                .results()
                .map(MatchResult::group)
                .map(Double::valueOf)
                .toList();
    }

    private static double pixels(int column) {
        return shown("NetworkAsFeatures", "logistic regression on 64", column);
    }

    private static double lastNetwork(int column) {
        List<String> lines = Page.outputOf("NetworkAsFeatures");
        return numbers(lines.get(lines.size() - 3)).get(column);
    }

    private static double mostWrong(int column) {
        return shown("SwapKerasModel", "1 ", column);
    }

    private static double rise(String name) {
        return shown("Segmentation", name, 4) - shown("Segmentation", name, 2);
    }

    private static double firstLogit(DoublePredicate reached) {
        return IntStream.range(0, 100).filter(reached::test).findFirst().orElseThrow();
    }

    /** Rounded as the page does. */
    BigDecimal rounded() {
        return new BigDecimal(value).setScale(new BigDecimal(number).scale(), RoundingMode.HALF_UP);
    }

    /** For the names of tests. */
    @Override
    public String toString() {
        return page + ": " + number;
    }
}
