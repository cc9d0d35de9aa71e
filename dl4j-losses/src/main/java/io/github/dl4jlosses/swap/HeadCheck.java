/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import io.github.dl4jlosses.ActivationLogSoftmax;
import io.github.dl4jlosses.LossInput;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.Variance;
import io.github.dl4jlosses.layer.FusedOutputLayer;
import io.github.dl4jlosses.layer.FusedRnnOutputLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;

/** Checks that a loss gets the kind of input it takes from its layer's activation and from the layer below. */
final class HeadCheck {
    private static final Set<Class<?>> SIGMOID_BY_DEFAULT =
            Set.of(RnnLossLayer.class, CnnLossLayer.class, CenterLossOutputLayer.class);
    private static final Set<Class<?>> SOFTMAX_BY_DEFAULT =
            Set.of(OutputLayer.class, RnnOutputLayer.class, FusedOutputLayer.class, FusedRnnOutputLayer.class);
    private static final String ACTIVATIONS_OF_THE_FRAMEWORK = ActivationIdentity.class.getPackageName();

    private final TorchLoss loss;
    private final LossInput input;
    private final LossHolder holder;
    private final IActivation activation;
    /** The last layer below that changes values; null if it is not known. */
    private final Layer below;

    private final IActivation belowActivation;
    /** The number of outputs, or 0 if it is not known. */
    private final long outputs;

    HeadCheck(LossPlace place, LossHolder holder, TorchLoss loss) {
        this.loss = loss;
        this.input = loss.takes();
        this.holder = holder;
        this.activation = holder.layer().getActivationFn();
        this.below = lastThatChangesValues(place.below());
        this.belowActivation = Layers.activationOf(below);
        this.outputs = OutputCount.of(place, holder);
    }

    List<String> findings() {
        List<String> findings = new ArrayList<>();
        if (activation == null) {
            findings.add("it has no activation; set activation " + input.advised());
            return findings;
        }
        boolean coupled = (loss.hasLossPerRow() && !input.isBinary()) || LossInput.isSoftmax(activation);
        if (coupled && outputs == 1 && input.isOfProbabilities()) {
            findings.add("the softmax of one output is always 1, so nothing is learned; give it two outputs, or use"
                    + " BCEWithLogitsLoss with activation sigmoid");
        }
        if (!input.isReadThrough(activation)) {
            if (isOfTheFramework(activation) && !input.isGivenBy(activation)) {
                findings.add(loss.name() + " takes " + input + ", but gets the output of activation " + activation
                        + byDefault() + "; set activation " + input.advised());
            }
        } else if (activation.getClass() == ActivationIdentity.class && !input.isLogits()) {
            addMissingActivation(findings);
        } else if (!holder.hasWeights() && isAppliedTwice()) {
            findings.add("activation " + belowActivation + " of the " + Layers.name(below) + " below is applied before "
                    + loss.name() + " applies " + (input.isBinary() ? "a sigmoid" : "a softmax")
                    + " of its own; set activation identity there");
        }
        IActivation last =
                holder.hasWeights() || activation.getClass() != ActivationIdentity.class ? activation : belowActivation;
        if (loss.options().containsValue(Variance.IDENTITY) && mayBeNegative(last)) {
            findings.add("negative variances are refused, but activation " + last + " gives negative numbers too; use"
                    + " variance(EXP) or variance(SOFTPLUS), or an activation that gives no negative numbers");
        }
        return findings;
    }

    /** Activations that give rates never give a negative number. */
    private static boolean mayBeNegative(IActivation applied) {
        return isOfTheFramework(applied)
                && !LossInput.RATES.isGivenBy(applied)
                && !(applied instanceof ActivationSoftmax);
    }

    /** For a loss that applies no activation itself and stands under an identity. */
    private void addMissingActivation(List<String> findings) {
        if (!holder.hasWeights()) {
            if (isOfTheFramework(belowActivation) && !input.isGivenBy(belowActivation)) {
                findings.add(loss.name() + " takes " + input + ", but gets the output of activation " + belowActivation
                        + " of the " + Layers.name(below) + " below; set activation " + input.advised()
                        + " here, above identity there");
            }
        } else if (!input.isGivenBy(activation)) {
            findings.add(loss.name() + " takes " + input
                    + ", but activation identity gives it numbers of any size; set activation " + input.advised());
        }
    }

    /** The log-softmax of log-probabilities gives them back, so only other activations squash a softmax's logits. */
    private boolean isAppliedTwice() {
        return isOfTheFramework(belowActivation)
                && (LossInput.givesProbabilities(belowActivation)
                        || (input.isBinary() && belowActivation instanceof ActivationLogSoftmax));
    }

    /** The user's own activations may give anything. */
    private static boolean isOfTheFramework(IActivation applied) {
        return applied instanceof ActivationLogSoftmax
                || (applied != null && applied.getClass().getPackageName().equals(ACTIVATIONS_OF_THE_FRAMEWORK));
    }

    private String byDefault() {
        Class<?> type = holder.layer().getClass();
        boolean isDefault = (activation.getClass() == ActivationSigmoid.class && SIGMOID_BY_DEFAULT.contains(type))
                || (activation.getClass() == ActivationSoftmax.class && SOFTMAX_BY_DEFAULT.contains(type));
        return isDefault ? ", the default of " + Layers.name(holder.layer()) : "";
    }

    /** The number of outputs, or 0 if it is not known. */
    long outputs() {
        return outputs;
    }

    private static Layer lastThatChangesValues(List<Layer> below) {
        for (Layer wrapped : below) {
            Layer layer = Layers.unwrapped(wrapped);
            boolean passes = layer instanceof DropoutLayer
                    || (layer instanceof ActivationLayer
                            && ((ActivationLayer) layer).getActivationFn() instanceof ActivationIdentity);
            if (!passes) {
                return layer;
            }
        }
        return null;
    }
}
