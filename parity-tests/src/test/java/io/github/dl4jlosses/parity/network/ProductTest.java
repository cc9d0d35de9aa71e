/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProductTest {
    /** Five factors with 7, 5, 4, 2 and 2 values. */
    private static List<List<?>> five() {
        List<List<?>> runs = new ArrayList<>();
        for (int i = 0; i < 7 * 5 * 4 * 2 * 2; i++) {
            runs.add(List.of(i % 7, i / 7 % 5, i / 35 % 4, i / 140 % 2, i / 280));
        }
        return runs;
    }

    private static Set<Product.Pair> pairs(Collection<List<?>> runs) {
        return runs.stream().flatMap(run -> Product.pairs(run).stream()).collect(Collectors.toSet());
    }

    @Test
    void everyPairOfTheProductOccurs() {
        List<List<?>> chosen = Product.pairwise(five(), run -> run);

        assertThat(pairs(chosen))
                .hasSize(35 + 28 + 14 + 14 + 20 + 10 + 10 + 8 + 8 + 4)
                .isEqualTo(pairs(five()));
    }

    /** The two largest factors alone have 35 pairs. */
    @Test
    void theRunsAreFewAndNoneOccursTwice() {
        List<List<?>> chosen = Product.pairwise(five(), run -> run);

        assertThat(chosen).doesNotHaveDuplicates().hasSizeBetween(35, 45);
        assertThat(five()).containsSubsequence(chosen);
    }

    @Test
    void theSameRunsAreChosenEachTime() {
        assertThat(Product.pairwise(five(), run -> run)).isEqualTo(Product.pairwise(five(), run -> run));
    }

    /** A factor may allow another one only some of its values: what does not occur need not be shown. */
    @Test
    void pairsThatTheProductLacksAreNotAskedFor() {
        List<List<?>> triangle = new ArrayList<>();
        IntStream.range(0, 9)
                .forEach(i -> IntStream.rangeClosed(0, i)
                        .forEach(j -> IntStream.range(0, 3).forEach(k -> triangle.add(List.of(i, j, k)))));

        List<List<?>> chosen = Product.pairwise(triangle, run -> run);

        assertThat(pairs(chosen)).isEqualTo(pairs(triangle));
        assertThat(chosen).hasSizeLessThan(triangle.size() / 2);
    }

    @Test
    void aRunWithoutAPartnerIsKept() {
        assertThat(Product.pairwise(List.of(List.of("a", 1), List.of("b", 2)), run -> run))
                .hasSize(2);
        assertThat(Product.pairwise(List.<List<?>>of(), run -> run)).isEmpty();
    }
}
