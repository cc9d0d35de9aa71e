/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.common;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** How many answers are right, in per cent. */
public final class PercentCorrect {
    private static final double EVEN_CHANCE = 0.5;

    private PercentCorrect() {}

    /** Of rows of scores, [N, C], whose answer is the class with the largest, beside one-hot labels. */
    public static double ofClasses(INDArray scores, INDArray labels) {
        return percent(scores.argMax(1), labels.argMax(1));
    }

    /** Of probabilities of yes, [N, 1], whose answer is yes above one half, beside labels 1 or 0. */
    public static double ofYesAndNo(INDArray probabilities, INDArray labels) {
        return percent(probabilities.gt(EVEN_CHANCE).castTo(labels.dataType()), labels);
    }

    private static double percent(INDArray answers, INDArray truth) {
        return 100 * answers.eq(truth).castTo(DataType.DOUBLE).meanNumber().doubleValue();
    }
}
