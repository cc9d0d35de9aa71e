/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.usecases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchTensor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** The step of the page. */
class DistillationTest {
    private static final double TEMPERATURE = 4;
    private static final String TORCH =
            "torch.kl_div(torch.log_softmax(x @ W / T, 1), torch.softmax(teacher / T, 1), 2) / x.size(0) * T * T";

    @Test
    void theStepThroughTheVertexIsTorchsWithTheSquareOfTheTemperature() {
        INDArray pixels = Nd4j.createFromArray(new double[][] {{1, -2, 0.5}, {0.3, 0.8, -1}, {2, 0.1, 0.7}});
        INDArray teacher = Nd4j.createFromArray(new double[][] {{3, -1, 0, 2}, {-4, 5, 1, 1}, {0, 0, 8, -2}});
        ComputationGraph student = student();
        INDArray before = student.getParam("logits_W").dup();

        student.fit(new DataSet(pixels, Nd4j.nn.softmax(teacher.div(TEMPERATURE), 1)));

        double[] gradient = TorchFunction.of(TORCH, "x", "W", "teacher", "T")
                .withRespectTo("W")
                .call(pixels, before, teacher, Nd4j.scalar(TEMPERATURE))
                .gradient("W")
                .toDoubles();
        INDArray step = before.sub(student.getParam("logits_W"));
        assertThat(TorchTensor.of(step).toDoubles()).containsExactly(gradient, within(1e-15));
    }

    private static ComputationGraph student() {
        ComputationGraph student = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(TEMPERATURE * TEMPERATURE))
                .activation(Activation.IDENTITY)
                .graphBuilder()
                .addInputs("pixels")
                .addLayer("logits", new DenseLayer.Builder().nIn(3).nOut(4).build(), "pixels")
                .addVertex("softened", new ScaleVertex(1 / TEMPERATURE), "logits")
                .addLayer("digit", head(), "softened")
                .setOutputs("digit")
                .build());
        student.init();
        return student;
    }

    private static LossLayer head() {
        KLDivLoss loss = KLDivLoss.builder().reduction(Reduction.BATCHMEAN).build();
        return new LossLayer.Builder(loss).activation(Activation.SOFTMAX).build();
    }
}
