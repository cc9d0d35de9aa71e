/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Labels that are read from the most probable class of each step, and how far they are from others. */
class GreedyDecoderTest {
    private static final int CLASSES = 4;

    /** Sequences whose steps are sure of a class. */
    private static INDArray output(int[]... classes) {
        INDArray output = Nd4j.zeros(DataType.DOUBLE, classes.length, CLASSES, classes[0].length);
        for (int n = 0; n < classes.length; n++) {
            for (int t = 0; t < classes[n].length; t++) {
                output.putScalar(new int[] {n, classes[n][t], t}, 1);
            }
        }
        return output;
    }

    @Test
    void repeatedClassesAreOneAndBlanksAreLeftOut() {
        List<int[]> labels = new GreedyDecoder(0)
                .decode(output(new int[] {1, 1, 0, 2, 2}, new int[] {3, 0, 3, 3, 0}, new int[] {0, 0, 0, 0, 0}));
        assertThat(labels).containsExactly(new int[] {1, 2}, new int[] {3, 3}, new int[] {});
    }

    @Test
    void theBlankMayBeAnyClass() {
        assertThat(new GreedyDecoder(3).decode(output(new int[] {3, 0, 0, 3, 0})))
                .containsExactly(new int[] {0, 0});
    }

    @Test
    void whatTheMaskLeavesOutIsNotRead() {
        INDArray mask = Nd4j.createFromArray(new double[][] {{1, 1, 1, 0, 0}, {0, 0, 0, 0, 0}});
        assertThat(new GreedyDecoder(0).decode(output(new int[] {1, 0, 2, 3, 1}, new int[] {1, 1, 1, 1, 1}), mask))
                .containsExactly(new int[] {1, 2}, new int[] {});
    }

    @Test
    void ofEqualProbabilitiesTheFirstCounts() {
        assertThat(new GreedyDecoder(0).decode(Nd4j.ones(1, CLASSES, 2))).containsExactly(new int[] {});
        assertThat(new GreedyDecoder(2).decode(Nd4j.ones(1, CLASSES, 2))).containsExactly(new int[] {0});
    }

    @Test
    void otherShapesAndBlanksAreRefused() {
        GreedyDecoder decoder = new GreedyDecoder(CLASSES);
        INDArray output = output(new int[] {1, 2});
        assertThatThrownBy(() -> decoder.decode(output))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the blank is class 4, but the output of shape [1, 4, 2] has 4 classes");
        assertThatThrownBy(() -> new GreedyDecoder(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new GreedyDecoder(0).decode(Nd4j.ones(2, 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have shape (N, C, T), got [2, 3]");
        assertThatThrownBy(() -> new GreedyDecoder(0).decode(output, Nd4j.ones(1, 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mask must have shape [1, 2], got [1, 3]");
    }

    @Test
    void errorsAreInsertionsDeletionsAndExchanges() {
        LabelErrorRate rate = new LabelErrorRate();
        assertThat(rate.errorRate()).isNaN();
        rate.add(List.of(new int[] {1, 2, 3}, new int[] {1}), List.of(new int[] {1, 3}, new int[] {1}));
        rate.add(new int[] {4, 5}, new int[] {4, 6, 5, 5});
        rate.add(new int[] {7, 8}, new int[] {8, 7});
        rate.add(new int[] {}, new int[] {9});
        assertThat(rate.errorRate()).isEqualTo((1 + 2 + 2 + 1) / 8.0);
        assertThat(rate.exactRate()).isEqualTo(1 / 5.0);
        assertThat(rate).hasToString("errors: 6 in 8 classes; labels without an error: 1 of 5");
    }

    @Test
    void labelsOfAnotherNumberAreRefused() {
        LabelErrorRate rate = new LabelErrorRate();
        List<int[]> one = List.of(new int[] {1});
        assertThatThrownBy(() -> rate.add(one, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("1 labels were expected, but 0 were read");
        assertThatThrownBy(() -> rate.add(null, one))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected must not be null");
    }
}
