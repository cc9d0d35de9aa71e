/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A parameter of a layer: its name, its shape in torch and its initial values. */
final class LayerParameter {
    /** The order of torch's memory. */
    static final char ORDER = 'c';

    private enum Kind {
        WEIGHT,
        FILLED,
        BIAS
    }

    private final Kind kind;
    private final String name;
    private final long fanIn;
    private final long fanOut;
    private final double first;
    private final long[] shape;

    private LayerParameter(Kind kind, String name, double first, long fanIn, long fanOut, long... shape) {
        this.kind = kind;
        this.name = name;
        this.fanIn = fanIn;
        this.fanOut = fanOut;
        this.first = first;
        this.shape = shape;
    }

    /** Weights initialised by the layer's weight initialisation. */
    static LayerParameter weight(String name, long fanIn, long fanOut, long... shape) {
        return new LayerParameter(Kind.WEIGHT, name, 0, fanIn, fanOut, shape);
    }

    /** Factors that begin as ones and decay as weights do. */
    static LayerParameter gain(String name, long size) {
        return filled(name, size, 1);
    }

    /** Weights that all begin as one number. */
    static LayerParameter filled(String name, long size, double first) {
        return new LayerParameter(Kind.FILLED, name, first, size, size, size);
    }

    static LayerParameter bias(String name, long size) {
        return new LayerParameter(Kind.BIAS, name, 0, size, size, size);
    }

    String name() {
        return name;
    }

    boolean isBias() {
        return kind == Kind.BIAS;
    }

    long length() {
        long length = 1;
        for (long size : shape) {
            length *= size;
        }
        return length;
    }

    /** The parameter in torch's shape. */
    INDArray shaped(INDArray flat) {
        return flat.reshape(ORDER, shape);
    }

    void begin(BaseLayer layer, INDArray view) {
        switch (kind) {
            case WEIGHT:
                layer.getWeightInitFn().init((double) fanIn, (double) fanOut, shape, ORDER, view);
                break;
            case FILLED:
                view.assign(first);
                break;
            default:
                view.assign(layer.getBiasInit());
        }
    }
}
