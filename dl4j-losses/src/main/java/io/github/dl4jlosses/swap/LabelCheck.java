/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.layer.CTCOutputLayer;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;

/** Checks that a layer accepts the labels of a loss whose shape differs from that of the outputs. */
final class LabelCheck {
    private final LossPlace place;
    private final Layer layer;
    private final TorchLoss loss;
    private final List<String> findings = new ArrayList<>();

    private LabelCheck(LossPlace place, TorchLoss loss) {
        this.place = place;
        this.layer = place.layer();
        this.loss = loss;
    }

    /** The messages, given the number of outputs, or 0 if it is not known. */
    static List<String> findings(LossPlace place, TorchLoss loss, long outputs) {
        LabelCheck check = new LabelCheck(place, loss);
        if (loss.outputsPerLabel() > 1) {
            check.checkWidth(outputs);
        }
        if (loss.hasLossPerSequence()) {
            check.checkSequences();
        }
        return check.findings;
    }

    private void checkWidth(long outputs) {
        int each = loss.outputsPerLabel();
        if (outputs % each != 0) {
            findings.add(loss.name() + " needs " + each + " outputs for each label, but there "
                    + (outputs == 1 ? "is 1 output" : "are " + outputs + " outputs")
                    + ", so every call throws; set a multiple of " + each);
        }
        if (layer instanceof CnnLossLayer || layer instanceof CenterLossOutputLayer) {
            findings.add(loss.name() + " has " + each + " outputs for each label, but " + Layers.FRAMEWORK
                    + " refuses labels of another width than the output in this layer; use OutputLayer, RnnOutputLayer,"
                    + " LossLayer or RnnLossLayer");
        }
    }

    private void checkSequences() {
        boolean padded = layer instanceof RnnOutputLayer || layer instanceof RnnLossLayer;
        if (!padded && !(layer instanceof CTCOutputLayer)) {
            findings.add(loss.name() + " has one label for a sequence, which this layer does not hand over; use"
                    + " CTCOutputLayer");
        } else if (padded && loss.getPositionsPerExample() == 1) {
            findings.add("the loss has no positionsPerExample, and without the number of steps fit throws; use"
                    + " CTCOutputLayer, or set positionsPerExample");
        }
        if (place.segment() > 0) {
            findings.add(loss.name() + " has one label for a sequence, but in truncated back-propagation "
                    + Layers.FRAMEWORK
                    + " trains nothing where labels have another length, or gives each segment a part"
                    + " or the whole of the label; use BackpropType.Standard");
        }
    }
}
