/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/** What a swap does to score and step, and why there is none, in sentences. */
final class Explanation {
    private static final String PACKAGE_OF_BUILT_INS = LossMCXENT.class.getPackageName();

    private final ILossFunction builtIn;
    private final Layer layer;
    private final boolean miniBatch;

    /**
     * Of a built-in that is swapped.
     *
     * @param miniBatch of the network
     */
    Explanation(ILossFunction builtIn, Layer layer, boolean miniBatch) {
        this.builtIn = builtIn;
        this.layer = layer;
        this.miniBatch = miniBatch;
    }

    /** Of a loss without counterpart. */
    static String noCounterpart(ILossFunction loss, IActivation activation) {
        String name = loss.getClass().getSimpleName();
        if (!loss.getClass().getPackageName().equals(PACKAGE_OF_BUILT_INS)) {
            return (name.isEmpty() ? "The loss" : name) + " is none of DL4J's own: left as it is.";
        }
        return name + " under activation " + activation + " is no clipped cross entropy: left as it is.";
    }

    /** Of a built-in that stands under another activation than its counterpart's. */
    static String otherActivation(ILossFunction builtIn, IActivation activation, String obstacle) {
        String wanted = Layers.nameOfActivation(BuiltIns.head(builtIn));
        return builtIn.getClass().getSimpleName() + " under activation " + activation
                + " has no counterpart, which takes logits under activation " + wanted
                + (obstacle == null ? "" : "; " + obstacle) + ": left as it is.";
    }

    /** Of a swapped built-in. */
    String swapped(Scale scale) {
        String divided = !miniBatch && Layers.alwaysDividesScore(layer)
                ? " DL4J divides the score of this layer by the number of examples all the same."
                : "";
        return (scale == Scale.DL4J ? dl4j() : torch() + " The mean of an empty batch is 0.") + divided;
    }

    private String dl4j() {
        return "Score and step are those of " + name() + ": what takes part, summed"
                + (miniBatch ? ", over the number of examples" : "") + ". Nothing is clipped" + changes() + ".";
    }

    /** What else differs from the built-in. */
    private String changes() {
        if (builtIn instanceof LossKLD) {
            return ", labels below 1e-5 included";
        }
        if (builtIn instanceof LossSparseMCXENT) {
            return "; the label -100 is left out, and any other that is no class is an error";
        }
        // DL4J's own gradient of an unweighted softmax is softmax minus label, whatever the label
        return builtIn instanceof LossMCXENT && !hasWeights()
                ? ", and labels that do not sum to 1 have the gradient of their loss: a row of zeros has none"
                : "";
    }

    private String torch() {
        if (builtIn instanceof LossKLD) {
            return miniBatch
                    ? "Score and step are torch's batchmean, as before."
                    : torchs("batchmean") + " Before, they were sums.";
        }
        String before = !miniBatch
                ? "; before, they were sums."
                : ", where " + name() + " counts rows, masked or not"
                        + (builtIn instanceof LossBinaryXENT
                                ? ": without a mask C outputs make both 1/C of what they were."
                                : hasWeights() ? "." : ": without a mask both stay as they were.");
        String labels = hasWeights() && builtIn instanceof LossMCXENT && !(builtIn instanceof LossSparseMCXENT)
                ? " Labels that are not one-hot are an error."
                : "";
        return torchs("mean") + " They are divided by " + whatTakesPart() + before + labels;
    }

    /** DL4J adds up the positions of an example and divides by the examples, if at all. */
    private String torchs(String reduction) {
        String positions = !Layers.hasPositions(layer) || miniBatch == reduction.equals("batchmean")
                ? ""
                : (miniBatch ? " times" : " over")
                        + " the positions of an example; positionsPerExample in the loss makes" + " them torch's "
                        + reduction;
        return "Score and step are torch's " + reduction + positions + ".";
    }

    private String whatTakesPart() {
        if (builtIn instanceof LossBinaryXENT) {
            return "the outputs that take part";
        }
        return hasWeights() ? "the class weights of the labels that take part" : "the labels that take part";
    }

    private boolean hasWeights() {
        return BuiltIns.weightsOf(builtIn) != null;
    }

    private String name() {
        return builtIn.getClass().getSimpleName();
    }
}
