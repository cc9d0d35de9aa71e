/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.usecases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.SigmoidFocalLoss;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.examples.common.Networks;
import io.github.dl4jlosses.examples.data.DigitQuestions;
import io.github.dl4jlosses.examples.data.FashionMnist;
import io.github.dl4jlosses.examples.data.HandwrittenDigits;
import io.github.dl4jlosses.examples.data.PyTorchFiles;
import io.github.dl4jlosses.parity.Parity;
import io.github.dl4jlosses.parity.Targets;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.porting.TorchWeights;
import io.github.dl4jlosses.swap.LossSwap;
import io.github.dl4jlosses.swap.Scale;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.modelimport.keras.KerasModelImport;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** What the pages of use cases say, beyond what their programs print. */
class UseCasesTest {
    private static final double TEMPERATURE = 4;
    private static final String TORCH =
            "torch.kl_div(torch.log_softmax(x @ W / T, 1), torch.softmax(teacher / T, 1), 2) / x.size(0) * T * T";

    /** The first steps of the example, which takes long: a build runs it only in full. */
    @Test
    void aTracedResnetBeginsAsInPyTorch() {
        String model = "resnet18_fashion";
        double[] torch = PyTorchFiles.losses(model);
        ComputationGraph graph = TracedResnet.graph(torch.length);
        INDArray outputs =
                TorchWeights.load(PyTorchFiles.outputs(model)).tensors().get("before");
        List<DataSet> batches = FashionMnist.training().batchBy(40);

        assertThat(graph.outputSingle(FashionMnist.test().getFeatures())
                        .sub(outputs)
                        .amaxNumber()
                        .doubleValue())
                .isLessThan(1e-10);
        for (int step = 0; step < 10; step++) {
            graph.fit(batches.get(step));
            assertThat(graph.score()).isCloseTo(torch[step], within(1e-9));
        }
    }

    @ParameterizedTest
    @CsvSource({"0.5, 2", "0.01, 11.95", "0.3, 0.25", "0.999, 100"})
    void posWeightMovesTheLogitOfTheMinimumByItsLogarithm(double probability, double w) {
        INDArray logit = Nd4j.createFromArray(Math.log(probability / (1 - probability)) + Math.log(w));
        INDArray labels = Nd4j.createFromArray(probability);

        double slope = BCEWithLogitsLoss.builder()
                .posWeight(w)
                .build()
                .gradient(logit, labels)
                .getDouble(0);

        assertThat(slope).isCloseTo(0, within(1e-15 * Math.max(1, w)));
    }

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

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 1, 5})
    void theFocalLossEqualsTorchForOtherExponents(double gamma) {
        Parity.of(new FocalLoss(gamma))
                .targets(Targets.zeroOrOne())
                .against("(torch.binary_cross_entropy_with_logits(z, t, None, None, 0)"
                        + " * torch.sigmoid(z * (1 - 2 * t)) ** " + gamma + ").mean()")
                .check();
    }

    /** Each in its own form: the example by products, the library's without a division by what may be 0. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 1, 2, 5})
    void theFocalLossIsThatOfTheLibraryWithoutAlpha(double gamma) {
        TorchLoss librarys = SigmoidFocalLoss.builder().alpha(-1).gamma(gamma).build();
        FocalLoss own = new FocalLoss(gamma);
        INDArray logits = Nd4j.linspace(DataType.DOUBLE, -8, .1, 160).reshape(80, 2);
        INDArray labels = Nd4j.zerosLike(logits);
        labels.putColumn(1, Nd4j.ones(DataType.DOUBLE, 80, 1));
        ActivationSigmoid sigmoid = new ActivationSigmoid();

        assertThat(own.computeScore(labels, logits, sigmoid, null, true))
                .isCloseTo(librarys.computeScore(labels, logits, sigmoid, null, true), within(1e-14));
        assertThat(TorchTensor.of(own.computeGradient(labels, logits, sigmoid, null))
                        .toDoubles())
                .containsExactly(
                        TorchTensor.of(librarys.computeGradient(labels, logits, sigmoid, null))
                                .toDoubles(),
                        within(1e-14));
    }

    @Test
    void theFocalLossLeavesMaskedRowsOut() {
        Parity.of(new FocalLoss(2))
                .targets(Targets.zeroOrOne())
                .masked()
                .against("(torch.binary_cross_entropy_with_logits(z, t, None, None, 0)"
                        + " * torch.sigmoid(z * (1 - 2 * t)) ** 2 * m).mean()")
                .check();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 3})
    void aSavedNetworkKeepsTheGammaOfTheFocalLoss(double gamma, @TempDir File folder) throws IOException {
        MultiLayerNetwork network =
                Networks.of(1, new Sgd(1), Networks.output(new FocalLoss(gamma), new ActivationSigmoid(), 2, 3));
        DataSet data = new DataSet(Nd4j.ones(DataType.DOUBLE, 1, 2), Nd4j.createFromArray(new double[][] {{1, 0, 1}}));
        File file = new File(folder, "network.zip");
        network.save(file);

        MultiLayerNetwork loaded = MultiLayerNetwork.load(file, true);

        assertThat(loaded.getLayerWiseConfigurations()).isEqualTo(network.getLayerWiseConfigurations());
        assertThat(loaded.getOutputLayer().conf().getLayer())
                .isInstanceOfSatisfying(
                        OutputLayer.class, read -> assertThat(read.getLossFn()).isEqualTo(new FocalLoss(gamma)));
        assertThat(loaded.score(data)).isEqualTo(network.score(data)).isPositive();
    }

    @Test
    void focalLossesOfOtherGammaAreOthers() {
        assertThat(new FocalLoss(2)).isNotEqualTo(new FocalLoss(1)).hasSameHashCodeAs(new FocalLoss(2));
    }

    @Test
    void aKerasModelAtTorchsScaleHasAQuarterOfScoreAndStep() throws Exception {
        MultiLayerNetwork imported;
        try (InputStream file = getClass().getResourceAsStream("/data/keras/digit_answers.h5")) {
            imported = KerasModelImport.importKerasSequentialModelAndWeights(file);
        }
        DataSet digits = new DataSet(
                HandwrittenDigits.training().getFeatures().castTo(DataType.FLOAT),
                DigitQuestions.answers(HandwrittenDigits.training()));
        MultiLayerNetwork dl4j = LossSwap.swapAll(imported, Scale.DL4J).get();
        MultiLayerNetwork torch = LossSwap.swapAll(imported, Scale.TORCH).get();

        assertThat(torch.score(digits)).isCloseTo(dl4j.score(digits) / 4, within(1e-7));
        INDArray sum = gradient(dl4j, digits);
        assertThat(gradient(torch, digits).mul(4).distance2(sum))
                .isLessThan(1e-6 * sum.norm2Number().doubleValue());
    }

    private static INDArray gradient(MultiLayerNetwork network, DataSet data) {
        network.setInput(data.getFeatures());
        network.setLabels(data.getLabels());
        network.computeGradientAndScore();
        return network.gradient().gradient();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aVanishedProbabilityBelowDl4jsLossMakesNanOfEveryWeight(boolean swapped) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .updater(new Sgd(.1))
                .list()
                .layer(new DenseLayer.Builder()
                        .activation(Activation.IDENTITY)
                        .nIn(1)
                        .nOut(2)
                        .build())
                .layer(new ActivationLayer(Activation.SOFTMAX))
                .layer(new LossLayer.Builder(new LossMCXENT())
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        network.init();
        network.setParams(Nd4j.createFromArray(new float[][] {{0, 120, 0, 0}}));
        MultiLayerNetwork trained =
                swapped ? LossSwap.swapAll(network, Scale.DL4J).get() : network;

        trained.fit(new DataSet(Nd4j.ones(1, 1), Nd4j.createFromArray(new float[][] {{1, 0}})));

        float[] expected = swapped
                ? new float[] {.1f, 119.9f, .1f, -.1f}
                : new float[] {Float.NaN, Float.NaN, Float.NaN, Float.NaN};
        assertThat(trained.params().toFloatVector()).containsExactly(expected);
    }
}
