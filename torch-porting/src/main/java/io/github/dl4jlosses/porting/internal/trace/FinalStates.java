/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import java.util.List;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.graph.rnn.ReverseTimeSeriesVertex;

/**
 * The last hidden states of a stack, torch's {@code h_n}: for each layer that of the forward direction, then that of
 * the backward one.
 *
 * @param outputs of each layer
 * @param bidirectional whether the second half of their channels runs backward in time
 */
record FinalStates(List<Activation> outputs, boolean bidirectional) {

    int count() {
        return outputs.size() * (bidirectional ? 2 : 1);
    }

    /** One of the states, [N, H]. */
    Activation select(Call call, int index) {
        Activation output = outputs.get(bidirectional ? index / 2 : index);
        if (!bidirectional) {
            return last(call, output);
        }
        int hidden = Math.toIntExact(output.channels() / 2);
        int from = index % 2 * hidden;
        String half = call.addVertex(
                "half", Source.of((a, b) -> new SubsetVertex(a, b), from, from + hidden - 1), output.vertex());
        Activation direction = output.withChannels(half, hidden);
        return index % 2 == 0 ? last(call, direction) : first(call, direction);
    }

    /** The last step of a sequence. */
    static Activation last(Call call, Activation sequence) {
        // without masks the named input is not used
        String input = call.plan().inputs().get(0);
        String vertex =
                call.addVertex("last", Source.of(name -> new LastTimeStepVertex(name), input), sequence.vertex());
        return sequence.reduced(vertex, false);
    }

    /** The first step of a sequence, where the backward direction ends. */
    static Activation first(Call call, Activation sequence) {
        String reversed = call.addVertex("reversed", Source.of(() -> new ReverseTimeSeriesVertex()), sequence.vertex());
        return last(call, sequence.with(reversed, sequence.shape()));
    }
}
