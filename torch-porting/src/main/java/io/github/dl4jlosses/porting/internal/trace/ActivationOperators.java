/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import io.github.dl4jlosses.ActivationLogSoftmax;
import io.github.dl4jlosses.layer.TorchGELU;
import io.github.dl4jlosses.layer.TorchHardsigmoid;
import io.github.dl4jlosses.layer.TorchHardswish;
import io.github.dl4jlosses.layer.TorchLeakyReLU;
import io.github.dl4jlosses.layer.TorchPReLU;
import io.github.dl4jlosses.layer.TorchSoftplus;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationHardTanH;
import org.nd4j.linalg.activations.impl.ActivationMish;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/** Translates activations. */
final class ActivationOperators {

    private ActivationOperators() {}

    static void addTo(Map<String, Operator> table) {
        plain(table, "relu", ActivationReLU::new);
        plain(table, "relu6", ActivationReLU6::new);
        plain(table, "tanh", ActivationTanH::new);
        plain(table, "sigmoid", ActivationSigmoid::new);
        plain(table, "silu", ActivationSwish::new);
        plain(table, "mish", ActivationMish::new);
        plain(table, "selu", ActivationSELU::new);
        plain(table, "hardswish", TorchHardswish::new);
        plain(table, "hardsigmoid", TorchHardsigmoid::new);
        table.put("torch.gelu", ActivationOperators::gelu);
        table.put("torch.hardtanh", ActivationOperators::clamped);
        table.put("torch.leaky_relu", call -> of(call, leaky(call.real(1, .01))));
        table.put("torch.elu", call -> {
            require(call, call.real(1, 1) == 1 && call.real(2, 1) == 1 && call.real(3, 1) == 1, "alpha 1");
            return of(call, Source.<IActivation>of(ActivationELU::new));
        });
        table.put("torch.prelu", ActivationOperators::learnedSlope);
        table.put("torch.softplus", call -> {
            double beta = call.real(1, 1);
            double threshold = call.real(2, 20);
            return of(call, Source.<IActivation, Double, Double>of(TorchSoftplus::new, beta, threshold));
        });
        table.put("torch.softmax", call -> softmax(call, ActivationSoftmax::new));
        table.put("torch.log_softmax", call -> softmax(call, ActivationLogSoftmax::new));
    }

    private static void plain(Map<String, Operator> table, String name, Supplier<IActivation> function) {
        table.put("torch." + name, call -> of(call, Source.of(function)));
    }

    private static void require(Call call, boolean holds, String only) {
        if (!holds) {
            throw call.refused("has options for which DL4J has no exact activation; it has one for " + only);
        }
    }

    private static Source<IActivation> leaky(double slope) {
        return Source.of(TorchLeakyReLU::new, slope);
    }

    /** Translates PReLU, with one slope for all or one for each channel, torch's second dimension. */
    private static Object learnedSlope(Call call) {
        Activation x = call.activation(0);
        Weight weight = call.weight(1);
        boolean perChannel = !weight.shape().equals(List.of(1L));
        boolean fits = x.form() == Form.FLAT || x.form() == Form.SEQUENCE || x.form() == Form.IMAGE;
        boolean ofChannels = x.isChannels(1) && weight.shape().equals(List.of(x.channels()));
        if (!fits || (perChannel && !ofChannels)) {
            throw call.refused("has slopes of " + weight.shape() + " for " + x.words() + ", a " + x.form()
                    + "; a layer has one for all or one for each channel of flat arrays, sequences and images");
        }
        Source<TorchPReLU> layer = Source.of(() -> new TorchPReLU.Builder())
                .with("perChannel", TorchPReLU.Builder::perChannel, perChannel)
                .with("nIn", TorchPReLU.Builder::nIn, x.channels())
                .then("build", TorchPReLU.Builder::build);
        Map<String, String> tensors = Map.of("weight", weight.name());
        if (x.form() == Form.IMAGE) {
            return Reshaping.overPixels(call, x, pixels -> call.add(layer, pixels, tensors));
        }
        return x.with(call.add(layer, x.vertex(), tensors), x.shape());
    }

    private static Object gelu(Call call) {
        Object form = call.has(1) ? call.any(1) : call.named("approximate");
        if (form == null || "none".equals(form)) {
            return of(call, Source.<IActivation>of(() -> new TorchGELU()));
        }
        require(call, "tanh".equals(form), "approximate 'none' and 'tanh'");
        return of(call, Source.<IActivation, TorchGELU.Approximate>of(TorchGELU::new, TorchGELU.Approximate.TANH));
    }

    /** Translates a clamp, which is how a ReLU6 is traced. */
    private static Object clamped(Call call) {
        double low = call.real(1, -1);
        double high = call.real(2, 1);
        if (low == 0 && high == 6) {
            return of(call, Source.<IActivation>of(ActivationReLU6::new));
        }
        require(call, low == -1 && high == 1, "-1 to 1, and 0 to 6");
        return of(call, Source.<IActivation>of(ActivationHardTanH::new));
    }

    static Object of(Call call, Source<IActivation> function) {
        return of(call, function, false);
    }

    private static Activation of(Call call, Source<IActivation> function, boolean onlyAtOutput) {
        Activation x = call.activation(0);
        if (x.form() == Form.TOKENS) {
            throw call.refused("takes indices");
        }
        Source<ActivationLayer> layer = Source.of(() -> new ActivationLayer.Builder())
                .withMade("activation", (builder, a) -> builder.activation(a), function)
                .then("build", ActivationLayer.Builder::build);
        String vertex = call.add(layer, call.own(x.vertex()), Map.of());
        call.role(vertex, new PlannedVertex.Activating(function, onlyAtOutput));
        return x.with(vertex, x.shape());
    }

    /** Translates softmax. DL4J's is for flat arrays; only its output layers apply it to others as well. */
    private static Object softmax(Call call, Supplier<IActivation> function) {
        Activation x = call.activation(0);
        if (!x.isChannels(call.dimension(1, x))) {
            throw call.refused("goes along the dimension " + call.any(1) + " of " + x.words()
                    + ", which is not that of the channels");
        }
        return of(call, Source.of(function), x.form() != Form.FLAT);
    }
}
