/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import io.github.dl4jlosses.parity.report.Markdown;
import java.util.List;

/** The section of the page about the targets: what came of each, and why some are missed. */
record TargetTable(List<TargetVerdict> verdicts, MissReasons explanations, JvmForm base) {
    static final String NOT_EXPLAINED = "**Nobody has explained this miss yet.**";

    static TargetTable of(BenchmarkResults results, List<JvmForm> forms, MissReasons explanations) {
        List<TargetVerdict> verdicts = Target.all().stream()
                .flatMap(target -> forms.stream().map(form -> target.in(form, results)))
                .filter(TargetVerdict::isMeasured)
                .toList();
        return new TargetTable(verdicts, explanations, results.base());
    }

    /** The keys of the targets that are missed without an explanation. */
    List<String> unexplained() {
        return missed().stream()
                .filter(target -> explanations.of(target).isEmpty())
                .map(Target::key)
                .toList();
    }

    private List<Target> missed() {
        return verdicts.stream()
                .filter(TargetTable::isMissed)
                .map(TargetVerdict::target)
                .distinct()
                .toList();
    }

    private static boolean isMissed(TargetVerdict verdict) {
        return verdict.isAsked() && !verdict.holds();
    }

    void write(Markdown text) {
        long asked = verdicts.stream().filter(TargetVerdict::isAsked).count();
        long missed = verdicts.stream().filter(TargetTable::isMissed).count();
        text.heading("## Targets")
                .line("How fast the library is meant to be, in float32 unless said: " + (asked - missed) + " of "
                        + asked + " hold. **Each**, **nine in ten** and **mean**, the geometric one, are of the rows.")
                .line("")
                .head("target", "JVM", "asked", "rows", "worst", "nine in ten", "geometric mean", "");
        String before = "";
        for (TargetVerdict verdict : verdicts) {
            String title = verdict.target().title();
            row(text, verdict, title.equals(before) ? "" : title);
            before = title;
        }
        text.row(
                "memory of `fit` beside the parameters, fused layer / DL4J's own, 4096x512x50257",
                base.title(),
                "each <= 0.25",
                "1",
                "-",
                "-",
                "-",
                "`FusedMemoryTest` holds it there");
        missed().forEach(target -> missed(text, target));
    }

    private static void row(Markdown text, TargetVerdict verdict, String title) {
        Target target = verdict.target();
        String result = !verdict.isAsked()
                ? "not asked"
                : verdict.holds() ? "holds" : "[**missed**](#missed-" + target.key() + ")";
        boolean isOne = verdict.rows().size() == 1;
        boolean isRatio = target.bounds().unit().isEmpty();
        text.row(
                title,
                verdict.form().title(),
                verdict.isAsked() ? target.bounds().toString() : "-",
                Integer.toString(verdict.rows().size()),
                number(verdict.worstNumber())
                        + target.bounds().unit()
                        + (isOne ? "" : " (" + BenchmarkPage.name(verdict.worst()) + ")"),
                isOne ? "-" : number(verdict.nineInTen()) + target.bounds().unit(),
                isOne || !isRatio ? "-" : number(verdict.mean()),
                result);
    }

    private static String number(double number) {
        return MarkdownTable.plainRatio(number);
    }

    private void missed(Markdown text, Target target) {
        text.heading("### Missed: " + target.key()).line(target.title() + ": " + target.bounds() + ".");
        text.line("").line(explanations.of(target).orElse(NOT_EXPLAINED));
        for (TargetVerdict verdict : verdicts) {
            if (verdict.target().key().equals(target.key()) && isMissed(verdict)) {
                rows(text, verdict);
            }
        }
    }

    private static void rows(Markdown text, TargetVerdict verdict) {
        Target target = verdict.target();
        Ratios missing = new Ratios(verdict.missing(), target.number());
        String all = " of " + verdict.rows().size() + " rows";
        if (!missing.isEmpty()) {
            list(text, verdict.form().title() + ", " + missing.rows().size() + all + ":", missing);
            return;
        }
        Ratios ofNineInTen = new Ratios(verdict.missingOfNineInTen(), target.number());
        if (!target.bounds().holds(verdict.nineInTen(), target.bounds().nineInTen())) {
            list(
                    text,
                    verdict.form().title() + ", below what nine in ten reach, "
                            + ofNineInTen.rows().size() + all + ":",
                    ofNineInTen);
        } else {
            text.line("").line(verdict.form().title() + ": the mean alone, no single row.");
        }
    }

    private static void list(Markdown text, String title, Ratios rows) {
        text.line("").line(title).line("");
        rows.lines().forEach(text::line);
    }
}
