/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A file of the repository that people read, and its parts. */
public final class Page {
    private static final Pattern VERSION = Pattern.compile("\\b\\d+\\.\\d+\\.\\d+(-[A-Z][\\w.]*\\w)?");
    /** In Markdown, or of a picture in HTML. */
    private static final Pattern LINK = Pattern.compile("(?:\\]\\(|\\bsrc(?:set)?=\")([^)\"\\s]+)[)\"]");

    private final Path file;
    private final String text;

    private Page(Path file) {
        this.file = file;
        try {
            this.text = Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By its path from the root of the repository. */
    public static Page of(String name) {
        return new Page(Repository.ROOT.resolve(name));
    }

    /** The pages in Markdown: in the root, in examples, and in docs and its folders. */
    public static Stream<Page> all() {
        return Repository.files(Repository.ROOT, ".md").stream()
                .filter(file -> Repository.nameOf(file).matches("(docs/.*|examples/)?[^/]+"))
                .map(Page::new);
    }

    public String text() {
        return text;
    }

    /** What the page of an example shows below its command. */
    static List<String> outputOf(String example) {
        return printedBy("-Dexample=" + example);
    }

    /** What the page that has a command, given by its last words, shows below it. */
    static List<String> printedBy(String command) {
        return all().flatMap(page -> page.sections().stream())
                .flatMap(section -> section.outputBelow(command).stream())
                .findFirst()
                .orElseThrow(() -> new AssertionError("No page shows the command " + command));
    }

    /** What stands in its blocks, with a language or without, one after the other. */
    String blocks() {
        return sections().stream().flatMap(Section::blocks).collect(Collectors.joining("\n"));
    }

    /** What its sentences say. */
    String sentences() {
        return sections().stream().map(Section::sentences).collect(Collectors.joining("\n"));
    }

    /** The first group of the first match, which must exist; a dot is any character. */
    public String first(String pattern) {
        return first(text, pattern);
    }

    /** The first group of each match, in their order. */
    public List<String> each(String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    public static String first(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(text);
        assertThat(matcher.find()).as("found: " + pattern).isTrue();
        return matcher.group(1);
    }

    /** The versions that the parent pom has in elements of these names. */
    public static Set<String> versionsOfBuild(String... names) {
        Page pom = of("pom.xml");
        return Arrays.stream(names)
                .map(name -> pom.first("<" + Pattern.quote(name) + ">([^<]+)<"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The lines of the table that begins with this header. */
    public List<String> tableAfter(String header) {
        return text.lines()
                .dropWhile(line -> !line.startsWith(header))
                .takeWhile(line -> line.startsWith("|"))
                .toList();
    }

    /** The parts below the headings of the second level, by their headings, and first what stands above them. */
    public List<Section> sections() {
        return Arrays.stream(text.split("(?m)^## ", -1))
                .map(part -> new Section(part.lines().findFirst().orElseThrow(), part))
                .toList();
    }

    /** The versions of three numbers that it names. */
    public Set<String> versions() {
        return VERSION.matcher(text).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Links to places of the repository that are not there. */
    public List<String> lostLinks() {
        return targets().filter(target -> !leadsSomewhere(target)).toList();
    }

    /** The pages in Markdown that it links to; those that are not there are lost links. */
    public Stream<Page> linkedPages() {
        return targets()
                .map(target -> target.split("#", 2)[0])
                .filter(target -> target.endsWith(".md"))
                .map(target -> file.resolveSibling(target).normalize())
                .filter(Files::exists)
                .map(Page::new);
    }

    /** The pictures that it shows, by their paths from the root. */
    public Stream<String> pictures() {
        return targets()
                .filter(target -> target.endsWith(".png") || target.endsWith(".svg"))
                .map(target -> Repository.nameOf(file.resolveSibling(target).normalize()));
    }

    /** What it links to in this repository. */
    private Stream<String> targets() {
        return LINK.matcher(text).results().map(link -> link.group(1)).filter(target -> !target.contains("://"));
    }

    private boolean leadsSomewhere(String target) {
        String[] parts = target.split("#", 2);
        Path other = parts[0].isEmpty() ? file : file.resolveSibling(parts[0]);
        return Files.exists(other)
                && (parts.length < 2 || new Page(other).anchors().contains(parts[1]));
    }

    private Set<String> anchors() {
        return Pattern.compile("(?m)^#+ (.*)$")
                .matcher(text)
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9 _-]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    /** For the names of tests. */
    @Override
    public String toString() {
        return Repository.nameOf(file);
    }

    /** A part of a page, from its heading on, whose snippets of Java belong together. */
    public record Section(String heading, String text) {
        private static final String JAVA = "java";

        /** A block with its language, or a snippet in a comment, which prepares what the visible ones need. */
        private static final Pattern BLOCK = Pattern.compile("(?ms)^(?:```|<!-- )(\\w*)\n(.*?)^(?:```|-->)$");

        private static final Pattern PRINTS = Pattern.compile("(?m)System\\.out\\.println\\(.*\\); // (.*)$");

        /** What its snippets do, one after the other, but for whole classes. */
        public String java() {
            return snippets().filter(snippet -> !isClass(snippet)).collect(Collectors.joining());
        }

        /** The snippets that are whole classes. */
        public List<Program> programs() {
            return snippets().filter(Section::isClass).map(Program::of).toList();
        }

        private Stream<String> snippets() {
            return BLOCK.matcher(text)
                    .results()
                    .filter(block -> block.group(1).equals(JAVA))
                    .map(block -> block.group(2));
        }

        private static boolean isClass(String snippet) {
            return Pattern.compile("(?m)^(?:public |final )*class ")
                    .matcher(snippet)
                    .find();
        }

        /** The text without blocks, comments, code, and where links lead. */
        String sentences() {
            return BLOCK.matcher(text).replaceAll("").replaceAll("`[^`]*`", "").replaceAll("\\]\\([^)\\s]+\\)", "]");
        }

        private Stream<String> blocks() {
            return BLOCK.matcher(text).results().map(block -> block.group(2));
        }

        /** What they say they print: in comments behind, or in blocks without a language below. */
        public List<String> printed() {
            return BLOCK.matcher(text).results().flatMap(Section::printed).toList();
        }

        /** The block without a language that follows the block with this command: what it prints. */
        Optional<List<String>> outputBelow(String command) {
            List<MatchResult> blocks = BLOCK.matcher(text).results().toList();
            for (int i = 0; i + 1 < blocks.size(); i++) {
                if (blocks.get(i).group(2).lines().anyMatch(line -> line.endsWith(command))) {
                    return Optional.of(blocks.get(i + 1).group(2).lines().toList());
                }
            }
            return Optional.empty();
        }

        private static Stream<String> printed(MatchResult block) {
            if (block.group(1).isEmpty()) {
                return block.group(2).lines();
            }
            return PRINTS.matcher(block.group(2)).results().map(line -> line.group(1));
        }

        @Override
        public String toString() {
            return heading;
        }
    }
}
