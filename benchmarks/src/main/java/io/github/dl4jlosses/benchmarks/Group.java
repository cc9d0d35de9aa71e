/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import java.util.Locale;

/** What one JVM measures, one contender after the other: a loss, which is null for the other parts, or a whole part. */
record Group(JvmForm form, Part part, LossKind loss, Dtype dtype, int threads) {

    static Group of(JvmForm form, LossKind loss, Dtype dtype, int threads) {
        return new Group(form, Part.LOSSES, loss, dtype, threads);
    }

    static Group of(JvmForm form, Part part, Dtype dtype, int threads) {
        return new Group(form, part, null, dtype, threads);
    }

    /** The same in another form. */
    Group in(JvmForm other) {
        return new Group(other, part, loss, dtype, threads);
    }

    /** The same with so many threads. */
    Group with(int otherThreads) {
        return new Group(form, part, loss, dtype, otherThreads);
    }

    /** What the rows of the report call it. */
    String subject() {
        return switch (part) {
            case LOSSES -> loss.title();
            case SEQUENCES -> "CTC";
            case NETWORKS -> "fit";
        };
    }

    String title() {
        return String.join(", ", form.title(), name(), dtype.option(), MarkdownTable.threads(threads));
    }

    /** The name of its files. */
    String fileName() {
        return String.join("-", form.fileName(), name(), dtype.option(), Integer.toString(threads));
    }

    private String name() {
        return part == Part.LOSSES ? loss.option() : part.name().toLowerCase(Locale.ROOT);
    }
}
