/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The computation of a {@link SequenceLinear}. */
final class SequenceLinearRuntime extends SequenceRuntime<SequenceLinear> {
    private static final long serialVersionUID = 1L;

    SequenceLinearRuntime(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    INDArray forward(INDArray rows, boolean training, LayerWorkspaceMgr workspaceMgr) {
        return linear(
                rows,
                getParamWithNoise(SequenceLinear.WEIGHT, training, workspaceMgr),
                params.containsKey(SequenceLinear.BIAS)
                        ? getParamWithNoise(SequenceLinear.BIAS, training, workspaceMgr)
                        : null);
    }

    /** Rows times the transposed weight plus the bias, torch's linear; null: no bias. */
    static INDArray linear(INDArray rows, INDArray weight, INDArray bias) {
        INDArray mapped = rows.mmul(weight.transpose());
        return bias == null ? mapped : mapped.addiRowVector(bias);
    }

    @Override
    INDArray backward(INDArray rows, INDArray delta, LayerWorkspaceMgr workspaceMgr) {
        setGradient(SequenceLinear.WEIGHT, delta.transpose().mmul(rows));
        if (params.containsKey(SequenceLinear.BIAS)) {
            setGradient(SequenceLinear.BIAS, delta.sum(0));
        }
        return delta.mmul(getParamWithNoise(SequenceLinear.WEIGHT, true, workspaceMgr));
    }
}
