/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Who is measured; the names are those of the methods of the benchmarks. */
enum Contender {
    ONE_PASS("oursOnePass", "this library, gradient and score in one pass"),
    TWO_CALLS("oursTwoCalls", "this library, as DL4J calls it"),
    VALUE_AND_GRADIENT("valueAndGradient", "this library, valueAndGradient"),
    RESULT_ONLY("resultOnly", "the result's memory only"),
    BUILT_IN("builtIn", "DL4J's own"),
    TORCH_LOOP("torchLoop", "torch"),
    TORCH_EMPTY_LOOP("torchEmptyLoop", "a call without a pass"),
    TORCH_CALL("torchCall", "torch, one call from Java"),
    COPY("copy", "copy of the bytes"),
    FIT_OURS("fitOurs", "this library"),
    FIT_FUSED("fitFused", "this library, fused layer"),
    FIT_BUILT_IN("fitBuiltIn", "DL4J's own");

    static final List<Contender> OF_SEQUENCES = List.of(VALUE_AND_GRADIENT, TORCH_LOOP, TORCH_EMPTY_LOOP);
    static final List<Contender> OF_NETWORKS = List.of(FIT_OURS, FIT_FUSED, FIT_BUILT_IN);

    /** Those whose time depends on the JVM, and torch beside them. */
    static final Set<Contender> OF_FORMS = EnumSet.of(ONE_PASS, TWO_CALLS, TORCH_LOOP, TORCH_EMPTY_LOOP);

    private final String method;
    private final String title;

    Contender(String method, String title) {
        this.method = method;
        this.title = title;
    }

    /** Those of a loss. */
    static List<Contender> of(LossKind loss) {
        Set<Contender> contenders = EnumSet.range(ONE_PASS, COPY);
        if (!loss.hasBuiltIn()) {
            contenders.remove(BUILT_IN);
        }
        return List.copyOf(contenders);
    }

    /** The contender of a benchmark, by its full name or that of its method. */
    static Contender of(String benchmark) {
        String method = benchmark.substring(benchmark.lastIndexOf('.') + 1);
        for (Contender contender : values()) {
            if (contender.method.equals(method)) {
                return contender;
            }
        }
        throw new IllegalArgumentException("No contender is measured by '" + benchmark + "'");
    }

    /** The name of its method. */
    String method() {
        return method;
    }

    String title() {
        return title;
    }
}
