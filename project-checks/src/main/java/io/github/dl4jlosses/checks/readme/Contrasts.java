/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.readme;

import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.checks.pictures.Contrast;
import io.github.dl4jlosses.spec.Given;
import io.github.dl4jlosses.spec.SpecHead;
import java.util.List;
import java.util.function.Function;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/** The cases of the table of differences. */
final class Contrasts {
    private static final Given TWO_ROWS = Given.rows(2, 2, 0, 2, 0);

    private Contrasts() {}

    static List<Contrast> all() {
        return List.of(
                binary(-12, 1),
                binary(-20, 1),
                binary(-50, 1),
                binary(20, 0),
                classes(
                        "cross entropy, logits (0, 30), class 0",
                        type -> new LossMCXENT(),
                        new CrossEntropyLoss(),
                        Given.row(0, 30),
                        0),
                classes(
                        "cross entropy, logits (0, 100), class 0",
                        type -> new LossMCXENT(),
                        new CrossEntropyLoss(),
                        Given.row(0, 100),
                        0),
                new Contrast(
                        "KL divergence, logits (0, 100), target (0.5, 0.5)",
                        SpecHead.SOFTMAX,
                        type -> new LossKLD(),
                        KLDivLoss.builder().reduction(Reduction.BATCHMEAN).build(),
                        Given.row(0, 100),
                        Given.row(.5, .5)),
                classes(
                        "class weights 1 and 9, logits (2, 0) twice, classes 0 and 1",
                        type -> new LossMCXENT(Nd4j.createFromArray(1.0, 9.0).castTo(type)),
                        CrossEntropyLoss.builder().weight(1, 9).build(),
                        TWO_ROWS,
                        0,
                        1),
                classes(
                        "ignore_index, logits (2, 0) twice, classes 0 and -100",
                        type -> new LossSparseMCXENT(),
                        new CrossEntropyLoss(),
                        TWO_ROWS,
                        0,
                        -100),
                classes(
                        "label smoothing 0.1, logits (2, 0), class 0",
                        null,
                        CrossEntropyLoss.builder().labelSmoothing(.1).build(),
                        Given.row(2, 0),
                        0),
                new Contrast(
                        "pos_weight 3, logit 0.5, target 1",
                        SpecHead.SIGMOID,
                        null,
                        BCEWithLogitsLoss.builder().posWeight(3).build(),
                        Given.row(.5),
                        Given.row(1)),
                classes(
                        "reduction 'sum', logits (2, 0) twice, classes 0 and 1",
                        null,
                        CrossEntropyLoss.builder().reduction(Reduction.SUM).build(),
                        TWO_ROWS,
                        0,
                        1));
    }

    private static Contrast binary(double logit, double target) {
        return new Contrast(
                "binary cross entropy, logit %.0f, target %.0f".formatted(logit, target),
                SpecHead.SIGMOID,
                type -> new LossBinaryXENT(),
                new BCEWithLogitsLoss(),
                Given.row(logit),
                Given.row(target));
    }

    private static Contrast classes(
            String name, Function<DataType, ILossFunction> builtIn, TorchLoss loss, Given logits, long... classes) {
        return new Contrast(name, SpecHead.SOFTMAX, builtIn, loss, logits, Given.indices(classes));
    }
}
