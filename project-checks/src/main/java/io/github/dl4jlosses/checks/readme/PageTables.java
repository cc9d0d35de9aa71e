/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.readme;

import io.github.dl4jlosses.checks.pictures.LossCurves;
import io.github.dl4jlosses.spec.LossSpecs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Writes the parts of pages that stand between markers: tables of the losses and of torch's modules, and numbers that are computed
 * here and now. */
public final class PageTables {
    /** What writes them, from the root of the repository. */
    static final String COMMAND = "mvn -q -Ptables -pl project-checks -am process-classes";

    private static final String README = "README.md";
    private static final String PORTING = "docs/porting.md";
    private static final String GUIDE = "docs/dl4j.md";
    private static final String LOSSES = "docs/losses/README.md";

    private PageTables() {}

    /** A part of a page, by the name that its marker has, with the lines that stand between the markers. */
    record Part(String page, String name, Supplier<List<String>> lines) {
        /** The text of the page with this part as it must be. */
        String in(String text) {
            Matcher part = Pattern.compile(
                            "(?ms)(^<!-- generated: " + Pattern.quote(name) + " by [^\n]* -->\n).*?(^<!-- end -->$)")
                    .matcher(text);
            if (!part.find()) {
                throw new IllegalStateException(page + " has no part " + marker() + " .. <!-- end -->");
            }
            String written = marker() + "\n" + String.join("\n", lines.get()) + "\n" + part.group(2);
            return text.substring(0, part.start()) + written + text.substring(part.end());
        }

        private String marker() {
            return "<!-- generated: " + name + " by " + COMMAND + " -->";
        }

        /** For the names of tests. */
        @Override
        public String toString() {
            return name + " in " + page;
        }
    }

    /** All of them but for the lines of the pictures, which {@code ExamplesTest} compares. */
    static List<Part> all() {
        Stream<Part> heads = LossSpecs.all().stream()
                .map(spec -> new Part(
                        "docs/losses/" + spec.pageName() + ".md", "at a glance", () -> LossTables.glance(spec)));
        Stream<Part> others = Stream.of(
                new Part(README, "proof", Evidence::proof),
                new Part(README, "four differences", PageNumbers::fourDifferences),
                new Part(README, "speed", Evidence::speed),
                new Part("docs/differences.md", "differences", PageNumbers::differences),
                new Part(GUIDE, "tasks", LossTables::tasks),
                new Part(GUIDE, "activations", LossTables::heads),
                new Part(GUIDE, "scales", PageNumbers::scales),
                new Part(GUIDE, "scores of labels", PageNumbers::labels),
                new Part(PORTING, "modules", ModuleTable::modules),
                new Part(PORTING, "refusals", RefusalTable::refused),
                new Part(LOSSES, "options", LossTables::options),
                new Part(LOSSES, "pages", LossTables::pages),
                new Part(LOSSES, "losses of torch", TorchCatalogue::table));
        return Stream.concat(others, heads).toList();
    }

    static Part curves() {
        return new Part(LOSSES, "curves", LossCurves::block);
    }

    /** Writes the parts into the pages. */
    public static void main(String[] args) throws IOException {
        // decimal points, wherever it runs
        Locale.setDefault(Locale.ROOT);
        for (Part part : all()) {
            write(part);
        }
        write(curves());
    }

    private static void write(Part part) throws IOException {
        Path page = Path.of(part.page());
        String before = Files.readString(page);
        String after = part.in(before);
        if (!after.equals(before)) {
            Files.writeString(page, after);
        }
        System.out.println((after.equals(before) ? "as it was: " : "written: ") + part);
    }
}
