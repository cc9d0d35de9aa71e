/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * A loss whose weights differ from row to row. Its kernel treats each element of a tile as an output with weights of
 * its own.
 */
public final class SpreadWeightsKernel implements Kernel {
    private final SpreadNumbers weight;
    private final SpreadNumbers posWeight;
    private final OfWeights kernel;

    /** Makes a kernel of weights and of weights of positive targets, one number per output or null each. */
    @FunctionalInterface
    public interface OfWeights {
        Kernel of(double[] weight, double[] posWeight);
    }

    /** Either of the weights may be null. */
    public SpreadWeightsKernel(SpreadNumbers weight, SpreadNumbers posWeight, OfWeights kernel) {
        this.weight = weight;
        this.posWeight = posWeight;
        this.kernel = kernel;
    }

    @Override
    public boolean lossPerRow() {
        return kernel.of(null, null).lossPerRow();
    }

    @Override
    public void compute(Tile tile, double scale) {
        tile.outputs = tile.rows * tile.classes;
        kernel.of(read(weight, tile), read(posWeight, tile)).compute(tile, scale);
    }

    private static double[] read(SpreadNumbers numbers, Tile tile) {
        return numbers == null ? null : numbers.read(tile.first, tile.rows);
    }
}
