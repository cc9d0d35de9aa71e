/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.grid.Closeness;
import io.github.dl4jlosses.spec.memory.FilledArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.ndarray.INDArray;

/** BCELoss under a sigmoid is torch's composition in the network's dtype, through saturation on both sides. */
class SigmoidHeadTest {
    private static final int STEPS = 4400;
    private static final double LARGEST = 110;
    private static final double[] TARGETS = {0, 1, .5};

    private static final TorchFunction COMPOSITION = TorchFunction.of(
                    "torch.binary_cross_entropy(torch.sigmoid(x), t, None, 0)", "x", "t")
            .withRespectTo("x");
    /** The probability rounded as torch rounds it, and everything after that in float64. */
    private static final TorchFunction ROUNDED_ONCE = TorchFunction.of(
                    "torch.binary_cross_entropy(torch.to(torch.sigmoid(x), 7), torch.to(t, 7), None, 0)", "x", "t")
            .withRespectTo("x");

    @ParameterizedTest
    @EnumSource(names = {"FLOAT64", "FLOAT32", "FLOAT16", "BFLOAT16"})
    void lossAndGradientEqualTorchsCompositionForEveryLogit(TorchType type) {
        for (double target : TARGETS) {
            TorchTensor logits = logits(type);
            TorchTensor targets = TorchTensor.of(type, FilledArray.numbers(() -> target, STEPS), STEPS, 1);
            BCELoss loss =
                    BCELoss.builder().reduction(Reduction.SUM).miniBatch(false).build();
            INDArray losses =
                    loss.computeScoreArray(targets.toArray(), logits.toArray(), new ActivationSigmoid(), null);
            INDArray gradient =
                    loss.computeGradient(targets.toArray(), logits.toArray(), new ActivationSigmoid(), null);

            TorchResult torch = COMPOSITION.call(logits, targets);
            TorchResult exact = ROUNDED_ONCE.call(logits, targets);
            assertThat(differences(logits, losses, torch.value(), exact.value()))
                    .as("losses for target %s", target)
                    .isEmpty();
            assertThat(differences(logits, gradient, torch.gradient("x"), exact.gradient("x")))
                    .as("gradients for target %s", target)
                    .isEmpty();
        }
    }

    private static List<String> differences(TorchTensor logits, INDArray result, TorchTensor torch, TorchTensor exact) {
        double[] x = logits.toDoubles();
        double[] ours = TorchTensor.of(result).toDoubles();
        double[] theirs = torch.toDoubles();
        double[] rounded = exact.toDoubles();
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < ours.length; i++) {
            double term = Math.max(1, Math.abs(x[i]));
            // a wanted difference: in float16 torch's epsilon is 0 and its gradient of the probability overflows
            boolean torchOverflows =
                    torch.type() == TorchType.FLOAT16 && !Double.isFinite(theirs[i]) && Math.abs(ours[i]) <= 1;
            if (!torchOverflows
                    && !Closeness.isClose(torch.type(), ours[i], theirs[i], term)
                    && !Closeness.isBetterElement(torch.type(), ours[i], theirs[i], rounded[i], term)) {
                differences.add(
                        "logit " + x[i] + ": " + ours[i] + ", torch has " + theirs[i] + " (" + rounded[i] + ")");
            }
        }
        return differences;
    }

    private static TorchTensor logits(TorchType type) {
        double[] x = new double[STEPS];
        Arrays.setAll(x, i -> LARGEST * (2.0 * i / (STEPS - 1) - 1));
        return TorchTensor.of(type, x, STEPS, 1);
    }
}
