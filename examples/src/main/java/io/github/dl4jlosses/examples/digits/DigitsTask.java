/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.digits;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.examples.data.HandwrittenDigits;
import java.util.stream.IntStream;

/** What both frameworks are asked to do. */
final class DigitsTask {
    static final int HIDDEN = 32;
    static final int BATCH_SIZE = 32;
    static final double LEARNING_RATE = .5;

    /** Torch's mark for a row without a label. */
    static final long IGNORE_INDEX = -100;

    static final double LABEL_SMOOTHING = .1;

    private DigitsTask() {}

    /** From 0.5 for the digit 0 to 1.4 for the digit 9: all different, so that a weight at the wrong place shows. */
    static double[] classWeight() {
        return IntStream.range(0, HandwrittenDigits.CLASSES)
                .mapToDouble(c -> (5 + c) / 10.0)
                .toArray();
    }

    static CrossEntropyLoss loss() {
        return CrossEntropyLoss.builder()
                .weight(classWeight())
                .ignoreIndex(IGNORE_INDEX)
                .labelSmoothing(LABEL_SMOOTHING)
                .build();
    }
}
