/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import io.github.dl4jlosses.layer.LayerNorm;
import java.util.List;
import java.util.Map;

/** Translates LayerNorm. */
final class NormalisationOperators {

    private NormalisationOperators() {}

    static void addTo(Map<String, Operator> table) {
        table.put("torch.layer_norm", NormalisationOperators::layerNorm);
    }

    private static Object layerNorm(Call call) {
        Activation x = call.activation(0);
        boolean isOfChannels = x.form() != Form.TOKENS
                && x.isChannels(x.rank() - 1)
                && call.list(1).equals(List.of(x.channels()));
        if (!isOfChannels || !(x.form() == Form.FLAT || x.form() == Form.SEQUENCE || x.form() == Form.IMAGE)) {
            throw call.refused("normalises the sizes " + call.list(1) + " of " + x.words() + ", a " + x.form()
                    + "; LayerNorm normalises channels that come last in torch");
        }
        if (call.has(3) && !call.has(2)) {
            throw call.refused("has a bias without a weight, which no layer has");
        }
        Source<LayerNorm> layer = Source.of(() -> new LayerNorm.Builder())
                .with("nIn", LayerNorm.Builder::nIn, x.channels())
                .with("eps", LayerNorm.Builder::eps, call.real(4, 1e-5))
                .with("affine", LayerNorm.Builder::affine, call.has(2))
                .with("hasBias", LayerNorm.Builder::hasBias, call.has(3))
                .then("build", LayerNorm.Builder::build);
        Map<String, String> tensors = call.has(2) ? ProductOperators.tensors(call, 2, 3) : Map.of();
        if (x.form() == Form.IMAGE) {
            return Reshaping.overPixels(call, x, pixels -> call.add(layer, pixels, tensors));
        }
        return x.with(call.add(layer, x.vertex(), tensors), x.shape());
    }
}
