/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.Pass;

/** A checked batch on its way through a loss, with what torch's {@code 'mean'} divides by. */
final class Batch {
    private final Pass pass;
    private final double meanDenominator;

    Batch(Pass pass, double meanDenominator) {
        this.pass = pass;
        this.meanDenominator = meanDenominator;
    }

    Pass pass() {
        return pass;
    }

    double meanDenominator() {
        return meanDenominator;
    }
}
