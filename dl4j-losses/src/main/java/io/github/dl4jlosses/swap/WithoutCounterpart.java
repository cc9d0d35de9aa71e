/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import java.util.Map;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossCosineProximity;
import org.nd4j.linalg.lossfunctions.impl.LossFMeasure;
import org.nd4j.linalg.lossfunctions.impl.LossHinge;
import org.nd4j.linalg.lossfunctions.impl.LossMAPE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSLE;
import org.nd4j.linalg.lossfunctions.impl.LossMixtureDensity;
import org.nd4j.linalg.lossfunctions.impl.LossMultiLabel;
import org.nd4j.linalg.lossfunctions.impl.LossSquaredHinge;
import org.nd4j.linalg.lossfunctions.impl.LossWasserstein;

/** Explains why a loss has no counterpart in torch, and which loss comes nearest. */
final class WithoutCounterpart {
    private static final String PACKAGE_OF_BUILT_INS = LossMCXENT.class.getPackageName();

    private static final Map<Class<?>, String> REASONS = Map.of(
            LossHinge.class,
            "torch.nn has no max(0, 1 - t x), HingeEmbeddingLoss is another loss, and SoftMarginLoss is the smooth one",
            LossSquaredHinge.class,
            "torch.nn has no square of max(0, 1 - t x), and HingeEmbeddingLoss is another loss",
            LossMAPE.class,
            "torch.nn has no distance over the size of the label; L1Loss of outputs and labels that are both divided by it"
                    + " comes nearest",
            LossMSLE.class,
            "torch.nn has no distance of logarithms; MSELoss of log(1 + x) of outputs and labels has its numbers",
            LossCosineProximity.class,
            "torch's CosineEmbeddingLoss takes two inputs; vertices of a graph and a HingeEmbeddingLoss express it",
            LossMultiLabel.class,
            "torch.nn has no exponentials of pairs of outputs; MultiLabelMarginLoss and MultiLabelSoftMarginLoss are other"
                    + " losses for the same labels",
            LossMixtureDensity.class,
            "torch.nn has no mixture of Gaussians; GaussianNLLLoss has one",
            LossWasserstein.class,
            "torch.nn has none like it",
            LossFMeasure.class,
            "torch.nn has none like it");

    private WithoutCounterpart() {}

    /** The reason in a sentence. */
    static String reason(ILossFunction loss) {
        String name = loss.getClass().getSimpleName();
        if (!loss.getClass().getPackageName().equals(PACKAGE_OF_BUILT_INS)) {
            return (name.isEmpty() ? "The loss" : name) + " is not one of DL4J's own: left as it is.";
        }
        String reason = Regressions.contains(loss)
                ? "it has weights for outputs, and " + Regressions.nameOfCounterpart(loss) + " has none"
                : REASONS.getOrDefault(loss.getClass(), "torch.nn has none like it");
        return name + " has no counterpart, for " + reason + ": left as it is.";
    }
}
