/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

/** An output layer that processes its examples in chunks. */
interface Chunked {
    /**
     * The number of examples in a chunk.
     *
     * @return 0 if the layer chooses
     */
    long getChunk();

    /**
     * Sets the number of examples in a chunk, as a saved model has it.
     *
     * @param chunk 0 if the layer chooses
     */
    void setChunk(long chunk);
}
