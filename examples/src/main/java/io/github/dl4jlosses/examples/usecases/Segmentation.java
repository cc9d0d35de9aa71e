/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.usecases;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.TargetFormat;
import io.github.dl4jlosses.evaluation.ClassIndexEvaluation;
import io.github.dl4jlosses.examples.common.Pictures;
import io.github.dl4jlosses.examples.data.SegmentedClothes;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.updater.TorchAdam;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** A class for each pixel: background, trouser, sneaker or bag. Pixels at the edges have no label, and the loss ignores them. */
public final class Segmentation {
    private static final int SIDE = SegmentedClothes.SIDE;
    private static final int EPOCHS = 8;
    private static final List<String> CLASSES = SegmentedClothes.CLASSES;
    private static final DataSet TRAINING = SegmentedClothes.training();
    private static final DataSet TEST = SegmentedClothes.test();

    private Segmentation() {}

    /** Trains without and with class weights. */
    public static void main(String[] args) {
        INDArray pixels = TRAINING.getLabels().sum(0, 2, 3);
        double labelled = pixels.sumNumber().doubleValue();
        double[] share = pixels.div(labelled).toDoubleVector();
        // all classes together count alike
        double[] weight =
                Arrays.stream(share).map(s -> 1 / (CLASSES.size() * s)).toArray();
        System.out.printf(
                "%d pictures of %d x %d, %d to test; %.0f %% of the training pixels have no label%n",
                TRAINING.numExamples(),
                SIDE,
                SIDE,
                TEST.numExamples(),
                100 - 100 * labelled / TRAINING.getFeatures().length());
        MultiLayerNetwork plain = trained(CrossEntropyLoss.builder());
        MultiLayerNetwork weighted = trained(CrossEntropyLoss.builder().weight(weight));
        System.out.printf(
                "loss of the test pictures with the weights: %.6f, torch %.6f%n%n",
                weighted.score(TEST), torch(weighted, weight));

        Evaluation withoutWeights = evaluation(plain);
        Evaluation withWeights = evaluation(weighted);
        System.out.printf("%-10s  %15s  %15s  %15s%n", "", "training pixels", "without weights", "with weights");
        System.out.printf(
                "%-10s  %7s  %6s  %7s %7s  %7s %7s%n", "class", "share", "weight", "recall", "IoU", "recall", "IoU");
        for (int c = 0; c < CLASSES.size(); c++) {
            System.out.printf(
                    "%-10s  %5.1f %%  %6.2f  %7.3f %7.3f  %7.3f %7.3f%n",
                    CLASSES.get(c),
                    100 * share[c],
                    weight[c],
                    withoutWeights.recall(c),
                    overlap(withoutWeights, c),
                    withWeights.recall(c),
                    overlap(withWeights, c));
        }
        System.out.printf(
                "pixels right: without weights %.3f, with weights %.3f%n",
                withoutWeights.accuracy(), withWeights.accuracy());

        SegmentationPicture picture = new SegmentationPicture(
                "With weights more of the clothes is found, and more is taken for clothes", 4, 12);
        picture.images("picture", TEST.getFeatures());
        picture.classes("truth", TEST.getLabels());
        picture.classes("without weights", plain.output(TEST.getFeatures()));
        picture.classes("with weights", weighted.output(TEST.getFeatures()));
        Pictures.write("segmentation", picture.withLegend(CLASSES.toArray(String[]::new)));
    }

    private static MultiLayerNetwork trained(CrossEntropyLoss.Builder loss) {
        // one-hot labels; and torch's mean is over the pixels, DL4J's over the pictures
        loss.targetFormat(TargetFormat.ONE_HOT).positionsPerExample(SIDE * SIDE);
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .updater(TorchAdam.builder().lr(.01).build())
                .convolutionMode(ConvolutionMode.Same)
                .activation(Activation.RELU)
                .list()
                .layer(new ConvolutionLayer.Builder(5, 5).nOut(8).build())
                .layer(new ConvolutionLayer.Builder(5, 5).nOut(8).build())
                .layer(new ConvolutionLayer.Builder(3, 3)
                        .nOut(CLASSES.size())
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new CnnLossLayer.Builder(loss.build())
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(SIDE, SIDE, 1))
                .build());
        network.init();
        List<DataSet> batches = TRAINING.batchBy(10);
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            network.fit(new ExistingDataSetIterator(batches));
        }
        return network;
    }

    /** torch's mean over the labelled pixels. */
    private static double torch(MultiLayerNetwork network, double[] weight) {
        INDArray logProbabilities = Transforms.log(network.output(TEST.getFeatures()));
        return TorchFunction.of("torch.nll_loss_nd(x, t, w, 1, -100)", "x", "t", "w")
                .call(logProbabilities, SegmentedClothes.classes(TEST), Nd4j.createFromArray(weight))
                .value()
                .item();
    }

    /** Counts the labelled pixels of the test pictures; DL4J's evaluations alone would take all zeros for a class. */
    private static Evaluation evaluation(MultiLayerNetwork network) {
        Evaluation evaluation = new Evaluation(CLASSES.size());
        ClassIndexEvaluation.of(evaluation).eval(SegmentedClothes.classes(TEST), network.output(TEST.getFeatures()));
        return evaluation;
    }

    /** Intersection over union: of the pixels that are of the class or are taken for it, those that are both. */
    private static double overlap(Evaluation evaluation, int c) {
        double both = evaluation.truePositives().get(c);
        return both
                / (both
                        + evaluation.falsePositives().get(c)
                        + evaluation.falseNegatives().get(c));
    }
}
