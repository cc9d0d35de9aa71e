/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;

/**
 * A sequence whose dimensions are cut, joined and moved as in no array of DL4J's layers: the way of torch to the heads
 * of attention and back.
 *
 * @param of the sequence; null between the heads and their projection, where no vertex exists yet
 * @param attention the attention that made the heads there; otherwise null
 * @param from the first of the channels that are left
 * @param scale the factor of all numbers
 * @param dimensions for each dimension in torch's order the pieces of DL4J's dimensions that form it, the slowest first
 */
record Rearranged(Activation of, Attention attention, long from, double scale, List<List<Piece>> dimensions) {

    private static final int TIME = 2;

    /** A part of a dimension of DL4J's array: every {@code stride}-th place. */
    record Piece(int axis, long stride, Extent size) {
        boolean isWhole(Activation sequence) {
            return stride == 1 && size.equals(Extent.ofSize(sequence.shape().get(axis)));
        }
    }

    /**
     * The rearranged form of a sequence, or of a subset of its channels; null for anything else, and for sizes of 1.
     */
    static Rearranged of(GraphPlan plan, Activation x) {
        if (x.form() != Form.SEQUENCE || x.shape().contains(1L)) {
            return null;
        }
        Activation of = x;
        long from = 0;
        PlannedVertex vertex = plan.vertex(x.vertex());
        if (vertex != null && vertex.vertex() != null && vertex.vertex().value() instanceof SubsetVertex subset) {
            PlannedVertex below = plan.vertex(vertex.inputs().get(0));
            if (below != null && below.role() instanceof PlannedVertex.Linear linear) {
                of = x.withChannels(below.name(), linear.out());
                from = subset.getFrom();
            }
        }
        List<List<Piece>> dimensions = new ArrayList<>();
        for (int axis : x.axes()) {
            dimensions.add(
                    axis == Activation.UNIT
                            ? List.of()
                            : List.of(new Piece(axis, 1, Extent.ofSize(x.shape().get(axis)))));
        }
        return new Rearranged(of, null, from, 1, dimensions);
    }

    Rearranged with(List<List<Piece>> other) {
        return new Rearranged(of, attention, from, scale, other);
    }

    Rearranged scaled(double by) {
        return new Rearranged(of, attention, from, scale * by, dimensions);
    }

    int rank() {
        return dimensions.size();
    }

    Extent size(int dimension) {
        return Extent.product(
                dimensions.get(dimension).stream().map(Piece::size).toList());
    }

    /** The sequence itself if it is complete and none of its dimensions is cut. */
    Object simplest() {
        List<Integer> axes = new ArrayList<>();
        for (List<Piece> dimension : dimensions) {
            if (attention != null || dimension.size() > 1) {
                return this;
            }
            axes.add(dimension.isEmpty() ? Activation.UNIT : dimension.get(0).axis());
        }
        boolean isWhole = scale == 1
                && axes.stream()
                        .filter(axis -> axis != Activation.UNIT)
                        .sorted()
                        .toList()
                        .equals(List.of(0, 1, TIME))
                && dimensions.stream().flatMap(List::stream).allMatch(piece -> piece.isWhole(of));
        return isWhole ? of.withAxes(axes) : this;
    }

    // ---- moving ----

    Rearranged permuted(List<Integer> order) {
        return with(order.stream().map(dimensions::get).toList());
    }

    Rearranged transposed(int one, int other) {
        List<List<Piece>> moved = new ArrayList<>(dimensions);
        Collections.swap(moved, one, other);
        return with(moved);
    }

    Rearranged inserted(int at) {
        List<List<Piece>> more = new ArrayList<>(dimensions);
        more.add(at, List.of());
        return with(more);
    }

    /** The same without a dimension of size 1; unchanged if its size is another. */
    Rearranged squeezed(int at) {
        return dimensions.get(at).isEmpty() ? with(without(at)) : this;
    }

    private List<List<Piece>> without(int at) {
        List<List<Piece>> fewer = new ArrayList<>(dimensions);
        fewer.remove(at);
        return fewer;
    }

    /** The number of places along a dimension of channels; 0 for any other dimension. */
    long places(int at) {
        List<Piece> pieces = dimensions.get(at);
        return pieces.size() == 1 && pieces.get(0).axis() == Activation.CHANNELS
                ? pieces.get(0).size().factor()
                : 0;
    }

    /** One place of a dimension of channels. */
    Rearranged selected(int at, long place) {
        Piece piece = dimensions.get(at).get(0);
        return new Rearranged(of, attention, from + place * piece.stride(), scale, without(at));
    }

    /** Some places of a dimension of channels. */
    Rearranged part(int at, long first, long count) {
        Piece piece = dimensions.get(at).get(0);
        List<List<Piece>> narrower = new ArrayList<>(dimensions);
        narrower.set(
                at, count == 1 ? List.of() : List.of(new Piece(piece.axis(), piece.stride(), new Extent(count, 0, 0))));
        return new Rearranged(of, attention, from + first * piece.stride(), scale, narrower);
    }

    // ---- cutting and joining ----

    /**
     * The same places with other sizes.
     *
     * @param sizes the sizes in a trace, one of which may be -1
     * @return null if the sizes cannot be formed from the old ones
     */
    Rearranged viewed(List<Object> sizes) {
        List<Piece> pieces = new ArrayList<>();
        dimensions.forEach(pieces::addAll);
        List<Extent> target =
                target(sizes, Extent.product(pieces.stream().map(Piece::size).toList()));
        if (target == null) {
            return null;
        }
        List<List<Piece>> dimensionsAfter = new ArrayList<>();
        for (Extent size : target) {
            List<Piece> taken = taken(pieces, size);
            if (taken == null) {
                return null;
            }
            dimensionsAfter.add(joined(taken));
        }
        return pieces.isEmpty() ? with(dimensionsAfter) : null;
    }

    private static List<Extent> target(List<Object> sizes, Extent all) {
        List<Extent> target = new ArrayList<>();
        int open = -1;
        for (Object given : sizes) {
            Extent size = Extent.of(given);
            boolean isOpen = size != null && size.isNumber() && size.factor() == -1;
            if (size == null || size.factor() == 0 || (size.factor() < 0 && !isOpen) || (isOpen && open >= 0)) {
                return null;
            }
            open = isOpen ? target.size() : open;
            target.add(isOpen ? Extent.ONE : size);
        }
        if (open >= 0) {
            target.set(open, all.over(Extent.product(target)));
        }
        return open >= 0 && target.get(open) == null ? null : target;
    }

    /** Takes pieces off the front until they have the size. */
    private static List<Piece> taken(List<Piece> pieces, Extent size) {
        List<Piece> taken = new ArrayList<>();
        Extent missing = size;
        while (!missing.equals(Extent.ONE)) {
            if (pieces.isEmpty()) {
                return null;
            }
            Piece next = pieces.remove(0);
            Extent rest = missing.over(next.size());
            Extent inner = next.size().over(missing);
            if (rest != null) {
                taken.add(next);
                missing = rest;
            } else if (inner != null && inner.isNumber()) {
                taken.add(new Piece(next.axis(), Math.multiplyExact(next.stride(), inner.factor()), missing));
                pieces.add(0, new Piece(next.axis(), next.stride(), inner));
                missing = Extent.ONE;
            } else {
                return null;
            }
        }
        return taken;
    }

    /** The same pieces; neighbours in DL4J's array are merged. */
    private static List<Piece> joined(List<Piece> pieces) {
        List<Piece> joined = new ArrayList<>();
        for (Piece piece : pieces) {
            Piece last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
            boolean follows = last != null
                    && last.axis() == piece.axis()
                    && piece.size().isNumber()
                    && last.stride() == piece.stride() * piece.size().factor();
            if (follows) {
                joined.set(
                        joined.size() - 1,
                        new Piece(piece.axis(), piece.stride(), last.size().times(piece.size())));
            } else {
                joined.add(piece);
            }
        }
        return joined;
    }

    @Override
    public String toString() {
        return "a sequence of the sizes "
                + dimensions.stream()
                        .map(pieces -> Extent.product(
                                        pieces.stream().map(Piece::size).toList())
                                .words())
                        .toList();
    }
}
