/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The computation of a {@link MultiHeadAttention}; a head of a sequence is one matrix (T, E / heads). */
final class MultiHeadAttentionRuntime extends SequenceRuntime<MultiHeadAttention> {
    private static final long serialVersionUID = 1L;

    MultiHeadAttentionRuntime(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    INDArray forward(INDArray rows, boolean training, LayerWorkspaceMgr workspaceMgr) {
        return SequenceLinearRuntime.linear(
                together(attention(rows, training, workspaceMgr).output()),
                parameter(MultiHeadAttention.OUT_WEIGHT, training, workspaceMgr),
                parameter(MultiHeadAttention.OUT_BIAS, training, workspaceMgr));
    }

    /** The parameter, or null if there is none. */
    private INDArray parameter(String name, boolean training, LayerWorkspaceMgr workspaceMgr) {
        return params.containsKey(name) ? getParamWithNoise(name, training, workspaceMgr) : null;
    }

    private AttentionHeads attention(INDArray rows, boolean training, LayerWorkspaceMgr workspaceMgr) {
        INDArray projected = SequenceLinearRuntime.linear(
                rows,
                parameter(MultiHeadAttention.IN_WEIGHT, training, workspaceMgr),
                parameter(MultiHeadAttention.IN_BIAS, training, workspaceMgr));
        return new AttentionHeads(part(projected, 0), part(projected, 1), part(projected, 2), unseen());
    }

    @Override
    INDArray backward(INDArray rows, INDArray delta, LayerWorkspaceMgr workspaceMgr) {
        AttentionHeads attention = attention(rows, true, workspaceMgr);
        setGradient(MultiHeadAttention.OUT_WEIGHT, delta.transpose().mmul(together(attention.output())));
        INDArray ofHeads = delta.mmul(parameter(MultiHeadAttention.OUT_WEIGHT, true, workspaceMgr));
        AttentionHeads.Gradients gradients = attention.backward(apart(ofHeads));
        INDArray ofProjected =
                Nd4j.hstack(together(gradients.ofQuery), together(gradients.ofKey), together(gradients.ofValue));
        setGradient(MultiHeadAttention.IN_WEIGHT, ofProjected.transpose().mmul(rows));
        if (layerConf().isHasBias()) {
            setGradient(MultiHeadAttention.OUT_BIAS, delta.sum(0));
            setGradient(MultiHeadAttention.IN_BIAS, ofProjected.sum(0));
        }
        return ofProjected.mmul(parameter(MultiHeadAttention.IN_WEIGHT, true, workspaceMgr));
    }

    // ---- heads ----

    private INDArray part(INDArray projected, int number) {
        long e = layerConf().getNIn();
        return apart(projected.get(NDArrayIndex.all(), NDArrayIndex.interval(number * e, (number + 1) * e)));
    }

    /** From rows of all heads side by side to (N · heads, T, E / heads). */
    private INDArray apart(INDArray rows) {
        int heads = layerConf().getHeads();
        long size = rows.size(1) / heads;
        return rows.dup('c')
                .reshape('c', examples(), steps(), heads, size)
                .permute(0, 2, 1, 3)
                .dup('c')
                .reshape('c', examples() * heads, steps(), size);
    }

    private INDArray together(INDArray heads) {
        return heads.reshape('c', examples(), layerConf().getHeads(), steps(), heads.size(2))
                .permute(0, 2, 1, 3)
                .dup('c')
                .reshape('c', examples() * steps(), layerConf().getNIn());
    }

    private long examples() {
        return input.size(0);
    }

    /**
     * The mask added to the scores, (N · heads, T, T): minus infinity where a step does not see another; null: no mask.
     */
    private INDArray unseen() {
        if (maskArray == null && !layerConf().isCausal()) {
            return null;
        }
        int t = (int) steps();
        int heads = layerConf().getHeads();
        double[] added = new double[(int) examples() * heads * t * t];
        for (int head = 0, i = 0; head < examples() * heads; head++) {
            boolean[] isPadding = padding(head / heads);
            for (int from = 0; from < t; from++) {
                for (int to = 0; to < t; to++, i++) {
                    boolean isSeen = !isPadding[to] && !(layerConf().isCausal() && to > from);
                    added[i] = isSeen ? 0 : Double.NEGATIVE_INFINITY;
                }
            }
        }
        return Nd4j.createFromArray(added)
                .reshape('c', examples() * heads, t, t)
                .castTo(dataType);
    }

    private boolean[] padding(long example) {
        boolean[] isPadding = new boolean[(int) steps()];
        for (int step = 0; maskArray != null && step < isPadding.length; step++) {
            isPadding[step] = maskArray.getDouble(example, step) == 0;
        }
        return isPadding;
    }
}
