/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Models that torch.jit.trace wrote compute in DL4J what they compute in torch, and train there along torch's own trace. */
class TracedTrainingTest {

    private static final double OUTPUT_TOLERANCE = 1e-10;
    private static final double LOSS_TOLERANCE = 1e-9;

    @ParameterizedTest
    @EnumSource
    void aTracedModelIsTorchsBeforeAlongAndAfterItsTraining(TracedFile file) throws IOException {
        TracedCase model = new TracedCase(file);
        ComputationGraph graph = model.graph();
        Map<String, INDArray> batches = TorchWeights.load(file.inputs()).tensors();
        Map<String, INDArray> outputs = TorchWeights.load(file.outputs()).tensors();
        List<String> trace = Files.readAllLines(file.trace());
        INDArray x = batches.get("x");
        INDArray y = batches.get("y");

        double before = distance(model, graph, x, outputs.get("before"));
        double losses = 0;
        for (int step = 0; step < trace.size(); step++) {
            long batch = step % x.size(0);
            graph.fit(new INDArray[] {at(x, batch)}, new INDArray[] {model.labels(at(y, batch))});
            double torchs = Double.parseDouble(trace.get(step).split(",", -1)[1]);
            losses = Math.max(losses, Math.abs(graph.score() - torchs));
        }
        double after = distance(model, graph, x, outputs.get("after"));

        System.out.printf(
                "%s: outputs differ by %.1e before training and %.1e after it, the losses of %d steps by %.1e%n",
                file, before, after, trace.size(), losses);
        assertThat(before).isLessThanOrEqualTo(OUTPUT_TOLERANCE);
        assertThat(losses).isLessThanOrEqualTo(LOSS_TOLERANCE);
        assertThat(after).isLessThanOrEqualTo(LOSS_TOLERANCE);
    }

    private static double distance(TracedCase model, ComputationGraph graph, INDArray x, INDArray torchs) {
        INDArray ours = model.inTorchsOrder(graph.output(at(x, 0))[0]);
        assertThat(ours.shape()).isEqualTo(torchs.shape());
        double distance = Transforms.abs(ours.sub(torchs)).maxNumber().doubleValue();
        assertThat(distance).isNotNaN();
        return distance;
    }

    private static INDArray at(INDArray batches, long number) {
        return batches.get(NDArrayIndex.point(number)).dup('c');
    }
}
