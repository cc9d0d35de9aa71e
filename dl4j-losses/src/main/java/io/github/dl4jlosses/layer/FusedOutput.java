/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The computation of a {@link FusedOutputLayer}, whose input is already rows. */
final class FusedOutput extends FusedRuntime<FusedOutputLayer> {
    private static final long serialVersionUID = 1L;

    FusedOutput(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    void requireInputAndLabelsFit() {
        // the loss does it
    }

    @Override
    void inputToRows(LayerWorkspaceMgr workspaceMgr, ArrayType type) {
        // they are
    }

    @Override
    INDArray ofInput(INDArray rows, LayerWorkspaceMgr workspaceMgr) {
        return rows;
    }

    @Override
    long rowsOfExample() {
        return 1;
    }

    @Override
    protected INDArray getLabels2d(LayerWorkspaceMgr workspaceMgr, ArrayType arrayType) {
        return labels;
    }

    @Override
    public INDArray computeScoreForExamples(double fullNetRegTerm, LayerWorkspaceMgr workspaceMgr) {
        return workspaceMgr.leverageTo(
                ArrayType.ACTIVATIONS, lossOfRows(workspaceMgr).addi(fullNetRegTerm));
    }
}
