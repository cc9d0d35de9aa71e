/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import io.github.dl4jlosses.layer.FlattenPreProcessor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.preprocessor.Cnn3DToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;

/**
 * Translates {@code flatten}, {@code view} and {@code reshape}: to flat arrays and back to pictures, with any
 * dimensions of size 1.
 */
final class Reshaping {

    private Reshaping() {}

    static Object flatten(Call call) {
        Activation x = call.activation(0);
        int first = call.dimension(1, x);
        int last = call.dimension(call.any(2) == null ? (Object) Long.valueOf(-1) : call.any(2), x.rank());
        List<Long> target = new ArrayList<>();
        long product = 1;
        for (int i = 0; i < x.rank(); i++) {
            if (i < first || i > last) {
                target.add(x.size(i));
                continue;
            }
            boolean open = product < 0 || x.size(i) < 0;
            product = open && !(product == 1 || x.size(i) == 1) ? noProduct(call, x) : product * x.size(i);
            if (i == last) {
                target.add(product);
            }
        }
        return reshape(call, x, target);
    }

    private static long noProduct(Call call, Activation x) {
        throw call.refused("joins dimensions of " + x.words() + " whose size only the data tell");
    }

    static Object view(Call call) {
        Activation x = call.activation(0);
        List<Object> given = call.list(1);
        if (x.form() == Form.TOKENS && x.rank() == 2 && x.isInOrder() && given.equals(List.of(-1L))) {
            return new BagOperators.Row(x);
        }
        Rearranged rearranged = Rearranged.of(call.plan(), x);
        Rearranged viewed = rearranged == null ? null : rearranged.viewed(given);
        if (viewed != null && !isFlat(viewed)) {
            return viewed;
        }
        long rest = x.shape().stream().skip(1).reduce(1L, (a, b) -> a < 0 || b < 0 ? Activation.UNKNOWN : a * b);
        List<Long> target = new ArrayList<>();
        long known = 1;
        int open = -1;
        for (Object size : given) {
            if (size == Call.Size.BATCH) {
                target.add(Activation.BATCH);
            } else if (size == Call.Size.UNKNOWN) {
                target.add(Activation.UNKNOWN);
            } else if (size instanceof Long number && number == -1 && open < 0) {
                open = target.size();
                target.add(null);
            } else if (size instanceof Long number
                    && number > 0
                    && number <= Integer.MAX_VALUE
                    && known <= Integer.MAX_VALUE) {
                known *= number;
                target.add(number);
            } else {
                throw call.refused("has the size " + size);
            }
        }
        if (open >= 0) {
            target.set(open, inferred(target, rest, known));
        }
        if (!target.contains(Activation.BATCH)) {
            throw call.refused("gives " + x.words() + " the sizes " + given
                    + ", in which the batch is fixed or gone; write" + " view(x.size(0), ..)");
        }
        return reshape(call, x, target);
    }

    private static boolean isFlat(Rearranged viewed) {
        return viewed.rank() == 2 && viewed.size(0).value() == Call.Size.BATCH;
    }

    /** A size of -1, which torch works out. */
    private static long inferred(List<Long> target, long rest, long known) {
        if (target.contains(Activation.BATCH)) {
            return rest > 0 && rest % known == 0 ? rest / known : Activation.UNKNOWN;
        }
        return rest == known ? Activation.BATCH : Activation.UNKNOWN;
    }

    private static Activation reshape(Call call, Activation x, List<Long> target) {
        List<Integer> real =
                x.axes().stream().filter(axis -> axis != Activation.UNIT).toList();
        List<Long> before = real.stream()
                .map(axis -> x.shape().get(axis))
                .filter(size -> size != 1)
                .toList();
        List<Long> after = target.stream().filter(size -> size != 1).toList();
        boolean keepsOnes = real.stream().noneMatch(axis -> x.shape().get(axis) == 1);
        if (keepsOnes && before.equals(after)) {
            List<Integer> axes = new ArrayList<>();
            int next = 0;
            for (long size : target) {
                axes.add(size == 1 ? Activation.UNIT : real.get(next++));
            }
            return x.withAxes(axes);
        }
        if (target.equals(x.sizes())) {
            return x;
        }
        boolean batchStays = !target.isEmpty() && target.get(0) == Activation.BATCH && real.indexOf(0) == 0;
        if (batchStays && target.size() == 2 && target.get(1) > 0 && x.form() != Form.TOKENS) {
            return flat(call, x, real, target);
        }
        if (batchStays && target.size() == 4 && x.form() == Form.FLAT && product(target) == x.channels()) {
            Source<? extends InputPreProcessor> toPicture =
                    Source.of(FeedForwardToCnnPreProcessor::new, size(target, 2), size(target, 3), size(target, 1));
            return Activation.of(call.addVertex("", vertex(toPicture), x.vertex()), Form.IMAGE, target);
        }
        if (batchStays
                && x.form() == Form.IMAGE
                && x.isInOrder()
                && target.equals(List.of(
                        Activation.BATCH,
                        x.channels(),
                        x.shape().get(2) * x.shape().get(3)))) {
            return Activation.of(call.addVertex("", reshape(target), x.vertex()), Form.SEQUENCE, target);
        }
        throw call.refused("makes " + target + " of " + x.words()
                + "; DL4J makes flat arrays of others, and pictures of" + " flat ones");
    }

    private static Source<ReshapeVertex> reshape(List<Long> sizes) {
        int[] shape = sizes.stream().mapToInt(Math::toIntExact).toArray(); // -1 for the batch, as DL4J has it
        return Source.of(numbers -> new ReshapeVertex(numbers), shape);
    }

    /** The result of a layer that reads the pixels of a picture as the steps of a sequence. */
    static Activation overPixels(Call call, Activation picture, UnaryOperator<String> layer) {
        List<Long> pixels = List.of(
                Activation.BATCH,
                picture.channels(),
                picture.shape().get(2) * picture.shape().get(3));
        String sequence = layer.apply(call.addVertex("pixels", reshape(pixels), picture.vertex()));
        return picture.with(call.addVertex("picture", reshape(picture.shape()), sequence), picture.shape());
    }

    /** An array pooled to one number for each channel as the picture of one pixel that it is in torch. */
    static Activation asPicture(Call call, Activation x) {
        if (!x.axes().equals(List.of(0, Activation.CHANNELS, Activation.UNIT, Activation.UNIT))) {
            return x;
        }
        Source<? extends InputPreProcessor> toPicture =
                Source.of(FeedForwardToCnnPreProcessor::new, 1, 1, Math.toIntExact(x.channels()));
        String vertex = call.addVertex("pixel", vertex(toPicture), x.vertex());
        return Activation.of(vertex, Form.IMAGE, List.of(Activation.BATCH, x.channels(), 1L, 1L));
    }

    private static long product(List<Long> target) {
        return target.stream().skip(1).reduce(1L, (a, b) -> a < 0 || b < 0 ? -1 : a * b);
    }

    private static int size(List<Long> sizes, int index) {
        return Math.toIntExact(sizes.get(index));
    }

    private static Activation flat(Call call, Activation x, List<Integer> order, List<Long> target) {
        if (product(x.shape()) != target.get(1)) {
            throw call.refused("makes " + target + " of " + x.words());
        }
        Source<? extends InputPreProcessor> flatten;
        if (x.form() == Form.IMAGE && x.isInOrder()) {
            flatten = Source.of(
                    CnnToFeedForwardPreProcessor::new, size(x.shape(), 2), size(x.shape(), 3), size(x.shape(), 1));
        } else if (x.form() == Form.VOLUME && x.isInOrder()) {
            flatten = Source.of(
                    Cnn3DToFeedForwardPreProcessor::new,
                    size(x.shape(), 2),
                    size(x.shape(), 3),
                    size(x.shape(), 4),
                    size(x.shape(), 1),
                    true);
        } else {
            flatten = Source.of(
                    FlattenPreProcessor::new,
                    order.stream().mapToInt(axis -> axis).toArray());
        }
        return Activation.of(call.addVertex("", vertex(flatten), x.vertex()), Form.FLAT, target);
    }

    private static Source<? extends GraphVertex> vertex(Source<? extends InputPreProcessor> processor) {
        return Source.around(inner -> new PreprocessorVertex(inner), processor);
    }
}
