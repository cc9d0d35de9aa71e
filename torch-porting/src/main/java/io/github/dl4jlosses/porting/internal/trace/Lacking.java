/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

/** Further results of torch's operators that no layer of DL4J gives. */
enum Lacking {
    CELL_STATE("the cell state of an LSTM"),
    PLACES_OF_MAXIMA("the places of maxima");

    private final String words;

    Lacking(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
