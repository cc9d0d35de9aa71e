/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

/** An output layer that goes through its examples in chunks. */
interface Chunked {
    /**
     * The examples of a chunk.
     *
     * @return 0 where the layer chooses
     */
    long getChunk();

    /**
     * Sets the examples of a chunk, as a saved model has it.
     *
     * @param chunk 0 where the layer chooses
     */
    void setChunk(long chunk);
}
