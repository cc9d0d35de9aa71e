/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples;

import io.github.dl4jlosses.examples.article.CrossEntropyDecomposition;
import io.github.dl4jlosses.examples.losses.LossCurves;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Runs an example by its name, or lists them: {@code mvn -q -Pexample -pl examples -am process-classes -Dexample=NAME}. */
public final class Examples {
    private static final int UNKNOWN = 2;

    private static final List<Example> ARTICLE = List.of(
            new Example(CrossEntropyDecomposition.class, "H(p, q) = H(p) + KL(p || q), and KL is not symmetric"));

    private static final List<Example> USE_CASES = List.of();

    private static final List<Example> LOSSES =
            List.of(new Example(LossCurves.class, "each loss and its gradient, beside torch's and DL4J's"));

    private Examples() {}

    /**
     * All of them.
     *
     * @return those of the article, then the use cases, then the losses
     */
    public static List<Example> all() {
        return Stream.of(ARTICLE, USE_CASES, LOSSES).flatMap(List::stream).toList();
    }

    /**
     * Runs one.
     *
     * @param args its name; none: lists all of them
     * @throws ReflectiveOperationException if it fails
     */
    public static void main(String[] args) throws ReflectiveOperationException {
        // decimal points, wherever it runs
        Locale.setDefault(Locale.ROOT);
        String name = args.length == 0 ? "" : args[0];
        Optional<Example> example =
                all().stream().filter(one -> one.name().equalsIgnoreCase(name)).findFirst();
        if (example.isPresent()) {
            example.get().run();
            return;
        }
        list("The article:", ARTICLE);
        list("Use cases:", USE_CASES);
        list("The losses:", LOSSES);
        if (!name.isEmpty()) {
            System.out.println("There is no example '" + name + "'.");
            System.exit(UNKNOWN);
        }
    }

    private static void list(String title, List<Example> examples) {
        System.out.println(title);
        for (Example example : examples) {
            System.out.printf("  -Dexample=%-28s %s%n", example.name(), example.purpose());
        }
    }
}
