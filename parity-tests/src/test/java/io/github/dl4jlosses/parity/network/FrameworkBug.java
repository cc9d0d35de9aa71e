/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static io.github.dl4jlosses.parity.network.LayerKind.CENTER_LOSS_OUTPUT_LAYER;
import static io.github.dl4jlosses.parity.network.LayerKind.CNN_LOSS_LAYER;
import static io.github.dl4jlosses.parity.network.LayerKind.CNN_LOSS_LAYER_NHWC;
import static io.github.dl4jlosses.parity.network.LayerKind.RNN_LOSS_LAYER_NWC;
import static io.github.dl4jlosses.parity.network.LayerKind.RNN_OUTPUT_LAYER_NWC;

import io.github.dl4jlosses.spec.TargetForm;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What DL4J 1.0.0-M2.1 itself does wrong or asks for, each with the failure that proves it: a score that is wrong in
 * just one way, or the message of an exception with the very shapes that the bug makes. With a DL4J that has mended it,
 * the proof fails.
 */
enum FrameworkBug {
    SCORE_DIVIDED(
            "Under `miniBatch(false)` the layer divides the score that it reports by the number of examples all the"
                    + " same. The step is right.",
            "`LossLayer`:79, `RnnLossLayer`:231, `CnnLossLayer`:195, `Cnn3DLossLayer`:215, `CenterLossOutputLayer`:84"),
    CNN_LABEL_SHAPE(
            "`fit` wants labels of the output's shape, so it takes no class indices: give one-hot labels with"
                    + " `TargetFormat.ONE_HOT`.",
            "`CnnLossLayer`:67"),
    CNN_SCORE_FORMAT(
            "In NHWC the score is computed as if the arrays were NCHW: a wrong number, or an exception where weights,"
                    + " a mask or one-hot labels do not fit, which ends `fit` before its step. Where there is a step, it is"
                    + " right. Take NCHW.",
            "`CnnLossLayer`:188 and 189"),
    CNN_MASK_FORMAT(
            "In NHWC masks of examples and of outputs are laid out as if the arrays were NCHW, and do not fit. Take NCHW.",
            "`ConvolutionUtils`:764 and 787"),
    RNN_LOSS_LABELS(
            "In NWC the score is computed from the layer's input in place of the labels: an exception, which ends `fit`"
                    + " before its step, or a wrong number where there are as many time steps as classes. Take NCW.",
            "`RnnLossLayer`:213"),
    RNN_MASK_FORMAT(
            "In NWC a mask of outputs is laid out as if the arrays were NCW: it does not fit, or masks the wrong outputs"
                    + " where there are as many time steps as classes. Mask time steps, or take NCW.",
            "`RnnOutputLayer`:176, `RnnLossLayer`:80"),
    CENTER_LOSS_INDICES(
            "The layer multiplies labels and centers, so it takes no class indices: give one-hot labels with"
                    + " `TargetFormat.ONE_HOT`.",
            "`CenterLossOutputLayer`:178"),
    LABELS_OF_OTHER_WIDTH(
            "The layer wants labels of the output's shape, so it has no place for a loss of two outputs for each number of a"
                    + " label. Take another layer.",
            "`CnnLossLayer`:67, `CenterLossOutputLayer`:178"),
    CENTER_LOSS_MASKED_LABELS(
            "The layer reads the labels of masked examples for its centers: with NaN there, the score and the centers"
                    + " become NaN, though the step of the weights is right. Write 0 there.",
            "`CenterLossOutputLayer`:66 and 150");

    /** What happens, and what to do instead. */
    final String text;

    /** Classes and lines in DL4J's sources. */
    final String place;

    FrameworkBug(String text, String place) {
        this.text = text;
        this.place = place;
    }

    /** Its number on the page, from 1. */
    int number() {
        return List.of(values()).indexOf(this) + 1;
    }

    /** Those that, all together, make the score of a scenario another. */
    static Set<FrameworkBug> inScore(Scenario scenario) {
        Set<FrameworkBug> bugs = EnumSet.noneOf(FrameworkBug.class);
        LayerKind layer = scenario.layer();
        if (!scenario.networkMiniBatch() && (!layer.hasParameters() || layer == CENTER_LOSS_OUTPUT_LAYER)) {
            bugs.add(SCORE_DIVIDED);
        }
        if (layer == CNN_LOSS_LAYER_NHWC) {
            bugs.add(CNN_SCORE_FORMAT);
        }
        if (layer == CENTER_LOSS_OUTPUT_LAYER && scenario.masking() != Masking.NONE) {
            bugs.add(CENTER_LOSS_MASKED_LABELS);
        }
        return bugs;
    }

    /** The one that throws this exception, if any. */
    static Set<FrameworkBug> thatThrow(Scenario scenario, RuntimeException failure) {
        String message = Objects.requireNonNullElse(failure.getMessage(), "");
        return Arrays.stream(values())
                .filter(bug -> bug.isThrown(scenario, message))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(FrameworkBug.class)));
    }

    private boolean isThrown(Scenario scenario, String message) {
        LayerKind layer = scenario.layer();
        boolean indices = scenario.options().form() == TargetForm.INDEX;
        long rows = scenario.examples() * layer.positionsPerExample();
        return switch (this) {
            case CNN_LABEL_SHAPE ->
                indices
                        && (layer == CNN_LOSS_LAYER || layer == CNN_LOSS_LAYER_NHWC)
                        && message.startsWith("Input and label arrays do not have same shape");
            case CENTER_LOSS_INDICES ->
                indices
                        && layer == CENTER_LOSS_OUTPUT_LAYER
                        && message.startsWith("Labels array numColumns (size(1) = 1) does not match");
            case LABELS_OF_OTHER_WIDTH ->
                scenario.options().spec().outputsPerLabel() > 1
                        && (layer == CNN_LOSS_LAYER
                                || layer == CNN_LOSS_LAYER_NHWC
                                || layer == CENTER_LOSS_OUTPUT_LAYER)
                        && (message.startsWith("Input and label arrays do not have same shape")
                                || message.startsWith("Labels array numColumns"));
            case CNN_SCORE_FORMAT ->
                layer == CNN_LOSS_LAYER_NHWC
                        && (message.contains("the input of shape " + misread(scenario))
                                || message.startsWith("mask has shape [" + rows + ", 1], but must be ["
                                        + misreadRows(scenario) + ", 1]")
                                // the labels are one-hot as they are
                                || (scenario.options().form() == TargetForm.ONE_HOT
                                        && message.startsWith("one-hot target expected: labels, row "))
                                // a class of the list is none of the misread rows
                                || (scenario.options().form() == TargetForm.LIST
                                        && message.startsWith("argument #2 'target' is out of range")));
            case CNN_MASK_FORMAT ->
                layer == CNN_LOSS_LAYER_NHWC
                        && (message.startsWith(
                                        "mask has shape [" + misreadRows(scenario) + ", 1], but must be [" + rows)
                                || message.startsWith(
                                        "mask has shape " + misread(scenario) + ", but must be [" + rows));
            case RNN_LOSS_LABELS ->
                layer == RNN_LOSS_LAYER_NWC && message.contains("labels have shape " + misread(scenario));
            case RNN_MASK_FORMAT ->
                (layer == RNN_LOSS_LAYER_NWC
                                && message.startsWith("mask has shape " + misread(scenario) + ", but must be [" + rows))
                        || (layer == RNN_OUTPUT_LAYER_NWC
                                && message.contains("Mask shape: " + misread(scenario) + ", output shape: [" + rows));
            case SCORE_DIVIDED, CENTER_LOSS_MASKED_LABELS -> false;
        };
    }

    /** Rows and columns of an array with the classes last that is read as if they came second. */
    private static String misread(Scenario scenario) {
        long elements = scenario.examples() * scenario.layer().positionsPerExample() * scenario.outputs();
        return "[" + misreadRows(scenario) + ", " + elements / misreadRows(scenario) + "]";
    }

    private static long misreadRows(Scenario scenario) {
        return scenario.examples() * scenario.layer().misreadPositions(scenario.outputs());
    }
}
