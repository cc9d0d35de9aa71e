/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.SpecHead;
import java.io.Serializable;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The smallest program with one of DL4J's losses in a layer.
 *
 * @param below whether the activation is that of the layer below, as an imported Keras model has it
 */
record BuiltInProgram(
        NetworkKind network,
        LayerKind layer,
        BuiltInLoss loss,
        boolean below,
        Masking masking,
        boolean miniBatch,
        TorchType type,
        long seed) {
    static final int EXAMPLES = 4;

    /** What pairs of values are made of. */
    List<?> factors() {
        return List.of(network, layer, loss, below, masking, miniBatch, type);
    }

    BuiltInProgram with(Masking other) {
        return new BuiltInProgram(network, layer, loss, below, other, miniBatch, type, seed);
    }

    BuiltInProgram with(BuiltInLoss other) {
        return new BuiltInProgram(network, layer, other, below, masking, miniBatch, type, seed);
    }

    /** Whether DL4J 1.0.0-M2.1 takes such a program, and trains it. */
    boolean isPossible() {
        boolean indices = loss.labels == BuiltInLoss.Labels.INDICES;
        return !layer.isFused()
                && switch (layer) {
                    case RNN_LOSS_LAYER_NWC, CNN_LOSS_LAYER_NHWC -> false;
                    case CNN_LOSS_LAYER, CENTER_LOSS_OUTPUT_LAYER -> !indices;
                    default -> true;
                }
                && hasMask()
                && (!below || isBelow());
    }

    private boolean hasMask() {
        if (masking.hasOutputShape() && layer == LayerKind.RNN_OUTPUT_LAYER_NWC) {
            return false;
        }
        return switch (masking) {
            case POSITIONS -> layer.hasPositions();
            // the classes of one softmax are not masked individually: SwapRefusedMaskTest
            case OUTPUTS -> loss.isPerOutput() && !isOfSoftmax();
            case ROWS_OF_OUTPUTS -> loss.isPerOutput() || loss.isKld();
            default -> true;
        };
    }

    private boolean isOfSoftmax() {
        return loss.head() == SpecHead.SOFTMAX;
    }

    /** A softmax is that of the classes only where they come last. */
    private boolean isBelow() {
        return !layer.hasParameters()
                && (!isOfSoftmax() || layer == LayerKind.LOSS_LAYER || layer == LayerKind.CNN_3D_LOSS_LAYER_NDHWC);
    }

    /** With the parameters of a seed, whose logits are moderate: nothing is clipped. */
    Model newNetwork() {
        Model model = NetworkKind.network(configuration());
        INDArray params = model.params();
        Random random = new Random(seed);
        for (long i = 0; i < params.length(); i++) {
            params.putScalar(i, random.nextGaussian() / layer.fanIn());
        }
        if (layer == LayerKind.CENTER_LOSS_OUTPUT_LAYER) {
            model.getParam("0_cL").assign(0);
        }
        return model;
    }

    private Serializable configuration() {
        IActivation head = loss.head().inDl4j();
        NetworkLayers layers = new NetworkLayers(layer, loss.loss(), below ? new ActivationIdentity() : head);
        if (network == NetworkKind.MULTI_LAYER_NETWORK) {
            MultiLayerConfiguration conf = layers.multiLayer(type, miniBatch);
            if (below) {
                ((BaseLayer) conf.getConf(0).getLayer()).setActivationFn(head);
            }
            return conf;
        }
        ComputationGraphConfiguration conf = layers.graph(type, miniBatch);
        if (below) {
            LayerVertex vertex = (LayerVertex) conf.getVertices().get("0");
            ((BaseLayer) vertex.getLayerConf().getLayer()).setActivationFn(head);
        }
        return conf;
    }

    /** Whether the score that DL4J reports is divided by the examples though the network divides nothing. */
    boolean isScoreDivided() {
        return !miniBatch && (!layer.hasParameters() || layer == LayerKind.CENTER_LOSS_OUTPUT_LAYER);
    }

    /**
     * Framework bug: a LossLayer hands its input to the loss, and DL4J's own losses write into it where they go through
     * an activation, so that the score after the gradient, which is what {@code fit} reports, is another.
     */
    boolean isScoreOfFitWrong() {
        boolean through = loss.isBinary() || loss.isKld() || (loss.isRegression() && loss.head() != SpecHead.IDENTITY);
        return layer == LayerKind.LOSS_LAYER && !below && through;
    }
}
