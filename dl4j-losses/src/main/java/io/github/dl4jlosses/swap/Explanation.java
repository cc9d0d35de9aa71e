/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import io.github.dl4jlosses.LossInput;
import java.util.Set;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationRReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/** Explains in sentences what a swap does to score and step, or why an output is left as it is. */
final class Explanation {
    /** Activations whose backward pass does not write into its argument. */
    private static final Set<Class<?>> HARMLESS =
            Set.of(ActivationIdentity.class, ActivationReLU.class, ActivationRReLU.class);

    private final ILossFunction builtIn;
    private final Layer layer;
    private final boolean miniBatch;
    /** Whether the activation has been moved here from the layer below. */
    private final boolean moved;

    /**
     * The explanation of a built-in that is swapped.
     *
     * @param miniBatch of the network
     */
    Explanation(ILossFunction builtIn, Layer layer, boolean miniBatch, boolean moved) {
        this.builtIn = builtIn;
        this.layer = layer;
        this.miniBatch = miniBatch;
        this.moved = moved;
    }

    /** For a built-in that divides by the number of outputs, in a loss layer that does not know this number. */
    static String unknownOutputs(ILossFunction builtIn) {
        return builtIn.getClass().getSimpleName()
                + " divides by the number of outputs, which the layer below does not say;"
                + " Scale.TORCH does not need it: left as it is.";
    }

    /** For a built-in under another activation than its counterpart's. */
    static String otherActivation(ILossFunction builtIn, IActivation activation, String obstacle) {
        return builtIn.getClass().getSimpleName() + " is swapped under activation "
                + Layers.nameOfActivation(BuiltIns.head(builtIn)) + " only, and this layer has " + activation
                + (obstacle == null ? "" : "; " + obstacle) + ": left as it is.";
    }

    /** For a swapped built-in. */
    String swapped(Scale scale) {
        return (scale == Scale.DL4J ? dl4j() : torch())
                + changes(scale)
                + (scale == Scale.DL4J ? "" : " The mean of an empty batch is 0.")
                + bugs();
    }

    private String dl4j() {
        return "Score and step are those of " + name() + ": the losses that take part are added up"
                + (miniBatch
                        ? " and divided by the number of " + divisor()
                        : isMeanOfOutputs() ? " and divided by the number of outputs" : "")
                + ".";
    }

    /** The divisor of the built-in in a network that divides by the examples. */
    private String divisor() {
        return isMeanOfOutputs() ? "outputs and that of examples" : "examples";
    }

    private boolean isMeanOfOutputs() {
        return Regressions.dividesByOutputs(builtIn);
    }

    /** The differences from the built-in at any scale. */
    private String changes(Scale scale) {
        if (isRegression()) {
            return poisson(scale) + (LossInput.isSoftmax(activation()) ? " A mask of single outputs is an error." : "");
        }
        String what = " Nothing is clipped.";
        if (builtIn instanceof LossKLD) {
            what = " Nothing is clipped, labels below 1e-5 included, and NaN is not hidden.";
        } else if (builtIn instanceof LossSparseMCXENT) {
            what += " The label -100 is left out, and any other that is no class is an error.";
        } else if (builtIn instanceof LossMCXENT && !hasWeights() && !moved) {
            // DL4J's own gradient of an unweighted softmax is softmax minus label, whatever the label
            what +=
                    " A row of labels that does not add up to 1 gets the gradient of its own loss, which is 0 for a row of zeros.";
        }
        return builtIn instanceof LossKLD || (moved && !(builtIn instanceof LossBinaryXENT))
                ? what + " A mask of single outputs is an error."
                : what;
    }

    private String poisson(Scale scale) {
        if (!Regressions.isPoisson(builtIn)) {
            return "";
        }
        return scale == Scale.DL4J
                ? " eps is 0: a rate of 0 gives infinity or NaN, as before."
                : " Torch's eps of 1e-8 is added to a rate before its logarithm.";
    }

    private boolean isRegression() {
        return Regressions.contains(builtIn);
    }

    private IActivation activation() {
        return ((FeedForwardLayer) layer).getActivationFn();
    }

    private String torch() {
        if (builtIn instanceof LossKLD) {
            return miniBatch
                    ? "Score and step are torch's batchmean, as before."
                    : torchs("batchmean") + " Before, they were sums.";
        }
        String before = !miniBatch
                ? "; before, they were sums" + (isMeanOfOutputs() ? " over the number of outputs." : ".")
                : ", where " + name() + " divides by the number of " + divisor() + ", whatever a mask leaves out"
                        + (isPerOutput() && !isMeanOfOutputs()
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
        if (isPerOutput()) {
            return "the outputs that take part";
        }
        return hasWeights() ? "the class weights of the labels that take part" : "the labels that take part";
    }

    private boolean isPerOutput() {
        return builtIn instanceof LossBinaryXENT || isRegression();
    }

    /** What DL4J itself does to the score in this layer. */
    private String bugs() {
        String divided = !miniBatch && Layers.alwaysDividesScore(layer)
                ? " DL4J divides the score of this layer by the number of examples even so."
                : "";
        boolean overwritten = layer.getClass() == LossLayer.class
                && !moved
                && (builtIn instanceof LossBinaryXENT
                        || builtIn instanceof LossKLD
                        || (isRegression() && isOverwriting(activation())));
        if (builtIn.getClass() == LossMAE.class) {
            divided += " The scores of single examples of LossMAE were not divided by the outputs, a bug of DL4J.";
        }
        return overwritten
                ? divided + " The score that fit reported for " + name() + " in a LossLayer was wrong, a bug of DL4J."
                : divided;
    }

    /** A loss layer shares its input with the layer below, and DL4J's own losses go back through the activation in place. */
    private static boolean isOverwriting(IActivation activation) {
        return activation != null
                && activation.getClass().getPackageName().equals(ActivationIdentity.class.getPackageName())
                && !HARMLESS.contains(activation.getClass());
    }

    private boolean hasWeights() {
        return BuiltIns.weightsOf(builtIn) != null;
    }

    private String name() {
        return builtIn.getClass().getSimpleName();
    }
}
