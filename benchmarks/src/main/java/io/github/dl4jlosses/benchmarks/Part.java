/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

/** A part of the report, with the contender whose measurements are its rows. */
enum Part {
    LOSSES("shape", Contender.ONE_PASS),
    SEQUENCES("sequences", Contender.VALUE_AND_GRADIENT),
    NETWORKS("network", Contender.FIT_OURS);

    private final String subject;
    private final Contender ours;

    Part(String subject, Contender ours) {
        this.subject = subject;
        this.ours = ours;
    }

    /** What a row is about, as the parameter of its benchmarks is called. */
    String subject() {
        return subject;
    }

    /** This library. */
    Contender ours() {
        return ours;
    }
}
