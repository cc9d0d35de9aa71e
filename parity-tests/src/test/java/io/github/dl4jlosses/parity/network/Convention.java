/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import io.github.dl4jlosses.EmptyMean;
import io.github.dl4jlosses.LossBuilder;

/** The options that tell a loss how its network scales. */
record Convention(boolean miniBatch, long positionsPerExample, EmptyMean emptyMean) {

    static final Convention DEFAULT = new Convention(true, 1, EmptyMean.NAN);

    <B extends LossBuilder<B>> B on(B builder) {
        return builder.miniBatch(miniBatch)
                .positionsPerExample(positionsPerExample)
                .emptyMean(emptyMean);
    }
}
