/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.data;

import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trousers, sneakers and bags of Fashion-MNIST at half the resolution, [N, 1, 14, 14], with a one-hot label for each pixel,
 * [N, 4, 14, 14]: what it shows if it is bright, background if it is black, and zeros, which is no label, if it is faint.
 */
public final class SegmentedClothes {
    /** Pixels of a side. */
    public static final int SIDE = FashionMnist.SIDE / 2;

    /** What the classes 0 to 3 are. */
    public static final List<String> CLASSES = List.of("background", "trouser", "sneaker", "bag");

    private static final double FAINT = .2;
    private static final int IGNORED = -100;

    private SegmentedClothes() {}

    /** The pictures to train on: 300 of them. */
    public static DataSet training() {
        return segmented(FashionMnist.training());
    }

    /** The pictures that training must not see: 90 of them. */
    public static DataSet test() {
        return segmented(FashionMnist.test());
    }

    /** The labels as class indices, [N, 14, 14], -100 where there is no label. */
    public static INDArray classes(DataSet data) {
        INDArray labelled = data.getLabels().sum(1);
        INDArray classes = data.getLabels().argMax(1).castTo(DataType.DOUBLE);
        return classes.mul(labelled).add(labelled.rsub(1).mul(IGNORED)).castTo(DataType.INT64);
    }

    private static DataSet segmented(DataSet clothes) {
        int[] chosen = IntStream.range(0, clothes.numExamples())
                .filter(i -> classOf(clothes, i) > 0)
                .toArray();
        INDArray images = Nd4j.create(DataType.DOUBLE, chosen.length, 1, SIDE, SIDE);
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, chosen.length, CLASSES.size(), SIDE, SIDE);
        for (int i = 0; i < chosen.length; i++) {
            INDArray whole = clothes.getFeatures().slice(chosen[i]);
            INDArray image = whole.reshape(SIDE, 2, SIDE, 2).mean(1, 3);
            images.slice(i).slice(0).assign(image);
            labels.slice(i).slice(0).assign(image.eq(0).castTo(DataType.DOUBLE));
            labels.slice(i)
                    .slice(classOf(clothes, chosen[i]))
                    .assign(image.gt(FAINT).castTo(DataType.DOUBLE));
        }
        return new DataSet(images, labels);
    }

    /** Its place in the list, or -1. */
    private static int classOf(DataSet clothes, int i) {
        return CLASSES.indexOf(FashionMnist.CLASSES.get(clothes.getLabels().getInt(i, 0)));
    }
}
