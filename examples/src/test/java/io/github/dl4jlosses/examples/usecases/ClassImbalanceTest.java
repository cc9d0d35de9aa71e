/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.usecases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.BCEWithLogitsLoss;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The rule of the page. */
class ClassImbalanceTest {

    @ParameterizedTest
    @CsvSource({"0.5, 2", "0.01, 11.95", "0.3, 0.25", "0.999, 100"})
    void posWeightMovesTheLogitOfTheMinimumByItsLogarithm(double probability, double w) {
        INDArray logit = Nd4j.createFromArray(Math.log(probability / (1 - probability)) + Math.log(w));
        INDArray labels = Nd4j.createFromArray(probability);

        double slope = BCEWithLogitsLoss.builder()
                .posWeight(w)
                .build()
                .gradient(logit, labels)
                .getDouble(0);

        assertThat(slope).isCloseTo(0, within(1e-15 * Math.max(1, w)));
    }
}
