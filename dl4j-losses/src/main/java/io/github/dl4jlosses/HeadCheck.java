/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;

/** Whether a loss gets what it takes, through its layer's activation and that of the layer below. */
final class HeadCheck {
    private static final String ACTIVATIONS_OF_THE_FRAMEWORK = ActivationIdentity.class.getPackageName();

    private final TorchLoss loss;
    private final LossInput input;
    private final LossHolder holder;
    private final IActivation activation;
    private final Head head;
    /** Of the last layer below that changes values, or null where that is not known. */
    private final Layer below;

    private final IActivation belowActivation;
    /** Whether a preprocessor between may change the number of outputs. */
    private final boolean reshaped;

    HeadCheck(LossPlace place, LossHolder holder, TorchLoss loss) {
        this.loss = loss;
        this.input = loss.takes();
        this.holder = holder;
        this.activation = holder.layer().getActivationFn();
        this.head = activation == null ? Head.OTHER : Head.of(activation);
        this.below = lastThatChangesValues(place.below());
        this.belowActivation = activationOf(below);
        this.reshaped = place.preProcessor() != null && !(place.preProcessor() instanceof RnnToFeedForwardPreProcessor);
    }

    List<String> findings() {
        List<String> findings = new ArrayList<>();
        if (activation == null) {
            findings.add("it has no activation; set activation " + input.advised());
            return findings;
        }
        if (loss.coupling(head) != null && outputs() == 1 && input != LossInput.NUMBERS) {
            findings.add("the softmax of one output is always 1, so nothing is learned; give it two outputs, or use"
                    + " BCEWithLogitsLoss with activation sigmoid");
        }
        if (!loss.reads(head)) {
            if (isOfTheFramework(activation) && !input.isGivenBy(activation)) {
                findings.add(loss.name() + " takes " + input + ", but gets the output of activation " + activation
                        + byDefault() + "; set activation " + input.advised());
            }
        } else if (head == Head.IDENTITY && !input.isLogits()) {
            addMissingActivation(findings);
        } else if (!holder.hasWeights() && isAppliedTwice()) {
            findings.add("activation " + belowActivation + " of the " + name(below) + " below is applied before "
                    + loss.name() + " applies " + (input.isBinary() ? "a sigmoid" : "a softmax")
                    + " of its own; set activation identity there");
        }
        return findings;
    }

    /** A loss that applies nothing itself stands under an identity. */
    private void addMissingActivation(List<String> findings) {
        if (!holder.hasWeights()) {
            if (isOfTheFramework(belowActivation) && !input.isGivenBy(belowActivation)) {
                findings.add(loss.name() + " takes " + input + ", but gets the output of activation " + belowActivation
                        + " of the " + name(below) + " below; set activation " + input.advised()
                        + " here, above identity there");
            }
        } else if (input != LossInput.NUMBERS) {
            findings.add(loss.name() + " takes " + input
                    + ", but activation identity gives it numbers of any size; set activation " + input.advised());
        }
    }

    /** The logarithm of a softmax is its own, so only others squash a softmax's logits. */
    private boolean isAppliedTwice() {
        return isOfTheFramework(belowActivation)
                && (LossInput.areProbabilities(belowActivation)
                        || (input.isBinary() && belowActivation instanceof ActivationLogSoftmax));
    }

    /** Others are the user's own, and may give anything. */
    private static boolean isOfTheFramework(IActivation applied) {
        return applied instanceof ActivationLogSoftmax
                || (applied != null && applied.getClass().getPackageName().equals(ACTIVATIONS_OF_THE_FRAMEWORK));
    }

    private String byDefault() {
        String layer = name(holder.layer());
        if (head == Head.SIGMOID) {
            return layer.equals("RnnLossLayer") || layer.equals("CnnLossLayer") || layer.equals("CenterLossOutputLayer")
                    ? ", the default of " + layer
                    : "";
        }
        return head == Head.SOFTMAX && (layer.equals("OutputLayer") || layer.equals("RnnOutputLayer"))
                ? ", the default of " + layer
                : "";
    }

    /** 0 where that is not known, as where images are flattened into outputs. */
    long outputs() {
        if (holder.hasWeights()) {
            return holder.layer().getNOut();
        }
        return below instanceof FeedForwardLayer && !reshaped ? ((FeedForwardLayer) below).getNOut() : 0;
    }

    private static Layer lastThatChangesValues(List<Layer> below) {
        for (Layer wrapped : below) {
            Layer layer = unwrapped(wrapped);
            boolean passes = layer instanceof DropoutLayer
                    || (layer instanceof ActivationLayer
                            && ((ActivationLayer) layer).getActivationFn() instanceof ActivationIdentity);
            if (!passes) {
                return layer;
            }
        }
        return null;
    }

    private static Layer unwrapped(Layer layer) {
        if (layer instanceof FrozenLayer) {
            return unwrapped(((FrozenLayer) layer).getLayer());
        }
        return layer instanceof BaseWrapperLayer ? unwrapped(((BaseWrapperLayer) layer).getUnderlying()) : layer;
    }

    /** Only of layers that end in it: a normalization has one too, and a recurrent layer multiplies by its gates. */
    private static IActivation activationOf(Layer layer) {
        if (layer instanceof ActivationLayer) {
            return ((ActivationLayer) layer).getActivationFn();
        }
        return layer instanceof DenseLayer || layer instanceof ConvolutionLayer
                ? ((FeedForwardLayer) layer).getActivationFn()
                : null;
    }

    private static String name(Layer layer) {
        return layer.getClass().getSimpleName();
    }
}
