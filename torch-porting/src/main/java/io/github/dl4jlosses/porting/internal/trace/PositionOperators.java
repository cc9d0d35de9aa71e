/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import io.github.dl4jlosses.layer.LearnedPositions;
import java.util.List;
import java.util.Map;

/** Translates embeddings of positions: a parameter, or the first rows of a table, added to each step of a sequence. */
final class PositionOperators {

    private PositionOperators() {}

    static void addTo(Map<String, Operator> table) {
        table.put("torch.arange", PositionOperators::count);
    }

    /** The numbers from 0 to before a size. */
    record Places(Extent size) {}

    /** The first rows of a table, one for each step. */
    record Rows(Weight weight, Extent size) {}

    private static Object count(Call call) {
        if (call.arguments() == 3 && Long.valueOf(0).equals(call.any(0))) {
            Extent end = Extent.of(call.any(1));
            Extent step = Extent.of(call.any(2));
            if (end != null && step != null) {
                return new BagOperators.Starts(end, step);
            }
        }
        Extent size = call.arguments() == 1 ? Extent.of(call.any(0)) : null;
        if (size == null) {
            throw call.refused("counts by other steps than 1 or from another number than 0");
        }
        return new Places(size);
    }

    /** The rows that an embedding looks up for positions. */
    static Rows rows(Call call, Places places) {
        if (call.number(2, -1) >= 0 || call.flag(3, false) || call.flag(4, false)) {
            throw call.refused("looks up positions with padding_idx, or scales or makes sparse its gradient");
        }
        return new Rows(call.weight(0), places.size());
    }

    /** Whether a value can be added to a sequence as positions. */
    static boolean isPosition(Object value) {
        return value instanceof Rows || value instanceof Weight;
    }

    /** A sequence with a vector added to each step. */
    static Activation added(Call call, Activation x, Object positions) {
        Rows rows = positions instanceof Rows given ? given : null;
        Weight weight = rows == null ? (Weight) positions : rows.weight();
        List<Long> shape = weight.shape();
        boolean leadingOne = rows == null && shape.size() == 3 && shape.get(0) == 1;
        int last = x.rank() - 1;
        boolean fits = x.form() == Form.SEQUENCE
                && x.rank() == 3
                && x.isTime(last - 1)
                && x.isChannels(last)
                && shape.size() == (leadingOne ? 3 : 2)
                && shape.get(shape.size() - 1) == x.channels();
        long steps = fits ? x.size(last - 1) : 0;
        long length = fits ? shape.get(shape.size() - 2) : 0;
        boolean allAreTaken =
                rows == null ? length == steps : rows.size().equals(Extent.ofSize(steps)) && steps <= length;
        if (!fits || steps <= 0 || !allAreTaken) {
            throw call.refused(
                    "adds the parameter " + weight.name() + " of " + shape + " to " + x.words()
                            + "; a layer has it for sequences [N, T, C] whose length the InputType says, with a vector for each step");
        }
        Source<LearnedPositions> layer = Source.of(LearnedPositions.Builder::new, length)
                .with("leadingOne", LearnedPositions.Builder::leadingOne, leadingOne)
                .with("nIn", LearnedPositions.Builder::nIn, x.channels())
                .then("build", LearnedPositions.Builder::build);
        return x.with(call.add(layer, x.vertex(), Map.of("weight", weight.name())), x.shape());
    }
}
