/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;

/**
 * Translates EmbeddingBag for rows of one length: torch concatenates the rows of indices, and counts where each begins.
 */
final class BagOperators {

    private static final int SUM = 0;
    private static final int MEAN = 1;

    private BagOperators() {}

    static void addTo(Map<String, Operator> table) {
        table.put("torch.numel", BagOperators::count);
        table.put("torch.embedding_bag", BagOperators::bag);
    }

    /** Indices whose rows are concatenated. */
    record Row(Activation of) {

        @Override
        public String toString() {
            return "the indices of all examples as one row";
        }
    }

    /** The numbers from 0 to before a size, by steps of another. */
    record Starts(Extent end, Extent step) {

        @Override
        public String toString() {
            return "numbers from 0 to before " + end.words() + " by steps of " + step.words();
        }
    }

    private static Object count(Call call) {
        return length(call.activation(0)).value();
    }

    private static Extent length(Activation x) {
        return Extent.product(x.sizes().stream().map(Extent::ofSize).toList());
    }

    private static Object bag(Call call) {
        long mode = call.number(4, SUM);
        if (mode != SUM && mode != MEAN) {
            throw call.refused("takes the largest of a row; a layer takes the sum or the mean");
        }
        if (call.flag(3, false)
                || call.flag(5, false)
                || call.has(6)
                || call.flag(7, false)
                || call.number(8, -1) >= 0) {
            throw call.refused(
                    "has padding_idx, weights for each index, or a gradient that is scaled or sparse, which DL4J"
                            + " has not for sums of rows");
        }
        if (!(call.any(1) instanceof Row row) || !isStartOfEach(row.of(), call.any(2))) {
            throw call.refused("adds up rows of several lengths; DL4J has them of one, [N, T] without offsets."
                    + " Say InputType.recurrent(vocabulary, T)");
        }
        Activation looked = ProductOperators.lookedUp(call, call.weight(0), row.of());
        Source<GlobalPoolingLayer> layer = Source.of(
                        type -> new GlobalPoolingLayer.Builder(type), mode == SUM ? PoolingType.SUM : PoolingType.AVG)
                .then("build", GlobalPoolingLayer.Builder::build);
        String sum = call.add("sum", layer, null, looked.vertex(), Map.of());
        return List.of(looked.reduced(sum, false)); // the first of torch's results; the others are for its backward
    }

    private static boolean isStartOfEach(Activation indices, Object offsets) {
        return offsets instanceof Starts starts
                && starts.end().equals(length(indices))
                && starts.step().equals(Extent.ofSize(indices.size(1)));
    }
}
