/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The computation of {@link TorchPReLU}: the input times a slope, which is 1 above zero. */
final class TorchPReLURuntime extends SequenceRuntime<TorchPReLU> {
    private static final long serialVersionUID = 1L;

    TorchPReLURuntime(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    INDArray forward(INDArray rows, boolean training, LayerWorkspaceMgr workspaceMgr) {
        return slopes(rows, training, workspaceMgr).muli(rows);
    }

    @Override
    INDArray backward(INDArray rows, INDArray delta, LayerWorkspaceMgr workspaceMgr) {
        INDArray ofSlopes = delta.mul(rows).muli(isBelow(rows));
        setGradient(TorchPReLU.WEIGHT, layerConf().isPerChannel() ? ofSlopes.sum(0) : ofSlopes.sum());
        return slopes(rows, true, workspaceMgr).muli(delta);
    }

    private INDArray slopes(INDArray rows, boolean training, LayerWorkspaceMgr workspaceMgr) {
        // a copy: ND4J loses parts of a view far into the network's parameters
        INDArray weight =
                getParamWithNoise(TorchPReLU.WEIGHT, training, workspaceMgr).dup('c');
        INDArray below = isBelow(rows);
        INDArray above = below.rsub(1);
        INDArray ofBelow = weight.length() == 1 ? below.muli(weight.getDouble(0)) : below.muliRowVector(weight);
        return above.addi(ofBelow);
    }

    /** 1 where the learned slope applies, zero included; else 0. */
    private INDArray isBelow(INDArray rows) {
        return rows.lte(0).castTo(dataType);
    }
}
