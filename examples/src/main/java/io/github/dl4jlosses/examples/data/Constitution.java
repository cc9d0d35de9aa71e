/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.data;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The Constitution of the United States, clause by clause: what ends with a comma, a semicolon, a colon or a full stop. */
public final class Constitution {
    /** Ends each clause, and is the first character of the {@link #alphabet()}. */
    public static final char END = '\n';

    private static final String FILE = "/data/text/us_constitution.txt";
    private static final int TENTH = 10;

    private Constitution() {}

    /** The clauses to train on, nine of ten up to a length, each with its end. */
    public static List<String> training(int longest) {
        return part(longest, i -> i % TENTH != TENTH - 1);
    }

    /** The clauses that training must not see, every tenth up to a length, each with its end. */
    public static List<String> test(int longest) {
        return part(longest, i -> i % TENTH == TENTH - 1);
    }

    /** The characters that occur, in their order: the class of a character is its place here. */
    public static String alphabet() {
        return END
                + text().chars()
                        .filter(c -> c >= ' ')
                        .distinct()
                        .sorted()
                        .mapToObj(Character::toString)
                        .collect(Collectors.joining());
    }

    private static List<String> part(int longest, IntPredicate chosen) {
        List<String> clauses = Arrays.stream(text().split("\n\\s*\n|(?<=[,;.:])\\s+", -1))
                .map(clause -> clause.strip().replaceAll("\\s+", " ") + END)
                .filter(clause -> clause.length() > 2 && clause.length() <= longest)
                .toList();
        return IntStream.range(0, clauses.size())
                .filter(chosen)
                .mapToObj(clauses::get)
                .toList();
    }

    private static String text() {
        try (InputStream file = Constitution.class.getResourceAsStream(FILE)) {
            return new String(file.readAllBytes(), US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
