/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.util.TimeSeriesUtils;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Converts sequences to rows in DL4J's order, and back: row t·N + n is step t of sequence n. */
final class SequenceRows {
    private final boolean channelsLast;

    /** A null format stands for NCW. */
    SequenceRows(RNNFormat format) {
        this.channelsLast = format == RNNFormat.NWC;
    }

    int timeDimension() {
        return channelsLast ? 1 : 2;
    }

    /** Swaps the dimensions of features and time; applied twice it gives the sequences back. */
    private INDArray channelsFirst(INDArray sequences) {
        return channelsLast ? sequences.permute(0, 2, 1) : sequences;
    }

    INDArray rows(INDArray sequences, LayerWorkspaceMgr workspaceMgr, ArrayType type) {
        return TimeSeriesUtils.reshape3dTo2d(channelsFirst(sequences), workspaceMgr, type);
    }

    INDArray sequences(INDArray rows, long examples, LayerWorkspaceMgr workspaceMgr, ArrayType type) {
        return channelsFirst(TimeSeriesUtils.reshape2dTo3d(rows, examples, workspaceMgr, type));
    }
}
