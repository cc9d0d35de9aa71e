/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.pictures;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.TorchLoss;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossNegativeLogLikelihood;

/** What is drawn of each loss. */
final class LossPictures {
    /** Where the probability is 1e-5, as DL4J's binary cross entropy and divergence clip it. */
    private static final double CLIP = 11.51;

    /** Where it is 1e-10, as its cross entropy does. */
    private static final double CLASS_CLIP = 23.03;

    static final String OURS = "this library";

    private LossPictures() {}

    /** The panels of each picture, by its name. */
    static Map<String, List<LossPanel>> all() {
        Map<String, List<LossPanel>> pictures = new LinkedHashMap<>();
        pictures.put("bce", probabilities());
        pictures.put("bce-with-logits", logits());
        pictures.put("nll", logLikelihood());
        pictures.put("cross-entropy", crossEntropy());
        pictures.put("kl-div", divergence());
        pictures.put("huber", HuberPicture.panels());
        return pictures;
    }

    private static List<LossPanel> probabilities() {
        String torch = "torch.binary_cross_entropy(torch.sigmoid(x), t, None, 1)";
        return List.of(
                panel(
                        "target 1, float64",
                        List.of(-CLIP, CLIP),
                        curve(
                                OURS,
                                DataType.DOUBLE,
                                LossCurve.axis(-120, 20, .5),
                                binary(new BCELoss(), true, torch, 1))),
                panel(
                        "target 0, float32",
                        List.of(-CLIP, CLIP),
                        curve(
                                OURS,
                                DataType.FLOAT,
                                LossCurve.axis(-20, 40, .25),
                                binary(new BCELoss(), true, torch, 0))));
    }

    private static List<LossPanel> logits() {
        double[] axis = LossCurve.axis(-30, 30, .25);
        LossCurve[] weighted = Arrays.stream(new int[] {1, 3, 10})
                .mapToObj(weight -> curve(
                        "posWeight " + weight,
                        DataType.DOUBLE,
                        LossCurve.axis(-4, 6, .05),
                        binary(
                                BCEWithLogitsLoss.builder().posWeight(weight).build(),
                                false,
                                "torch.binary_cross_entropy_with_logits(x, t, None, torch.to(torch.tensor([%d.0]), x.dtype), 1)"
                                        .formatted(weight),
                                .5)))
                .toArray(LossCurve[]::new);
        return List.of(
                panel(
                        "target 1",
                        List.of(-CLIP, CLIP),
                        curve(
                                OURS,
                                DataType.DOUBLE,
                                axis,
                                binary(
                                        new BCEWithLogitsLoss(),
                                        true,
                                        "torch.binary_cross_entropy_with_logits(x, t, None, None, 1)",
                                        1))),
                panel("target 0.5", List.of(), weighted));
    }

    private static List<LossPanel> logLikelihood() {
        String torch = "torch.nll_loss_nd(torch.log_softmax(x, 1), t, %s, 1, -100)";
        return List.of(
                clippedPanel(
                        "logits (0, z), class 0",
                        classes(
                                new NLLLoss(),
                                type -> new LossNegativeLogLikelihood(),
                                torch.formatted("None"),
                                z -> new double[][] {{0, z}},
                                0)),
                new LossPanel(
                        "weights 1, 9; logits (z, 0) twice, classes 0, 1",
                        "z",
                        List.of(),
                        List.of(LossCurve.of(
                                OURS,
                                DataType.DOUBLE,
                                LossCurve.axis(-6, 6, .05),
                                classes(
                                        NLLLoss.builder().weight(1, 9).build(),
                                        type -> new LossNegativeLogLikelihood(
                                                Nd4j.createFromArray(1.0, 9.0).castTo(type)),
                                        torch.formatted("torch.to(torch.tensor([1.0, 9.0]), x.dtype)"),
                                        z -> new double[][] {{z, 0}, {z, 0}},
                                        0,
                                        1),
                                0))));
    }

    private static List<LossPanel> crossEntropy() {
        LossCurve[] smoothed = Arrays.stream(new double[] {0, .1, .3})
                .mapToObj(smoothing -> LossCurve.of(
                        "smoothing " + smoothing,
                        DataType.DOUBLE,
                        LossCurve.axis(-4, 8, .05),
                        classes(
                                CrossEntropyLoss.builder()
                                        .labelSmoothing(smoothing)
                                        .build(),
                                null,
                                "torch.cross_entropy_loss(x, t, None, 1, -100, %s)".formatted(smoothing),
                                z -> new double[][] {{z, 0, 0}},
                                0),
                        0))
                .toArray(LossCurve[]::new);
        return List.of(
                clippedPanel(
                        "logits (0, z, 0), class 0",
                        classes(
                                new CrossEntropyLoss(),
                                type -> new LossMCXENT(),
                                "torch.cross_entropy_loss(x, t, None, 1, -100, 0.0)",
                                z -> new double[][] {{0, z, 0}},
                                0)),
                new LossPanel("logits (z, 0, 0), class 0", "z", List.of(), List.of(smoothed)));
    }

    private static List<LossPanel> divergence() {
        return List.of(
                new LossPanel(
                        "p = (0.7, 0.3) and q = (q, 1 - q)",
                        "q",
                        List.of(),
                        List.of(LossCurve.of(
                                OURS,
                                DataType.DOUBLE,
                                LossCurve.axis(.01, .99, .01),
                                divergence(q -> Math.log(q) - Math.log1p(-q)),
                                0))),
                new LossPanel(
                        "the same over the logit of q",
                        "logit",
                        List.of(-CLIP, CLIP),
                        List.of(LossCurve.of(
                                OURS, DataType.DOUBLE, LossCurve.axis(-30, 30, .25), divergence(z -> z), 0))));
    }

    /** Over the logit of class 1, up to where the probability of class 0 is clipped, and beyond. */
    private static LossPanel clippedPanel(String title, DoubleFunction<Contrast> at) {
        double[] axis = LossCurve.axis(-10, 50, .25);
        LossCurve curve = LossCurve.of(OURS, DataType.DOUBLE, axis, at, 1);
        return new LossPanel(title, "z", List.of(CLASS_CLIP), List.of(curve));
    }

    private static LossPanel panel(String title, List<Double> clips, LossCurve... curves) {
        return new LossPanel(title, "logit", clips, List.of(curves));
    }

    private static LossCurve curve(String name, DataType type, double[] axis, DoubleFunction<Contrast> at) {
        return LossCurve.of(name, type, axis, at, 0);
    }

    private static DoubleFunction<Contrast> binary(TorchLoss loss, boolean withBuiltIn, String torch, double target) {
        Function<DataType, ILossFunction> builtIn = withBuiltIn ? type -> new LossBinaryXENT() : null;
        return logit -> Contrast.binary("logit " + logit, builtIn, loss, torch, logit, target);
    }

    private static DoubleFunction<Contrast> classes(
            TorchLoss loss,
            Function<DataType, ILossFunction> builtIn,
            String torch,
            DoubleFunction<double[][]> logits,
            long... target) {
        return z -> Contrast.classes("z " + z, builtIn, loss, torch, target, logits.apply(z));
    }

    private static DoubleFunction<Contrast> divergence(DoubleUnaryOperator logit) {
        return place -> Contrast.divergence("place " + place, new double[] {.7, .3}, logit.applyAsDouble(place), 0);
    }
}
