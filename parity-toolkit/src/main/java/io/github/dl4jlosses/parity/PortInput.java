/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An input of a model as written on the command line, such as {@code picture:3x32x32}.
 *
 * @param kind the kind of data
 * @param sizes the sizes of an example
 */
record PortInput(Kind kind, List<Long> sizes) {

    private static final long SEED = 42;
    private static final int EXAMPLES = 2;

    /** The kinds of data, named before the colon. */
    enum Kind {
        FEATURES("features:F", 1),
        SEQUENCE("sequence:FxT", 2),
        INDICES("indices:VxT", 2),
        PICTURE("picture:CxHxW", 3),
        VOLUME("volume:CxDxHxW", 4);

        private final String form;
        private final int sizes;

        Kind(String form, int sizes) {
            this.form = form;
            this.sizes = sizes;
        }

        private boolean isFormOf(String text) {
            return form.startsWith(text.replaceFirst(":.*", ":"))
                    && text.split("x", -1).length == sizes
                    && text.matches("[a-z]+:[1-9][0-9]{0,8}(x[1-9][0-9]{0,8})*");
        }
    }

    static PortInput parse(String text) {
        for (Kind kind : Kind.values()) {
            if (kind.isFormOf(text)) {
                return new PortInput(
                        kind,
                        Arrays.stream(text.replaceFirst(".*:", "").split("x", -1))
                                .map(Long::valueOf)
                                .toList());
            }
        }
        throw new IllegalArgumentException("--input " + text + " must be one of "
                + String.join(
                        ", ",
                        Arrays.stream(Kind.values()).map(kind -> kind.form).toList())
                + ", with whole numbers from 1 on");
    }

    InputType type() {
        return switch (kind) {
            case FEATURES -> InputType.feedForward(sizes.get(0));
            case SEQUENCE, INDICES -> InputType.recurrent(sizes.get(0), sizes.get(1));
            case PICTURE -> InputType.convolutional(sizes.get(1), sizes.get(2), sizes.get(0));
            case VOLUME ->
                InputType.convolutional3D(
                        Convolution3D.DataFormat.NCDHW, sizes.get(1), sizes.get(2), sizes.get(3), sizes.get(0));
        };
    }

    /** Examples to compare with, the same at every call, in DL4J's order. */
    INDArray examples(DataType type) {
        Random random = new Random(SEED);
        long[] shape = LongStream.concat(
                        LongStream.of(EXAMPLES),
                        sizes.stream().mapToLong(size -> size).skip(kind == Kind.INDICES ? 1 : 0))
                .toArray();
        int length = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
        double[] numbers = kind == Kind.INDICES
                ? random.longs(length, 0, sizes.get(0)).asDoubleStream().toArray()
                : random.doubles(length, -2, 2).toArray();
        return Nd4j.createFromArray(numbers).reshape('c', shape).castTo(type);
    }
}
