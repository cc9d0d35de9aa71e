/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
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
    /** Whether the activation has come from the layer below. */
    private final boolean moved;

    /**
     * Of a built-in that is swapped.
     *
     * @param miniBatch of the network
     */
    Explanation(ILossFunction builtIn, Layer layer, boolean miniBatch, boolean moved) {
        this.builtIn = builtIn;
        this.layer = layer;
        this.miniBatch = miniBatch;
        this.moved = moved;
    }

    /** Of a loss without counterpart. */
    static String noCounterpart(ILossFunction loss, IActivation activation) {
        String name = loss.getClass().getSimpleName();
        return loss.getClass().getPackageName().equals(PACKAGE_OF_BUILT_INS)
                ? name + " under activation " + activation
                        + " is not one of the clipped cross entropies: left as it is."
                : (name.isEmpty() ? "The loss" : name) + " is not one of DL4J's own: left as it is.";
    }

    /** Of a built-in that stands under another activation than its counterpart's. */
    static String otherActivation(ILossFunction builtIn, IActivation activation, String obstacle) {
        return builtIn.getClass().getSimpleName() + " is swapped under activation "
                + Layers.nameOfActivation(BuiltIns.head(builtIn)) + " only, and this layer has " + activation
                + (obstacle == null ? "" : "; " + obstacle) + ": left as it is.";
    }

    /** Of a swapped built-in. */
    String swapped(Scale scale) {
        return (scale == Scale.DL4J ? dl4j() : torch())
                + changes()
                + (scale == Scale.DL4J ? "" : " The mean of an empty batch is 0.")
                + bugs();
    }

    private String dl4j() {
        return "Score and step are those of " + name() + ": what takes part, summed"
                + (miniBatch ? ", over the number of examples" : "") + ".";
    }

    /** What differs from the built-in, whatever the scale. */
    private String changes() {
        String what = " Nothing is clipped.";
        if (builtIn instanceof LossKLD) {
            what = " Nothing is clipped, labels below 1e-5 included, and NaN is not hidden.";
        } else if (builtIn instanceof LossSparseMCXENT) {
            what += " The label -100 is left out, and any other that is no class is an error.";
        } else if (builtIn instanceof LossMCXENT && !hasWeights() && !moved) {
            // DL4J's own gradient of an unweighted softmax is softmax minus label, whatever the label
            what += " A label row that does not sum to 1 has the gradient of its loss: one of zeros has none.";
        }
        return builtIn instanceof LossKLD || (moved && !(builtIn instanceof LossBinaryXENT))
                ? what + " A mask of single outputs is an error."
                : what;
    }

    private String torch() {
        if (builtIn instanceof LossKLD) {
            return miniBatch
                    ? "Score and step are torch's batchmean, as before."
                    : torchs("batchmean") + " Before, they were sums.";
        }
        String before = !miniBatch
                ? "; before, they were sums."
                : ", where " + name() + " divides by the number of examples, whatever a mask leaves out"
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
                        + " the positions of an example; positionsPerExample in the loss makes them torch's "
                        + reduction;
        return "Score and step are torch's " + reduction + positions + ".";
    }

    private String whatTakesPart() {
        if (builtIn instanceof LossBinaryXENT) {
            return "the outputs that take part";
        }
        return hasWeights() ? "the class weights of the labels that take part" : "the labels that take part";
    }

    /** What DL4J itself does to the score in this layer. */
    private String bugs() {
        String divided = !miniBatch && Layers.alwaysDividesScore(layer)
                ? " DL4J divides the score of this layer by the number of examples even so."
                : "";
        boolean overwritten = layer.getClass() == LossLayer.class
                && !moved
                && (builtIn instanceof LossBinaryXENT || builtIn instanceof LossKLD);
        return overwritten
                ? divided + " The score that fit reported for " + name() + " in a LossLayer was wrong, a bug of DL4J."
                : divided;
    }

    private boolean hasWeights() {
        return BuiltIns.weightsOf(builtIn) != null;
    }

    private String name() {
        return builtIn.getClass().getSimpleName();
    }
}
