/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/** What a swap does to score and step, and why there is none, in sentences. */
final class Explanation {
    private static final String PACKAGE_OF_BUILT_INS = LossMCXENT.class.getPackageName();

    private Explanation() {}

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
    static String swapped(ILossFunction builtIn, Scale scale, boolean miniBatch, Layer layer) {
        String words = scale == Scale.DL4J
                ? "Score and step are those of " + builtIn.getClass().getSimpleName()
                        + ": what takes part, summed" + (miniBatch ? ", over the number of examples" : "")
                        + ". Nothing is clipped" + changes(builtIn) + "."
                : torch(builtIn, miniBatch, hasPositions(layer)) + " The mean of an empty batch is 0.";
        return miniBatch || honoursMiniBatch(layer)
                ? words
                : words + " DL4J divides the score of this layer by the number of examples all the same.";
    }

    private static boolean hasPositions(Layer layer) {
        return layer instanceof RnnOutputLayer
                || layer instanceof RnnLossLayer
                || layer instanceof CnnLossLayer
                || layer instanceof Cnn3DLossLayer;
    }

    private static boolean honoursMiniBatch(Layer layer) {
        return layer instanceof BaseOutputLayer && !(layer instanceof CenterLossOutputLayer);
    }

    /** What else differs from the built-in. */
    private static String changes(ILossFunction builtIn) {
        if (builtIn instanceof LossKLD) {
            return ", labels below 1e-5 included";
        }
        if (builtIn instanceof LossSparseMCXENT) {
            return "; the label -100 is left out, and any other that is no class is an error";
        }
        // DL4J's unweighted gradient is softmax minus label, whatever the label
        return builtIn instanceof LossMCXENT && BuiltIns.weightsOf(builtIn) == null
                ? ", and labels that do not sum to 1 have the gradient of their loss: a row of zeros has none"
                : "";
    }

    private static String torch(ILossFunction builtIn, boolean miniBatch, boolean hasPositions) {
        if (builtIn instanceof LossKLD) {
            return miniBatch
                    ? "Score and step are torch's batchmean, as before."
                    : "Score and step are divided by the number of labels; before, they were sums.";
        }
        String mean = !miniBatch
                ? "Score and step are torch's mean."
                : hasPositions
                        ? "Score and step are torch's mean times the positions of an example; positionsPerExample in the"
                                + " loss makes them torch's mean."
                        : "Score and step are torch's mean.";
        String now = builtIn instanceof LossBinaryXENT
                ? "the outputs that take part"
                : BuiltIns.weightsOf(builtIn) != null
                        ? "the class weights of the labels that take part"
                        : "the labels that take part";
        String before = !miniBatch
                ? "; before, they were sums."
                : ", where " + builtIn.getClass().getSimpleName() + " counts rows, masked or not"
                        + (builtIn instanceof LossBinaryXENT
                                ? ": without a mask C outputs make both 1/C of what they were."
                                : BuiltIns.weightsOf(builtIn) != null
                                        ? "."
                                        : ": without a mask both stay as they were.");
        return mean + " They are divided by " + now + before;
    }
}
