/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution3D;

/** Lists what the user's input types can mean in torch's terms. */
final class InputForms {

    private static final int MOST_CHOICES = 125;

    private final List<List<Activation>> choices;

    private InputForms(List<List<Activation>> choices) {
        this.choices = choices;
    }

    /** Every combination, the likeliest first. */
    List<List<Activation>> choices() {
        return choices;
    }

    static InputForms of(List<String> names, InputType... types) {
        if (types.length != names.size()) {
            throw new IllegalArgumentException("The model has " + names.size() + " inputs " + names
                    + ", so as many input types are needed; got " + types.length);
        }
        List<List<Activation>> choices = List.of(List.of());
        for (int i = 0; i < types.length; i++) {
            if (types[i] == null) {
                throw new IllegalArgumentException("inputs[" + i + "] is null");
            }
            List<List<Activation>> longer = new ArrayList<>();
            for (List<Activation> choice : choices) {
                for (Activation form : forms(types[i], i)) {
                    List<Activation> more = new ArrayList<>(choice);
                    more.add(form);
                    longer.add(more);
                }
            }
            choices = longer;
            if (choices.size() > MOST_CHOICES) {
                throw new IllegalArgumentException("There are too many sequences among the inputs");
            }
        }
        return new InputForms(choices);
    }

    private static List<Activation> forms(InputType type, int number) {
        long n = Activation.BATCH;
        if (type instanceof InputType.InputTypeFeedForward flat) {
            Activation tokens = Activation.of("", Form.TOKENS, List.of(n, flat.getSize()));
            List<Activation> forms = new ArrayList<>();
            forms.add(Activation.of("", Form.FLAT, List.of(n, flat.getSize())));
            if (flat.getSize() == 1) {
                forms.add(tokens.withAxes(List.of(0)));
            }
            forms.add(tokens);
            return forms;
        }
        if (type instanceof InputType.InputTypeRecurrent sequence && sequence.getFormat() != RNNFormat.NWC) {
            long length = sequence.getTimeSeriesLength() > 0 ? sequence.getTimeSeriesLength() : Activation.UNKNOWN;
            Activation features = Activation.of("", Form.SEQUENCE, List.of(n, sequence.getSize(), length));
            Activation tokens = Activation.of("", Form.TOKENS, List.of(n, length));
            return List.of(
                    features.withAxes(List.of(0, 2, 1)),
                    features,
                    features.withAxes(List.of(2, 0, 1)),
                    tokens,
                    tokens.withAxes(List.of(1, 0)));
        }
        if (type instanceof InputType.InputTypeConvolutional picture && picture.getFormat() != CNN2DFormat.NHWC) {
            return List.of(Activation.of(
                    "", Form.IMAGE, List.of(n, picture.getChannels(), picture.getHeight(), picture.getWidth())));
        }
        if (type instanceof InputType.InputTypeConvolutional3D volume
                && volume.getDataFormat() != Convolution3D.DataFormat.NDHWC) {
            return List.of(Activation.of(
                    "",
                    Form.VOLUME,
                    List.of(n, volume.getChannels(), volume.getDepth(), volume.getHeight(), volume.getWidth())));
        }
        throw new IllegalArgumentException("inputs[" + number + "] is " + type
                + "; what torch's layers read is feedForward, recurrent (NCW), convolutional (NCHW) or convolutional3D"
                + " (NCDHW)");
    }
}
