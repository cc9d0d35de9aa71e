/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.github.dl4jlosses.spec.exact.ExactNumber;
import io.github.dl4jlosses.spec.exact.ExactResult;
import io.github.dl4jlosses.spec.losses.GaussianNLLSpec;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What high precision gives where no double holds the variance. */
class GaussianNLLLossTest {
    private static final GaussianNLLLoss LOSS =
            GaussianNLLLoss.builder().variance(Variance.EXP).build();

    @ParameterizedTest
    @CsvSource({"1e160, 720", "-3e157, 720", "1e200, 1000", "-1e150, 709.8", "1e300, 1400", "1, 709.8"})
    void lossAndGradientsAreRightWhereTheVarianceOverflows(double mean, double logOfVariance) {
        INDArray input = Nd4j.createFromArray(new double[][] {{mean, logOfVariance}});
        INDArray target = Nd4j.createFromArray(new double[][] {{0}});
        ExactResult exact = new GaussianNLLSpec()
                .exactOf(LOSS)
                .evaluate(input.data().asDouble(), input.shape(), target.data().asDouble(), null);

        LossAndGradient both = LOSS.valueAndGradient(input, target);

        assertClose(both.value(), exact.value(Reduction.MEAN));
        assertClose(LOSS.value(input, target), exact.value(Reduction.MEAN));
        assertClose(both.gradient(), exact.gradient(Reduction.MEAN));
        // without a loss
        assertClose(LOSS.gradient(input, target), exact.gradient(Reduction.MEAN));
        assertClose(LOSS.targetGradient(input, target), exact.targetGradient(Reduction.MEAN));
    }

    private static void assertClose(INDArray actual, List<ExactNumber> exact) {
        double[] numbers = actual.data().asDouble();
        assertThat(numbers).hasSize(exact.size());
        for (int i = 0; i < numbers.length; i++) {
            assertClose(numbers[i], exact.get(i));
        }
    }

    /** The logarithm is rounded to 1 ulp of 1000, which the exponential magnifies. */
    private static void assertClose(double actual, ExactNumber exact) {
        assertThat(actual).isCloseTo(exact.value().doubleValue(), withinPercentage(1e-10));
    }
}
