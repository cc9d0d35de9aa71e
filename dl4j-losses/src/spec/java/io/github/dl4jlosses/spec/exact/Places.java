/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.exact;

/** Where the rows of an (N, C, d1..dk) tensor lie in row-major order; the class dimension is 1, or 0 for rank 1. */
public final class Places {
    private final long[] shape;
    private final int size;
    private final int classes;
    private final int inner;

    public Places(long... shape) {
        int all = 1;
        int behind = 1;
        for (int d = 0; d < shape.length; d++) {
            all *= (int) shape[d];
            behind *= d > 1 ? (int) shape[d] : 1;
        }
        this.shape = shape;
        this.size = all;
        this.inner = behind;
        this.classes = shape.length == 0 ? 1 : (int) shape[shape.length == 1 ? 0 : 1];
    }

    public int classes() {
        return classes;
    }

    int rows() {
        return size / classes;
    }

    /** torch's batch size: the first dimension of numbers. */
    long batch() {
        return shape.length == 0 ? 1 : shape[0];
    }

    /** The same of rows of classes: one where there is a single row. */
    long batchOfRows() {
        return shape.length < 2 ? 1 : shape[0];
    }

    /** The row of a number of an array with half as many classes, by its place there. */
    int rowOfHalf(int place) {
        return place / inner / (classes / 2) * inner + place % inner;
    }

    /** The class of such a number. */
    int outputOfHalf(int place) {
        return place / inner % (classes / 2);
    }

    int at(int row, int c) {
        return (row / inner * classes + c) * inner + row % inner;
    }

    /** The class of the number at a place. */
    public int outputOf(int place) {
        return place / inner % classes;
    }
}
