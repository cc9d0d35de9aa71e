/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import org.deeplearning4j.nn.conf.inputs.InputType;

/** A layer whose output has as many channels as its input: a builder may name either number. */
abstract class EqualChannelsLayer extends SequenceLayer {
    private static final long serialVersionUID = 1L;

    /** DL4J's JSON reader calls it. */
    EqualChannelsLayer() {}

    EqualChannelsLayer(Builder<?> builder) {
        super(builder);
        if (getNIn() > 0 && getNOut() > 0 && getNIn() != getNOut()) {
            throw new IllegalArgumentException("nIn and nOut of " + getClass().getSimpleName() + " must be equal, got "
                    + getNIn() + " and " + getNOut());
        }
        long channels = Math.max(getNIn(), getNOut());
        setNIn(channels);
        setNOut(channels);
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        super.setNIn(inputType, override);
        setNOut(getNIn());
    }
}
