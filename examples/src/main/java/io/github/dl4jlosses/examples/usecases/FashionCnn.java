/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.usecases;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.evaluation.ClassIndexEvaluation;
import io.github.dl4jlosses.examples.common.Pictures;
import io.github.dl4jlosses.examples.data.FashionMnist;
import io.github.dl4jlosses.parity.report.Chart;
import io.github.dl4jlosses.parity.report.ChartLine;
import io.github.dl4jlosses.parity.report.Ink;
import io.github.dl4jlosses.updater.TorchAdam;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;

/** A small convolutional network learns to tell clothes apart; its labels are class indices. */
public final class FashionCnn {
    private static final int EPOCHS = 12;
    private static final int BATCH = 20;
    private static final DataSet TRAINING = FashionMnist.training();
    private static final DataSet TEST = FashionMnist.test();

    private FashionCnn() {}

    /** Trains, evaluates, and shows what is confused with what. */
    public static void main(String[] args) {
        MultiLayerNetwork network = network();
        System.out.printf(
                "%d pictures to train on, %d to test, %d parameters%n",
                TRAINING.numExamples(), TEST.numExamples(), network.numParams());
        System.out.printf("epoch  training loss  test loss  test accuracy%n");
        double[] training = new double[EPOCHS + 1];
        double[] test = new double[EPOCHS + 1];
        List<DataSet> batches = TRAINING.batchBy(BATCH);
        for (int epoch = 0; epoch <= EPOCHS; epoch++) {
            if (epoch > 0) {
                network.fit(new ExistingDataSetIterator(batches));
            }
            training[epoch] = network.score(TRAINING);
            test[epoch] = network.score(TEST);
            if (epoch % 2 == 0) {
                System.out.printf(
                        "%5d  %13.3f  %9.3f  %11.1f %%%n",
                        epoch,
                        training[epoch],
                        test[epoch],
                        100 * evaluation(network).accuracy());
            }
        }
        printConfusions(evaluation(network));

        Chart chart = new Chart("After a few epochs the network learns by heart", "epoch", "cross entropy");
        double[] epochs = IntStream.rangeClosed(0, EPOCHS).asDoubleStream().toArray();
        chart.add(ChartLine.marked("training", Ink.OURS, epochs, training));
        chart.add(ChartLine.marked("test", Ink.GREEN, epochs, test));
        Pictures.write("fashion-cnn", Pictures.ONE, chart);
    }

    private static MultiLayerNetwork network() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .updater(TorchAdam.builder().lr(.005).build())
                .list()
                .layer(new ConvolutionLayer.Builder(5, 5)
                        .stride(2, 2)
                        .nOut(8)
                        .activation(Activation.RELU)
                        .build())
                .layer(new SubsamplingLayer.Builder(PoolingType.MAX)
                        .kernelSize(2, 2)
                        .stride(2, 2)
                        .build())
                .layer(new OutputLayer.Builder(new CrossEntropyLoss())
                        .nOut(FashionMnist.CLASSES.size())
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(FashionMnist.SIDE, FashionMnist.SIDE, 1))
                .build());
        network.init();
        return network;
    }

    private static Evaluation evaluation(MultiLayerNetwork network) {
        Evaluation evaluation = new Evaluation(FashionMnist.CLASSES.size());
        network.doEvaluation(new ExistingDataSetIterator(List.of(TEST)), ClassIndexEvaluation.of(evaluation));
        return evaluation;
    }

    private static void printConfusions(Evaluation evaluation) {
        int classes = FashionMnist.CLASSES.size();
        System.out.printf("%n%-10s  recall  taken most often for, the five worst%n", "class");
        IntStream.range(0, classes)
                .boxed()
                .sorted(Comparator.comparingDouble(evaluation::recall))
                .limit(5)
                .forEach(actual -> {
                    int other = IntStream.range(0, classes)
                            .filter(c -> c != actual)
                            .boxed()
                            .max(Comparator.comparingInt(
                                    c -> evaluation.getConfusionMatrix().getCount(actual, c)))
                            .orElseThrow();
                    System.out.printf(
                            "%-10s  %4.0f %%  %s, %d of 30%n",
                            FashionMnist.CLASSES.get(actual),
                            100 * evaluation.recall(actual),
                            FashionMnist.CLASSES.get(other),
                            evaluation.getConfusionMatrix().getCount(actual, other));
                });
    }
}
