/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes the message of a comparison: the largest differences, or after a failure the worst case, its numbers, a cause
 * if one is found, and how to repeat it.
 */
final class ResultText {

    private static final int SHOWN = 12;

    private final ParityRun run;
    private final StringBuilder text = new StringBuilder();

    ResultText(ParityRun run) {
        this.run = run;
    }

    String ofPassed(List<CaseComparison> compared) {
        long numbers = compared.stream()
                .flatMap(comparison -> comparison.quantities().stream())
                .mapToLong(quantity -> quantity.size())
                .sum();
        text.append(String.format(
                Locale.ROOT,
                "%s equals %s: %d cases, %,d numbers. Largest differences:",
                run.subject(),
                run.reference(),
                compared.size(),
                numbers));
        for (Mismatch largest : largest(compared)) {
            text.append(String.format(
                    Locale.ROOT,
                    "%n  %s of %s: %.2g, %.0f %% of what is allowed",
                    largest.quantity().kind(),
                    largest.type(),
                    largest.absolute(),
                    100 * largest.excess()));
        }
        return text.toString();
    }

    /** The largest difference of each type, for values and for gradients. */
    private static Collection<Mismatch> largest(List<CaseComparison> compared) {
        Comparator<Mismatch> byExcess = Comparator.comparingDouble(Mismatch::excess);
        Map<String, Mismatch> largest = new LinkedHashMap<>();
        compared.stream()
                .flatMap(comparison -> comparison.worst().stream())
                .forEach(mismatch -> largest.merge(
                        mismatch.type() + mismatch.quantity().kind(),
                        mismatch,
                        (a, b) -> byExcess.compare(a, b) < 0 ? b : a));
        return largest.values();
    }

    String of(CaseComparison worst, int failed, List<CaseComparison> compared) {
        line(
                "%s is not equal to %s in %d of %d cases. The worst case, %s:",
                run.subject(), run.reference(), failed, compared.size(), worst.example());
        worst.problems().forEach(problem -> line("  %s", problem));
        Map<String, List<Mismatch>> alike = worst.worst().stream()
                .collect(Collectors.groupingBy(ResultText::numbers, LinkedHashMap::new, Collectors.toList()));
        alike.forEach(this::numbers);
        if (worst.first() != null) {
            Diagnosis diagnosis = Diagnosis.of(run, worst, compared);
            inputs(worst.example(), diagnosis.place());
            diagnosis.hints().forEach(hint -> line("  why: %s", hint));
        }
        return repeat(worst.example());
    }

    String ofException(ParityCase example, Throwable thrown) {
        line("%s throws %s where torch computes %s, for %s:", run.subject(), thrown, run.reference(), example);
        line("  z = %s", example.input());
        line("  t = %s", example.targets().torch());
        return repeat(example);
    }

    private String repeat(ParityCase example) {
        return text.append(repeat(example.origin().calls())).toString();
    }

    static String repeat(String calls) {
        return "  to repeat this case alone, put before check(): " + calls;
    }

    /** The numbers of a result. DL4J asks for the same number in two ways, which share a line if they agree. */
    private static String numbers(Mismatch worst) {
        String kind = worst.quantity().kind();
        String index = worst.index().length == 0 ? "" : Arrays.toString(worst.index());
        return String.format(
                worst.isTooLarge() ? "%s%s: %s, but torch %s" : "%s%s agrees: %s, torch %s",
                kind,
                index,
                worst.ours(),
                worst.torch());
    }

    private void numbers(String numbers, List<Mismatch> alike) {
        String names =
                alike.stream().map(mismatch -> mismatch.quantity().name()).collect(Collectors.joining(", "));
        line("  %s (%s)", numbers, names);
        Mismatch worst = alike.get(0);
        if (worst.isTooLarge()) {
            line(
                    "    difference: absolute %s, relative %s, %s; allowed: absolute %s + relative %s",
                    shortened(worst.absolute()),
                    shortened(worst.relative()),
                    ulps(worst),
                    worst.tolerance().absolute(),
                    worst.tolerance().relative());
        }
    }

    private static String ulps(Mismatch worst) {
        return worst.ulps() == Ulps.INCOMPARABLE
                ? "not countable in ulp"
                : String.format(Locale.ROOT, "%d ulp of %s", worst.ulps(), worst.type());
    }

    private void inputs(ParityCase example, DifferingPlace place) {
        if (place.row() < 0) {
            line("  input: z = %s, t = %s", example.input(), example.targets().torch());
            return;
        }
        ParityCase row = example.row(place.row());
        line(
                "  input there: row %d, z = %s, t = %s%s",
                place.row(),
                values(row.input()),
                values(row.targets().torch()),
                example.isMasked(place.row()) ? ", masked" : "");
        if (place.column() >= 0 && row.input().toDoubles().length > 1) {
            line(
                    "  furthest there: %s with z = %s",
                    place.where(example), row.input().toDoubles()[place.column()]);
        }
    }

    private static String values(TorchTensor tensor) {
        double[] values = tensor.toDoubles();
        String shown = Arrays.toString(Arrays.copyOf(values, Math.min(SHOWN, values.length)));
        return values.length > SHOWN ? shown + " and " + (values.length - SHOWN) + " more" : shown;
    }

    /** A number with four digits, without trailing zeros. */
    static String shortened(double number) {
        String digits = String.format(Locale.ROOT, "%.4g", number);
        return digits.contains(".") ? digits.replaceAll("\\.?0+(?=e|$)", "") : digits;
    }

    private void line(String format, Object... arguments) {
        text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }
}
