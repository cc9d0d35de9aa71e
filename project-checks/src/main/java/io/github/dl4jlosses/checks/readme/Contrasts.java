/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.readme;

import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.checks.pictures.Contrast;
import java.util.List;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/** The cases of the table of differences. */
final class Contrasts {
    private Contrasts() {}

    static List<Contrast> all() {
        double[][] twoRows = {{2, 0}, {2, 0}};
        return List.of(
                binary(-12, 1),
                binary(-20, 1),
                binary(-50, 1),
                binary(20, 0),
                classes("cross entropy, logits (0, 30), class 0", new double[] {0, 30}),
                classes("cross entropy, logits (0, 100), class 0", new double[] {0, 100}),
                Contrast.divergence("KL divergence, logits (0, 100), target (0.5, 0.5)", new double[] {.5, .5}, 0, 100),
                Contrast.classes(
                        "class weights 1 and 9, logits (2, 0) twice, classes 0 and 1",
                        type -> new LossMCXENT(Nd4j.createFromArray(1.0, 9.0).castTo(type)),
                        CrossEntropyLoss.builder().weight(1, 9).build(),
                        "torch.cross_entropy_loss(x, t, torch.to(torch.tensor([1.0, 9.0]), x.dtype), 1, -100, 0.0)",
                        new long[] {0, 1},
                        twoRows),
                Contrast.classes(
                        "ignore_index, logits (2, 0) twice, classes 0 and -100",
                        type -> new LossSparseMCXENT(),
                        new CrossEntropyLoss(),
                        "torch.cross_entropy_loss(x, t, None, 1, -100, 0.0)",
                        new long[] {0, -100},
                        twoRows),
                Contrast.classes(
                        "label smoothing 0.1, logits (2, 0), class 0",
                        null,
                        CrossEntropyLoss.builder().labelSmoothing(.1).build(),
                        "torch.cross_entropy_loss(x, t, None, 1, -100, 0.1)",
                        new long[] {0},
                        new double[] {2, 0}),
                Contrast.binary(
                        "pos_weight 3, logit 0.5, target 1",
                        null,
                        BCEWithLogitsLoss.builder().posWeight(3).build(),
                        "torch.binary_cross_entropy_with_logits(x, t, None, torch.to(torch.tensor([3.0]), x.dtype), 1)",
                        .5,
                        1),
                Contrast.classes(
                        "reduction 'sum', logits (2, 0) twice, classes 0 and 1",
                        null,
                        CrossEntropyLoss.builder().reduction(Reduction.SUM).build(),
                        "torch.cross_entropy_loss(x, t, None, 2, -100, 0.0)",
                        new long[] {0, 1},
                        twoRows));
    }

    private static Contrast binary(double logit, double target) {
        return Contrast.binary(
                "binary cross entropy, logit %.0f, target %.0f".formatted(logit, target),
                type -> new LossBinaryXENT(),
                new BCEWithLogitsLoss(),
                "torch.binary_cross_entropy_with_logits(x, t, None, None, 1)",
                logit,
                target);
    }

    private static Contrast classes(String name, double[] logits) {
        return Contrast.classes(
                name,
                type -> new LossMCXENT(),
                new CrossEntropyLoss(),
                "torch.cross_entropy_loss(x, t, None, 1, -100, 0.0)",
                new long[] {0},
                logits);
    }
}
