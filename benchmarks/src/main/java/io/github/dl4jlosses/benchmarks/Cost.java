/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

/** About how long a measurement takes. Only what is left of a run is computed from it, and corrected on the way. */
final class Cost {
    /** Of a JVM with ND4J and torch, and the first warm-up, in seconds. */
    static final double START = 4.5;

    /** The library compiles its vector forms. */
    static final double START_WITH_VECTOR_API = 8.5;

    private static final double AROUND = .08;

    /** To make a network. */
    private static final double NETWORK = .25;

    /** To make the numbers of a benchmark, in seconds for each. */
    private static final double NUMBERS = 2e-8;

    private Cost() {}

    /** In seconds, warm-up included. */
    static double seconds(Contender contender, long elements, BenchmarkOptions.Pace pace) {
        double iteration = Math.max(pace.milliseconds() / 1e3, 1e-9 * nanoseconds(contender) * elements);
        boolean isOfNetworks = Contender.OF_NETWORKS.contains(contender);
        int iterations = isOfNetworks ? 1 : pace.iterations();
        double warmup = Math.max(warmups(contender) * pace.milliseconds() / 1e3, iteration);
        return (isOfNetworks ? NETWORK : AROUND) + NUMBERS * elements + warmup + iterations * iteration;
    }

    private static int warmups(Contender contender) {
        return switch (contender) {
            case ONE_PASS, TWO_CALLS, VALUE_AND_GRADIENT -> BenchmarkRun.WARMUPS_OF_OURS;
            default -> 1;
        };
    }

    /** Of a call, for each element; several passes of torch are in one. */
    private static double nanoseconds(Contender contender) {
        return switch (contender) {
            case ONE_PASS, TWO_CALLS, VALUE_AND_GRADIENT -> 3;
            case BUILT_IN -> 20;
            case TORCH_LOOP, TORCH_CALL -> 50;
            case TORCH_EMPTY_LOOP -> 2;
            case RESULT_ONLY, COPY -> 1;
            case FIT_OURS, FIT_FUSED, FIT_BUILT_IN -> 60;
        };
    }
}
