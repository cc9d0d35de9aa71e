/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The computation of {@link LearnedPositions}. */
final class LearnedPositionsRuntime extends SequenceRuntime<LearnedPositions> {
    private static final long serialVersionUID = 1L;

    LearnedPositionsRuntime(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    INDArray forward(INDArray rows, boolean training, LayerWorkspaceMgr workspaceMgr) {
        long steps = steps();
        if (steps > layerConf().getLength()) {
            throw new IllegalArgumentException("LearnedPositions have "
                    + layerConf().getLength() + " places, got " + steps + " steps " + layerId());
        }
        // a copy: ND4J loses parts of a view far into the network's parameters
        INDArray weight = getParamWithNoise(LearnedPositions.WEIGHT, training, workspaceMgr)
                .dup('c')
                .reshape('c', layerConf().getLength(), rows.size(1));
        INDArray used = weight.get(NDArrayIndex.interval(0, steps), NDArrayIndex.all())
                .dup('c')
                .reshape('c', 1, steps * rows.size(1));
        INDArray examples = rows.dup('c').reshape('c', rows.size(0) / steps, steps * rows.size(1));
        return examples.addiRowVector(used).reshape('c', rows.shape());
    }

    @Override
    INDArray backward(INDArray rows, INDArray delta, LayerWorkspaceMgr workspaceMgr) {
        long steps = steps();
        INDArray ofUsed = delta.dup('c')
                .reshape('c', delta.size(0) / steps, steps * delta.size(1))
                .sum(0)
                .reshape('c', steps, delta.size(1));
        INDArray ofWeight = Nd4j.zeros(dataType, layerConf().getLength(), delta.size(1));
        ofWeight.get(NDArrayIndex.interval(0, steps), NDArrayIndex.all()).assign(ofUsed);
        setGradient(LearnedPositions.WEIGHT, ofWeight);
        return delta;
    }
}
