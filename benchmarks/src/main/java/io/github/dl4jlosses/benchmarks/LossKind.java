/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TargetFormat;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.SpecHead;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossNegativeLogLikelihood;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/** A loss with its options, the layer that it stands under, and what DL4J offers for the same purpose. */
enum LossKind {
    CE_INDEX(SpecHead.SOFTMAX, "CE, class indices", Target.INDEX, Target.INDEX),
    CE_ONE_HOT(SpecHead.SOFTMAX, "CE, one-hot labels", Target.ONE_HOT, Target.ONE_HOT),
    CE_PROBABILITIES(SpecHead.SOFTMAX, "CE, probabilities", Target.PROBABILITIES, Target.PROBABILITIES),
    CE_WEIGHTS(SpecHead.SOFTMAX, "CE, weights, smoothing", Target.INDEX, Target.ONE_HOT),
    BCE_LOGITS(SpecHead.SIGMOID, "BCE with logits, pos_weight", Target.BINARY, Target.BINARY),
    BCE(SpecHead.SIGMOID, "BCE under sigmoid", Target.BINARY, Target.BINARY),
    NLL(SpecHead.LOG_SOFTMAX, "NLL under log-softmax", Target.INDEX, Target.ONE_HOT),
    KL(SpecHead.LOG_SOFTMAX, "KL under log-softmax", Target.PROBABILITIES, Target.PROBABILITIES);

    /** What the labels are. */
    enum Target {
        INDEX,
        ONE_HOT,
        PROBABILITIES,
        BINARY;

        /** Whether the labels have the shape of the output. */
        boolean isDense() {
            return this != INDEX;
        }
    }

    private final SpecHead head;
    private final String title;
    private final Target target;
    private final Target builtInTarget;

    LossKind(SpecHead head, String title, Target target, Target builtInTarget) {
        this.head = head;
        this.title = title;
        this.target = target;
        this.builtInTarget = builtInTarget;
    }

    static LossKind parse(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.option().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no loss '" + name + "'; there are "
                        + Arrays.stream(values()).map(LossKind::option).toList()));
    }

    /** The name on the command line. */
    String option() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String title() {
        return title;
    }

    Target target() {
        return target;
    }

    /** The labels that the built-in wants. */
    Target builtInTarget() {
        return builtInTarget;
    }

    TorchLoss loss(long classes) {
        return switch (this) {
            case CE_INDEX, CE_PROBABILITIES -> new CrossEntropyLoss();
            case CE_ONE_HOT ->
                CrossEntropyLoss.builder().targetFormat(TargetFormat.ONE_HOT).build();
            case CE_WEIGHTS ->
                CrossEntropyLoss.builder()
                        .weight(weights(classes))
                        .labelSmoothing(0.1)
                        .build();
            case BCE_LOGITS ->
                BCEWithLogitsLoss.builder().posWeight(weights(classes)).build();
            case BCE -> new BCELoss();
            case NLL -> new NLLLoss();
            case KL -> KLDivLoss.builder().reduction(Reduction.BATCHMEAN).build();
        };
    }

    IActivation activation() {
        return head.inDl4j();
    }

    /** The nearest that DL4J has: without smoothing and pos_weight, which it lacks. */
    ILossFunction builtIn(long classes, DataType type) {
        return switch (this) {
            case CE_INDEX -> new LossSparseMCXENT();
            case CE_ONE_HOT, CE_PROBABILITIES -> new LossMCXENT();
            case CE_WEIGHTS ->
                new LossMCXENT(Nd4j.createFromArray(weights(classes)).castTo(type));
            case BCE_LOGITS, BCE -> new LossBinaryXENT();
            case NLL -> new LossNegativeLogLikelihood();
            case KL -> new LossKLD();
        };
    }

    IActivation builtInActivation() {
        return (head == SpecHead.SIGMOID ? head : SpecHead.SOFTMAX).inDl4j();
    }

    /** TorchScript that makes torch's input of the logits x; empty where they are the input. */
    String torchHead() {
        SpecHead seen = LossSpecs.of(loss(1)).seen(head);
        return seen == SpecHead.IDENTITY ? "" : seen.inTorch().replace("(z", "(x");
    }

    boolean hasHead() {
        return !torchHead().isEmpty();
    }

    private static double[] weights(long classes) {
        return IntStream.range(0, Math.toIntExact(classes))
                .mapToDouble(i -> 0.5 + i % 7 / 4.0)
                .toArray();
    }
}
