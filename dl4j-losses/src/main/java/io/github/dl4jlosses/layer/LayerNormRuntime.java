/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The computation of a {@link LayerNorm}. */
final class LayerNormRuntime extends SequenceRuntime<LayerNorm> {
    private static final long serialVersionUID = 1L;

    LayerNormRuntime(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    INDArray forward(INDArray rows, boolean training, LayerWorkspaceMgr workspaceMgr) {
        INDArray output = centred(rows);
        output.muliColumnVector(inverseDeviation(output));
        INDArray weight = params.get(LayerNorm.WEIGHT);
        INDArray bias = params.get(LayerNorm.BIAS);
        if (weight != null) {
            output.muliRowVector(weight);
        }
        return bias == null ? output : output.addiRowVector(bias);
    }

    private static INDArray centred(INDArray rows) {
        return rows.subColumnVector(rows.mean(true, 1));
    }

    /** A column, 1 / √(var + eps). */
    private INDArray inverseDeviation(INDArray centred) {
        INDArray variance = centred.mul(centred).mean(true, 1);
        return Transforms.sqrt(variance.addi(layerConf().getEps()), false).rdivi(1);
    }

    /** The upstream gradient without the parts that mean and variance cancel. */
    @Override
    INDArray backward(INDArray rows, INDArray delta, LayerWorkspaceMgr workspaceMgr) {
        INDArray normal = centred(rows);
        INDArray inverse = inverseDeviation(normal);
        normal.muliColumnVector(inverse);
        INDArray weight = params.get(LayerNorm.WEIGHT);
        INDArray upstream = delta;
        if (weight != null) {
            setGradient(LayerNorm.WEIGHT, normal.mul(delta).sum(0));
            upstream = delta.mulRowVector(weight);
        }
        if (params.containsKey(LayerNorm.BIAS)) {
            setGradient(LayerNorm.BIAS, delta.sum(0));
        }
        INDArray alongNormal = upstream.mul(normal).mean(true, 1);
        INDArray ofRows = upstream.subColumnVector(upstream.mean(true, 1));
        return ofRows.subi(normal.muliColumnVector(alongNormal)).muliColumnVector(inverse);
    }
}
