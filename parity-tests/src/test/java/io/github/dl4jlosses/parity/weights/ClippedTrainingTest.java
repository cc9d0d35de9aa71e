/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.training.TorchOptimizer;
import io.github.dl4jlosses.porting.TorchWeights;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.spec.memory.FilledArray;
import io.github.dl4jlosses.updater.TorchBatchNormListener;
import io.github.dl4jlosses.updater.TorchClipGradNorm;
import io.github.dl4jlosses.updater.TorchSGD;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** The listener that clips the whole gradient beside torch, which clips its own, step after step. */
class ClippedTrainingTest {
    private static final int STEPS = 25;

    @ParameterizedTest
    @CsvSource({
        "DIGITS_MLP_CE, 2",
        "DIGITS_MLP_CE, Infinity",
        "DIGITS_MLP_CE, 1",
        "FASHION_CNN_CE, 2",
        "FASHION_CNN_CE, 3",
        "TEXT_LSTM_CE, 2",
        "TEXT_LSTM_CE, Infinity",
        "TEXT_LSTM_CE, 1"
    })
    void aPortedModelIsOnTorchsTrajectory(PortedModel model, double normType) {
        TorchWeights weights = TorchWeights.load(model.stateDict());
        double maxNorm = medianOfNorms(model, weights, normType);
        MultiLayerNetwork network = model.network(DataType.DOUBLE);
        weights.copyInto(network);
        TorchClipGradNorm ours =
                TorchClipGradNorm.builder().maxNorm(maxNorm).normType(normType).build();
        List<Double> norms = new ArrayList<>();
        network.setListeners(ours, recorded(ours, norms));
        TorchClipping torchs = new TorchClipping(maxNorm, normType);
        Trajectory torch = LiveTraining.run(model, model.updater(), DataType.DOUBLE, weights.tensors(), STEPS, torchs);

        Trajectory dl4j = PortedTrainingTest.train(network, model, DataType.DOUBLE, STEPS);

        assertThat(dl4j.lossDistance(torch)).isLessThan(1e-12);
        assertThat(dl4j.parameterDistance(torch)).isLessThan(1e-11);
        assertSame(norms, torchs.norms(), maxNorm);
    }

    /** Of a training that is not clipped. */
    private static double medianOfNorms(PortedModel model, TorchWeights weights, double normType) {
        TorchClipping recorder = new TorchClipping(Double.MAX_VALUE, normType);
        LiveTraining.run(model, model.updater(), DataType.DOUBLE, weights.tensors(), STEPS, recorder);
        return recorder.norms().stream().sorted().toList().get(STEPS / 2);
    }

    private static void assertSame(List<Double> ours, List<Double> torchs, double maxNorm) {
        assertThat(ours).hasSameSizeAs(torchs);
        for (int step = 0; step < ours.size(); step++) {
            assertThat(ours.get(step)).as("norm of step %d", step).isCloseTo(torchs.get(step), within(1e-11));
        }
        assertThat(ours).as("some are clipped").anyMatch(norm -> norm > maxNorm);
        assertThat(ours).as("and some are not").anyMatch(norm -> norm < maxNorm);
    }

    private static BaseTrainingListener recorded(TorchClipGradNorm listener, List<Double> norms) {
        return new BaseTrainingListener() {
            @Override
            public void iterationDone(Model model, int iteration, int epoch) {
                norms.add(listener.getLastNorm());
            }
        };
    }

    private static final String[] WITH_BATCH_NORM = {"w0", "b0", "gamma", "beta", "w1", "b1"};
    private static final TorchFunction BATCH_NORM_LOSS = TorchFunction.of(
                    """
                    z = torch.linear(x, w0, b0)
                    y = torch.batch_norm(z, gamma, beta, None, None, True, 0.1, 1e-05, False)
                    torch.cross_entropy_loss(torch.linear(torch.tanh(y), w1, b1), t)
                    """, "x", "t", "w0", "b0", "gamma", "beta", "w1", "b1")
            .withRespectTo(WITH_BATCH_NORM);

    /** The statistics that DL4J passes on as gradients are none of torch's, and it divides by the examples later. */
    @ParameterizedTest
    @CsvSource({"false, false, false", "false, true, true", "true, false, true", "true, true, false"})
    void aNetworkWithBatchNormIsOnTorchsWayWhateverDividesTheGradient(
            boolean graph, boolean miniBatch, boolean useLogStd) {
        Random random = PrintedSeed.randomFor(ClippedTrainingTest.class);
        double maxNorm = .8;
        TorchSGD sgd = TorchSGD.builder().lr(.2).momentum(.5).weightDecay(.01).build();
        MultiLayerNetwork layers = batchNormalised(sgd, miniBatch, useLogStd);
        Model net = graph ? layers.toComputationGraph() : layers;
        net.conf().setMiniBatch(miniBatch); // toComputationGraph loses it
        TorchClipGradNorm ours = TorchClipGradNorm.builder().maxNorm(maxNorm).build();
        List<Double> norms = new ArrayList<>();
        net.setListeners(new TorchBatchNormListener(), ours, recorded(ours, norms));
        TorchClipping torchs = new TorchClipping(maxNorm, 2);
        List<TorchOptimizer> torch = parameters(layers).stream()
                .map(parameter -> new TorchOptimizer(sgd, parameter))
                .collect(Collectors.toCollection(ArrayList::new));
        for (int ofBatchNorm : new int[] {2, 3}) {
            torch.set(
                    ofBatchNorm,
                    new TorchOptimizer(withoutDecay(sgd), parameters(layers).get(ofBatchNorm)));
        }
        for (int step = 0; step < STEPS; step++) {
            int n = 5 + step % 3;
            INDArray x = FilledArray.of(() -> 2 * random.nextDouble() - 1, DataType.DOUBLE, n, 4);
            INDArray t =
                    Nd4j.createFromArray(random.ints(n, 0, 3).asLongStream().toArray());
            ((NeuralNetwork) net).fit(new DataSet(x, t.castTo(DataType.DOUBLE).reshape(n, 1)));
            step(torch, x, t, torchs);
        }

        assertSame(norms, torchs.norms(), maxNorm);
        List<INDArray> trained = parameters(graph ? ((ComputationGraph) net).getLayers() : layers.getLayers());
        for (int i = 0; i < trained.size(); i++) {
            assertThat(TorchTensor.of(trained.get(i)).toDoubles())
                    .as(WITH_BATCH_NORM[i])
                    .containsExactly(torch.get(i).parameter().toDoubles(), within(1e-11));
        }
    }

    /** DL4J never decays gamma and beta. */
    private static TorchSGD withoutDecay(TorchSGD sgd) {
        return TorchSGD.builder().lr(sgd.getLr()).momentum(sgd.getMomentum()).build();
    }

    private static void step(List<TorchOptimizer> torch, INDArray x, INDArray t, TorchClipping clipping) {
        List<TorchTensor> arguments = new ArrayList<>(List.of(TorchTensor.of(x), TorchTensor.of(t)));
        torch.forEach(optimizer -> arguments.add(optimizer.parameter()));
        TorchResult result = BATCH_NORM_LOSS.call(arguments.toArray(TorchTensor[]::new));
        List<TorchTensor> gradients = clipping.clip(IntStream.range(0, torch.size())
                .mapToObj(i -> result.gradient(WITH_BATCH_NORM[i]))
                .toList());
        for (int i = 0; i < torch.size(); i++) {
            torch.get(i).step(gradients.get(i));
        }
    }

    private static List<INDArray> parameters(MultiLayerNetwork net) {
        return parameters(net.getLayers());
    }

    /** Copies in torch's layout. */
    private static List<INDArray> parameters(Layer... layers) {
        return List.of(
                layers[0].getParam("W").transpose().dup('c'),
                flat(layers[0].getParam("b")),
                flat(layers[1].getParam("gamma")),
                flat(layers[1].getParam("beta")),
                layers[3].getParam("W").transpose().dup('c'),
                flat(layers[3].getParam("b")));
    }

    private static INDArray flat(INDArray vector) {
        return vector.reshape(vector.length()).dup();
    }

    private static MultiLayerNetwork batchNormalised(TorchSGD sgd, boolean miniBatch, boolean useLogStd) {
        MultiLayerNetwork net = new MultiLayerNetwork(sgd.configure(new NeuralNetConfiguration.Builder()
                        .dataType(DataType.DOUBLE)
                        .seed(1)
                        .miniBatch(miniBatch))
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(4)
                        .nOut(6)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new BatchNormalization.Builder()
                        .nIn(6)
                        .nOut(6)
                        .useLogStd(useLogStd)
                        .build())
                .layer(new ActivationLayer(Activation.TANH))
                .layer(new OutputLayer.Builder(
                                CrossEntropyLoss.builder().miniBatch(miniBatch).build())
                        .nIn(6)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        net.init();
        return net;
    }
}
