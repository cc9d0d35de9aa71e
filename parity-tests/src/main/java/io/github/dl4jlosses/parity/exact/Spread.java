/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.exact;

import java.util.Random;

/** How far apart logits lie. */
enum Spread {
    TENTH("N(0,.1)", .1),
    ONE("N(0,1)", 1),
    TEN("N(0,10)", 10),
    EXTREME("+-U(50,100)", 0) {
        @Override
        double draw(Random random) {
            return (random.nextBoolean() ? 1 : -1) * (50 + 50 * random.nextDouble());
        }
    };

    private final String label;
    private final double deviation;

    Spread(String label, double deviation) {
        this.label = label;
        this.deviation = deviation;
    }

    double draw(Random random) {
        return deviation * random.nextGaussian();
    }

    @Override
    public String toString() {
        return label;
    }
}
