/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.usecases;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.examples.common.Pictures;
import io.github.dl4jlosses.examples.common.TraceCharts;
import io.github.dl4jlosses.examples.data.FashionMnist;
import io.github.dl4jlosses.examples.data.PyTorchFiles;
import io.github.dl4jlosses.porting.TorchModel;
import io.github.dl4jlosses.porting.TorchWeights;
import io.github.dl4jlosses.updater.TorchCosineAnnealingLR;
import io.github.dl4jlosses.updater.TorchSGD;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** A ResNet-18 becomes a graph from the file that PyTorch traced, and trains along the losses that PyTorch wrote down. */
public final class TracedResnet {
    private static final String NAME = "resnet18_fashion";
    private static final DataSet TEST = FashionMnist.test();
    private static final int BATCH = 40;
    private static final int SHOWN_EVERY = 40;

    private TracedResnet() {}

    /** Reads, compares, trains, and compares again. */
    public static void main(String[] args) {
        double[] torch = PyTorchFiles.losses(NAME);
        Map<String, INDArray> outputs =
                TorchWeights.load(PyTorchFiles.outputs(NAME)).tensors();

        ComputationGraph graph = graph(torch.length);
        DataSet training = FashionMnist.training();
        System.out.printf(
                "%d parameters in %d vertices, %d pictures to train on%n",
                graph.numParams(), graph.getVertices().length, training.numExamples());
        INDArray before = graph.outputSingle(TEST.getFeatures());

        System.out.printf("%n step  loss in PyTorch  loss in DL4J%n");
        List<DataSet> batches = training.batchBy(BATCH);
        double[] losses = new double[torch.length];
        for (int step = 0; step < torch.length; step++) {
            graph.fit(batches.get(step % batches.size()));
            losses[step] = graph.score();
            if (step % SHOWN_EVERY == 0) {
                System.out.printf("%5d  %15.10f  %12.10f%n", step, torch[step], losses[step]);
            }
        }
        INDArray after = graph.outputSingle(TEST.getFeatures());

        System.out.printf("%nlargest difference of%n");
        print("outputs before the training", difference(before, outputs.get("before")));
        double[] differences = IntStream.range(0, torch.length)
                .mapToDouble(step -> Math.abs(losses[step] - torch[step]))
                .toArray();
        print(
                "losses of " + torch.length + " steps",
                Arrays.stream(differences).max().orElseThrow());
        print("outputs after the training", difference(after, outputs.get("after")));
        System.out.printf(
                "%naccuracy on %d other pictures: %.1f %% in PyTorch, %.1f %% in DL4J%n",
                TEST.numExamples(), 100 * accuracy(outputs.get("after")), 100 * accuracy(after));

        TraceCharts charts = new TraceCharts(torch, losses, differences);
        Pictures.write("traced-resnet", Pictures.TWO, charts.losses(), charts.differences());
    }

    /** What the traced file does not say: the optimizer, the loss and the size of the pictures. */
    static ComputationGraph graph(int steps) {
        TorchSGD sgd = TorchSGD.builder()
                .lrSchedule(TorchCosineAnnealingLR.builder().lr(.05).tMax(steps).build())
                .momentum(.9)
                .build();
        return TorchModel.load(PyTorchFiles.archive(NAME))
                .toComputationGraph(
                        sgd.configure(new NeuralNetConfiguration.Builder().dataType(DataType.DOUBLE)),
                        List.of(new CrossEntropyLoss()),
                        InputType.convolutional(FashionMnist.SIDE, FashionMnist.SIDE, 1));
    }

    private static double difference(INDArray ours, INDArray torchs) {
        return ours.sub(torchs).amaxNumber().doubleValue();
    }

    private static void print(String what, double difference) {
        System.out.printf("%-28s  %.1e%n", what, difference);
    }

    private static double accuracy(INDArray outputs) {
        INDArray guesses = outputs.argMax(1);
        return IntStream.range(0, TEST.numExamples())
                        .filter(i -> guesses.getInt(i) == TEST.getLabels().getInt(i))
                        .count()
                / (double) TEST.numExamples();
    }
}
