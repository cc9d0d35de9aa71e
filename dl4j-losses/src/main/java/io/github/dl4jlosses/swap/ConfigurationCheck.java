/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.internal.shape.WeightShapes;
import io.github.dl4jlosses.layer.FusedOutputLayer;
import io.github.dl4jlosses.layer.FusedRnnOutputLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.ComposableInputPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToCnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;

/** Finds settings around a loss that do not fit together, and describes them. */
final class ConfigurationCheck {
    private static final String FRAMEWORK = Layers.FRAMEWORK;
    private static final Set<Class<?>> ROWS =
            Set.of(OutputLayer.class, FusedOutputLayer.class, LossLayer.class, CenterLossOutputLayer.class);
    private static final Set<Class<?>> SEQUENCES =
            Set.of(RnnOutputLayer.class, FusedRnnOutputLayer.class, RnnLossLayer.class);

    private final LossPlace place;
    private final List<String> findings = new ArrayList<>();

    private ConfigurationCheck(LossPlace place) {
        this.place = place;
    }

    static List<String> findings(List<LossPlace> places) {
        List<String> all = new ArrayList<>();
        for (LossPlace place : places) {
            ConfigurationCheck check = new ConfigurationCheck(place);
            place.holder().ifPresent(check::check);
            check.findings.forEach(finding -> all.add(place.description() + ": " + finding));
        }
        return all;
    }

    private void check(LossHolder holder) {
        checkFormat();
        place.toldOneExample().forEach(this::checkPreProcessor);
        if (holder.loss() instanceof TorchLoss) {
            TorchLoss loss = (TorchLoss) holder.loss();
            checkMiniBatch(loss);
            HeadCheck head = new HeadCheck(place, holder, loss);
            checkWeights(loss, head.outputs());
            findings.addAll(LabelCheck.findings(place, loss, head.outputs()));
            if (usesPositions(loss) && !loss.hasLossPerSequence()) {
                checkPositions(loss.getPositionsPerExample());
            }
            findings.addAll(head.findings());
        }
    }

    private void checkFormat() {
        Layer layer = place.layer();
        boolean needsFormat = layer instanceof RnnOutputLayer && !(layer instanceof FusedRnnOutputLayer);
        if (needsFormat && ((RnnOutputLayer) layer).getRnnDataFormat() == null) {
            findings.add("it has no data format, and without one " + FRAMEWORK
                    + " compares the wrong dimensions of input and labels; set dataFormat(RNNFormat.NCW), or NWC, or the"
                    + " network's input type");
        }
        if (Layers.isMisreadSequence(layer)) {
            findings.add(FRAMEWORK + " cannot train this layer with data format NWC; use NCW, or RnnOutputLayer");
        }
        if (Layers.isMisreadImage(layer)) {
            findings.add(FRAMEWORK + " reports a wrong score for this layer with data format NHWC; use NCHW");
        }
    }

    /** Some preprocessors need the number of examples to tell time steps from examples. */
    private void checkPreProcessor(InputPreProcessor preProcessor) {
        if (preProcessor instanceof ComposableInputPreProcessor) {
            for (InputPreProcessor part : ((ComposableInputPreProcessor) preProcessor).getInputPreProcessors()) {
                checkPreProcessor(part);
            }
        } else if (preProcessor instanceof FeedForwardToRnnPreProcessor
                || preProcessor instanceof RnnToFeedForwardPreProcessor
                || preProcessor instanceof CnnToRnnPreProcessor
                || preProcessor instanceof RnnToCnnPreProcessor) {
            findings.add("the network has miniBatch(false), and with it " + FRAMEWORK + " gives a "
                    + preProcessor.getClass().getSimpleName()
                    + " of a MultiLayerNetwork the wrong number of examples; use miniBatch(true), or a"
                    + " ComputationGraph");
        }
    }

    /** One number may serve all outputs, but classes need one each. */
    private void checkWeights(TorchLoss loss, long outputs) {
        loss.options().forEach((option, value) -> {
            if (value instanceof double[]) {
                double[] numbers = (double[]) value;
                String reason = WeightShapes.reasonAgainstNetwork(
                        option, (long[]) loss.options().get(option + "Shape"));
                if (reason != null) {
                    findings.add(reason);
                } else if (numbers.length != 1 || !loss.takes().isBinary()) {
                    checkLength(option, numbers, outputs);
                }
            }
        });
    }

    private void checkLength(String option, double[] numbers, long outputs) {
        if (outputs > 0 && numbers.length != outputs) {
            findings.add("the loss has " + numbers.length + (numbers.length == 1 ? " number in " : " numbers in ")
                    + option + ", but there " + (outputs == 1 ? "is 1 output" : "are " + outputs + " outputs")
                    + "; give one number for each");
        }
    }

    private void checkMiniBatch(TorchLoss loss) {
        boolean network = place.networkMiniBatch();
        if (loss.isMiniBatch() != network) {
            findings.add("the loss has miniBatch(" + loss.isMiniBatch() + "), the network miniBatch(" + network
                    + "), so the step is "
                    + (network ? "one N-th of" : "N times") + " what both alike give for N examples; set miniBatch("
                    + network + ") in the loss, as LossSwap.swap does");
        }
        if (place.layerMiniBatch() != network) {
            findings.add("the layer has miniBatch(" + place.layerMiniBatch() + "), the network miniBatch(" + network
                    + "), so its score and its step are scaled apart; set both alike");
        }
    }

    /** Elsewhere the number is not used. */
    private static boolean usesPositions(TorchLoss loss) {
        return loss.getPositionsPerExample() > 1 && loss.isMiniBatch() == (loss.getReduction() != Reduction.BATCHMEAN);
    }

    private void checkPositions(long given) {
        Class<?> type = place.layer().getClass();
        // in a graph steps may be rows of their own; what counts as an example depends on the graph's first output
        boolean single = ROWS.contains(type);
        boolean sequence = SEQUENCES.contains(type);
        if (single && !(place.preProcessor() instanceof RnnToFeedForwardPreProcessor)) {
            report(given, "an example has one position in this layer", "leave it out");
        } else if (sequence && place.segment() > 0 && given > place.segment()) {
            report(
                    given,
                    "truncated back-propagation hands over " + place.segment() + " time steps at most",
                    "set " + place.segment() + ", or miniBatch(false) in network and loss");
        } else if (type == CnnLossLayer.class && place.pixels() > 0 && given != place.pixels()) {
            report(given, "an image has " + place.pixels() + " pixels here", "set " + place.pixels());
        }
    }

    private void report(long given, String fact, String advice) {
        findings.add("the loss has positionsPerExample(" + given + "), but " + fact + "; " + advice);
    }
}
