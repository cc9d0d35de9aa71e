/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import io.github.dl4jlosses.updater.TwoBiases;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/** Translates LSTM and RNN, also stacked and in both directions. */
final class RecurrentOperators {

    /** Torch's names of a layer's tensors, in the order of the arguments. */
    private static final List<String> TENSORS = List.of("weight_ih", "weight_hh", "bias_ih", "bias_hh");

    private RecurrentOperators() {}

    /** An initial state; it is zeros in traces of models that give none. */
    enum State {
        ZEROS
    }

    static void addTo(Map<String, Operator> table) {
        table.put("torch.zeros", call -> State.ZEROS);
        table.put("torch.lstm", call -> recurrent(call, 4, RecurrentOperators::lstm));
        table.put("torch.rnn_tanh", call -> recurrent(call, 1, simple(Source.of(ActivationTanH::new))));
        table.put("torch.rnn_relu", call -> recurrent(call, 1, simple(Source.of(ActivationReLU::new))));
    }

    private interface Kind {
        Source<? extends Layer> layer(Call call, int in, int out);
    }

    private static Source<? extends Layer> lstm(Call call, int in, int out) {
        Source<LSTM.Builder> builder = Source.of(() -> new LSTM.Builder())
                .with("nIn", LSTM.Builder::nIn, in)
                .with("nOut", LSTM.Builder::nOut, out)
                .withMade("activation", (b, a) -> b.activation(a), Source.<IActivation>of(ActivationTanH::new))
                .withMade(
                        "gateActivationFunction",
                        (b, a) -> b.gateActivationFunction(a),
                        Source.<IActivation>of(ActivationSigmoid::new));
        return Source.call(
                        TwoBiases.class,
                        "configure",
                        (settings, b) -> TwoBiases.configure(settings, b),
                        call.plan().settings(),
                        builder)
                .then("build", LSTM.Builder::build);
    }

    private static Kind simple(Source<IActivation> activation) {
        return (call, in, out) -> {
            Source<SimpleRnn.Builder> builder = Source.of(() -> new SimpleRnn.Builder())
                    .with("nIn", SimpleRnn.Builder::nIn, in)
                    .with("nOut", SimpleRnn.Builder::nOut, out)
                    .withMade("activation", (b, a) -> b.activation(a), activation);
            return Source.call(
                            TwoBiases.class,
                            "configure",
                            (settings, b) -> TwoBiases.configure(settings, b),
                            call.plan().settings(),
                            builder)
                    .then("build", SimpleRnn.Builder::build);
        };
    }

    private static Object recurrent(Call call, int gates, Kind kind) {
        checkStates(call);
        boolean bidirectional = call.flag(7, false);
        int layers = call.count(4, 1);
        int directions = bidirectional ? 2 : 1;
        List<Object> weights = call.list(2);
        if (!call.flag(3, true) || weights.size() != 4L * layers * directions || layers == 0) {
            throw call.refused("has " + weights.size() + " tensors for " + layers
                    + " layers, as without biases or with proj_size; DL4J's layers have two weights and the biases");
        }
        Activation x = sequence(call);
        double dropout = call.real(5, 0);
        List<Activation> outputs = new ArrayList<>();
        Activation input = x;
        for (int layer = 0; layer < layers; layer++) {
            if (layer > 0 && dropout > 0) {
                input = dropped(call, input, dropout);
            }
            List<Object> own = weights.subList(4 * layer * directions, 4 * (layer + 1) * directions);
            input = layer(call, kind, gates, input, own, layer);
            outputs.add(input);
        }
        FinalStates states = new FinalStates(List.copyOf(outputs), bidirectional);
        return List.of(input, states, Lacking.CELL_STATE);
    }

    private static void checkStates(Call call) {
        List<?> states = call.any(1) instanceof List<?> list ? list : Arrays.asList(call.any(1));
        if (!states.stream().allMatch(state -> state == State.ZEROS)) {
            throw call.refused("gets an initial state; DL4J's layers begin with zeros");
        }
    }

    private static Activation sequence(Call call) {
        Activation x = call.activation(0);
        int time = call.flag(8, false) ? 1 : 0;
        boolean fits = x.form() == Form.SEQUENCE && x.rank() == 3 && x.isTime(time) && x.isChannels(2);
        if (!fits) {
            throw call.refused("takes an input of the sizes " + x.words()
                    + "; it needs sequences with time as dimension " + time + " and the features last");
        }
        return x;
    }

    private static Activation dropped(Call call, Activation x, double share) {
        Source<DropoutLayer> layer =
                Source.of(keep -> new DropoutLayer.Builder(keep), 1 - share).then("build", DropoutLayer.Builder::build);
        return x.with(call.add("dropout", layer, null, x.vertex(), Map.of()), x.shape());
    }

    private static Activation layer(
            Call call, Kind kind, int gates, Activation input, List<Object> weights, int number) {
        Map<String, String> tensors = new LinkedHashMap<>();
        int hidden = 0;
        for (int i = 0; i < weights.size(); i++) {
            if (!(weights.get(i) instanceof Weight weight)) {
                throw call.refused("takes something else than parameters for its weights");
            }
            tensors.put(TENSORS.get(i % 4) + (i < 4 ? "" : "_reverse"), weight.name());
            hidden = i == 0 ? weight.size(0) / gates : hidden;
            boolean fits = i % 4 == 0
                    ? weight.shape().equals(List.of((long) gates * hidden, input.channels()))
                    : weight.size(0) == gates * hidden;
            if (!fits) {
                throw call.refused("has weights of " + weight.shape() + " for inputs of " + input.channels()
                        + " features and " + hidden + " hidden ones");
            }
        }
        Source<? extends Layer> one = kind.layer(call, Math.toIntExact(input.channels()), hidden);
        boolean bidirectional = weights.size() > 4;
        Source<? extends Layer> layer = bidirectional ? Source.around(each -> new Bidirectional(each), one) : one;
        String vertex = call.add("l" + number, layer, null, input.vertex(), tensors);
        return input.withChannels(vertex, bidirectional ? 2L * hidden : hidden);
    }
}
