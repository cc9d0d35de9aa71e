/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.pictures;

import io.github.dl4jlosses.HuberLoss;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** HuberLoss over the distance of a number from its target, also beside the losses of DL4J that it lies between. */
final class HuberPicture {
    private static final double[] DISTANCES = LossCurve.axis(-3, 3, .05);

    /** Not 0, so that the distance is not the input. */
    private static final double TARGET = 1;

    private HuberPicture() {}

    static List<LossPanel> panels() {
        LossCurve[] deltas = Arrays.stream(new double[] {.5, 1, 2})
                .mapToObj(delta -> curve("delta " + delta, delta, null))
                .toArray(LossCurve[]::new);
        return List.of(
                panel("HuberLoss", deltas),
                panel(
                        "delta 1, beside LossMSE with weight 0.5",
                        curve(
                                LossPictures.OURS,
                                1,
                                type -> new LossMSE(Nd4j.createFromArray(.5).castTo(type)))),
                panel("delta 1, beside LossMAE", curve(LossPictures.OURS, 1, type -> new LossMAE())));
    }

    private static LossPanel panel(String title, LossCurve... curves) {
        return new LossPanel(title, "x - t", "x", List.of(), List.of(curves));
    }

    private static LossCurve curve(String name, double delta, Function<DataType, ILossFunction> builtIn) {
        return LossCurve.of(name, DataType.DOUBLE, DISTANCES, contrasts(delta, builtIn), 0);
    }

    private static DoubleFunction<Contrast> contrasts(double delta, Function<DataType, ILossFunction> builtIn) {
        INDArray target = Nd4j.createFromArray(new double[][] {{TARGET}});
        return distance -> new Contrast(
                "distance " + distance,
                Activation.IDENTITY,
                builtIn,
                target,
                HuberLoss.builder().delta(delta).build(),
                target,
                "torch.huber_loss(x, t, 1, %s)".formatted(delta),
                target,
                target.add(distance));
    }
}
