/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import io.github.dl4jlosses.layer.TorchBatchNormalization;
import io.github.dl4jlosses.updater.TorchBatchNormListener;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.dropout.SpatialDropout;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;

/** Translates Linear, Embedding, BatchNorm and Dropout. */
final class ProductOperators {

    private ProductOperators() {}

    static void addTo(Map<String, Operator> table) {
        table.put("torch.linear", ProductOperators::linear);
        table.put("torch.embedding", ProductOperators::embedding);
        table.put("torch.batch_norm", ProductOperators::batchNorm);
        table.put(
                "torch.dropout",
                call -> dropout(call, keep -> Source.of(kept -> new DropoutLayer.Builder(kept.doubleValue()), keep)));
        table.put(
                "torch.feature_dropout",
                call -> dropout(
                        call,
                        keep -> Source.around(
                                kind -> new DropoutLayer.Builder(kind),
                                Source.of(kept -> new SpatialDropout(kept.doubleValue()), keep))));
    }

    static Source<IActivation> identity() {
        return Source.of(ActivationIdentity::new);
    }

    /** The tensors of a weight and of a bias that may be left out. */
    static Map<String, String> tensors(Call call, int weight, int bias) {
        Map<String, String> tensors = new LinkedHashMap<>();
        tensors.put("weight", call.weight(weight).name());
        if (call.has(bias)) {
            tensors.put("bias", call.weight(bias).name());
        }
        return tensors;
    }

    private static Object linear(Call call) {
        Activation x = call.activation(0);
        Weight weight = call.weight(1);
        int last = x.rank() - 1;
        boolean flat = x.form() == Form.FLAT;
        if (weight.rank() != 2 || !x.isChannels(last) || x.size(last) != weight.size(1)) {
            throw call.refused("takes an input of the sizes " + x.words() + " and weights of " + weight.shape()
                    + "; the last size of both must agree and be that of the channels");
        }
        if (!flat && x.form() != Form.SEQUENCE) {
            throw call.refused("is applied to the channels of a " + x.form() + ", where DL4J has no dense layer");
        }
        Map<String, String> tensors = tensors(call, 1, 2);
        Source<DenseLayer> layer = Source.of(() -> new DenseLayer.Builder())
                .with("nIn", DenseLayer.Builder::nIn, weight.size(1))
                .with("nOut", DenseLayer.Builder::nOut, weight.size(0))
                .with("hasBias", DenseLayer.Builder::hasBias, call.has(2))
                .withMade("activation", (builder, a) -> builder.activation(a), identity())
                .then("build", DenseLayer.Builder::build);
        String dense = flat ? call.add(layer, x.vertex(), tensors) : perStep(call, layer, x.vertex(), tensors);
        String product = flat ? dense : call.plan().vertex(dense).inputs().get(0);
        call.role(dense, new PlannedVertex.Linear(x.vertex(), product, weight.size(1), weight.size(0), call.has(2)));
        return x.withChannels(dense, weight.size(0));
    }

    /** Applies a layer for flat arrays to each step of a sequence. */
    private static String perStep(Call call, Source<? extends Layer> layer, String input, Map<String, String> tensors) {
        Source<? extends InputPreProcessor> toRows = Source.of(() -> new RnnToFeedForwardPreProcessor());
        Source<? extends InputPreProcessor> toSequence = Source.of(() -> new FeedForwardToRnnPreProcessor());
        String rows = call.add("", layer, toRows, input, tensors);
        String suffix = call.operation().isInModuleOfTorch() ? "sequence" : "";
        return call.addVertex(suffix, Source.around(processor -> new PreprocessorVertex(processor), toSequence), rows);
    }

    private static Object embedding(Call call) {
        if (call.any(1) instanceof PositionOperators.Places places) {
            return PositionOperators.rows(call, places);
        }
        Weight weight = call.weight(0);
        Activation x = call.activation(1);
        if (call.flag(3, false) || call.flag(4, false)) {
            throw call.refused("scales its gradient by frequency or makes it sparse, which DL4J does not");
        }
        if (x.form() != Form.TOKENS) {
            throw call.refused("looks up " + x.words() + ", a " + x.form()
                    + "; say InputType.recurrent(vocabulary, length) for sequences of indices and feedForward(1) for single"
                    + " ones");
        }
        long padding = call.number(2, -1);
        Activation result = lookedUp(call, weight, x);
        if (padding >= 0) {
            call.plan().pad(result.vertex(), padding);
        }
        return result;
    }

    /** The rows of a table for indices. */
    static Activation lookedUp(Call call, Weight weight, Activation x) {
        Map<String, String> tensors = Map.of("weight", weight.name());
        if (x.rank() == 1) {
            Source<EmbeddingLayer> layer = Source.of(() -> new EmbeddingLayer.Builder())
                    .with("nIn", EmbeddingLayer.Builder::nIn, weight.size(0))
                    .with("nOut", EmbeddingLayer.Builder::nOut, weight.size(1))
                    .withMade("activation", (builder, a) -> builder.activation(a), identity())
                    .then("build", EmbeddingLayer.Builder::build);
            String vertex = call.add(layer, x.vertex(), tensors);
            return Activation.of(vertex, Form.FLAT, List.of(Activation.BATCH, (long) weight.size(1)));
        }
        Source<EmbeddingSequenceLayer> layer = Source.of(() -> new EmbeddingSequenceLayer.Builder())
                .with("nIn", EmbeddingSequenceLayer.Builder::nIn, weight.size(0))
                .with("nOut", EmbeddingSequenceLayer.Builder::nOut, weight.size(1))
                .with("inferInputLength", EmbeddingSequenceLayer.Builder::inferInputLength, true)
                .withMade("activation", (builder, a) -> builder.activation(a), identity())
                .then("build", EmbeddingSequenceLayer.Builder::build);
        String vertex = call.add(layer, x.vertex(), tensors);
        List<Integer> axes = new ArrayList<>();
        x.axes().forEach(axis -> axes.add(axis == 0 ? 0 : 2));
        axes.add(Activation.CHANNELS);
        List<Long> shape =
                List.of(Activation.BATCH, (long) weight.size(1), x.shape().get(1));
        return new Activation(vertex, Form.SEQUENCE, shape, axes);
    }

    /** Translates batch normalisation; with {@link TorchBatchNormListener} its statistics are torch's. */
    private static Object batchNorm(Call call) {
        Activation x = call.activation(0);
        if (!call.has(3) || !call.has(4)) {
            throw call.refused("has no running statistics; DL4J always keeps them");
        }
        if (call.has(1) != call.has(2)) {
            throw call.refused("has only one of weight and bias");
        }
        Weight mean = call.weight(3);
        if (x.form() == Form.VOLUME || !x.isInOrder() || x.channels() != mean.size(0)) {
            throw call.refused("normalises an input of the sizes " + x.words() + " by " + mean.size(0)
                    + " channels; DL4J does it for the second dimension of at most four");
        }
        double momentum = call.real(6, .1);
        if (momentum <= 0) {
            throw call.refused("averages over all batches alike (momentum=None), which DL4J cannot");
        }
        Map<String, String> tensors = new LinkedHashMap<>();
        if (call.has(1)) {
            tensors.putAll(tensors(call, 1, 2));
        }
        tensors.put("running_mean", mean.name());
        tensors.put("running_var", call.weight(4).name());
        Source<BatchNormalization> layer = Source.<BatchNormalization.Builder>of(TorchBatchNormalization.Builder::new)
                .with("nIn", BatchNormalization.Builder::nIn, mean.size(0))
                .with("nOut", BatchNormalization.Builder::nOut, mean.size(0))
                .with("decay", BatchNormalization.Builder::decay, 1 - momentum)
                .with("eps", BatchNormalization.Builder::eps, call.real(7, 1e-5))
                // DL4J's JSON reads the other parametrisation back as this one
                .with("useLogStd", BatchNormalization.Builder::useLogStd, true)
                .with("lockGammaBeta", BatchNormalization.Builder::lockGammaBeta, !call.has(1))
                .then("build", BatchNormalization.Builder::build);
        String vertex = x.form() == Form.SEQUENCE
                ? perStep(call, layer, x.vertex(), tensors)
                : call.add(layer, x.vertex(), tensors);
        return x.with(vertex, x.shape());
    }

    private interface DropoutOf {
        Source<DropoutLayer.Builder> keeping(Double share);
    }

    private static Object dropout(Call call, DropoutOf kind) {
        Activation x = call.activation(0);
        double share = call.real(1, .5);
        if (share == 0) {
            return x;
        }
        if (!(share > 0 && share < 1)) {
            throw call.refused("drops the share " + share + "; DL4J keeps some of its input");
        }
        Source<DropoutLayer> layer = kind.keeping(1 - share).then("build", DropoutLayer.Builder::build);
        return x.with(call.add(layer, x.vertex(), Map.of()), x.shape());
    }
}
