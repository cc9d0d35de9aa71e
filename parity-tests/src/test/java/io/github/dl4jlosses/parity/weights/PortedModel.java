/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import io.github.dl4jlosses.ActivationLogSoftmax;
import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.porting.SavedModel;
import io.github.dl4jlosses.updater.TorchAdam;
import io.github.dl4jlosses.updater.TorchSGD;
import io.github.dl4jlosses.updater.TorchUpdater;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * The models of {@code generate.py}: the same layers and loss in DL4J, and the loss as a TorchScript text over the batch
 * {@code x}, {@code t}, the weights {@code w} of the loss and the parameters {@code p0}, {@code p1}, .. in torch's order.
 */
enum PortedModel {
    LOGISTIC_BCE(.1, "torch.binary_cross_entropy(torch.sigmoid(%s), t)"),
    DIGITS_SOFTMAX_NLL(.5, "torch.nll_loss_nd(torch.log_softmax(%s, 1), t)"),
    DIGITS_MLP_CE(.5, "torch.cross_entropy_loss(%s, t, w, 1, 7, 0.1)"),
    DIGITS_MULTILABEL_BCEL(.01, "torch.binary_cross_entropy_with_logits(%s, t, None, w, 1)"),
    FASHION_CNN_CE(.1, "torch.cross_entropy_loss(%s, t, None, 1, -100, 0.)"),
    TEXT_LSTM_CE(.01, "torch.cross_entropy_loss(%s, t, None, 1, -100, 0.)"),
    DIGITS_DISTILL_KL(.2, "torch.div(torch.kl_div(torch.log_softmax(%s, 1), t, 2), x.size(0))");

    /** The states begin with zeros. */
    private static final String TORCH_LSTM = """
            z = torch.zeros([1, x.size(0), 16], dtype=ops.prim.dtype(x))
            h = torch.lstm(x, [z, z], [p0, p1, p2, p3], True, 1, 0., False, False, True)[0]
            """;

    private static final Map<PortedModel, TrainingSet> READ = new ConcurrentHashMap<>();

    private final double learningRate;
    private final String torchLoss;

    PortedModel(double learningRate, String torchLoss) {
        this.learningRate = learningRate;
        this.torchLoss = torchLoss;
    }

    private boolean usesAdam() {
        return this == DIGITS_MULTILABEL_BCEL || this == TEXT_LSTM_CE;
    }

    /** The optimizer of both sides. */
    TorchUpdater updater() {
        return usesAdam()
                ? TorchAdam.builder().lr(learningRate).build()
                : TorchSGD.builder().lr(learningRate).build();
    }

    private SavedModel saved() {
        return SavedModel.valueOf(name());
    }

    String fileName() {
        return saved().fileName();
    }

    /** What torch.jit.script saved. */
    Path scripted() {
        return saved().scripted();
    }

    /** What torch.save made of the state_dict. */
    Path stateDict() {
        return saved().stateDict();
    }

    TrainingSet data() {
        return READ.computeIfAbsent(this, PortedModel::read);
    }

    private TrainingSet read() {
        return switch (this) {
            case LOGISTIC_BCE -> TrainingSet.breastCancer();
            case DIGITS_SOFTMAX_NLL, DIGITS_MLP_CE -> TrainingSet.digits();
            case DIGITS_MULTILABEL_BCEL -> TrainingSet.digitAttributes();
            case FASHION_CNN_CE -> TrainingSet.fashion();
            case TEXT_LSTM_CE -> TrainingSet.constitution();
            case DIGITS_DISTILL_KL -> TrainingSet.distilledDigits();
        };
    }

    /** Class weights or pos_weight; models without have a number that their loss does not read. */
    double[] lossWeights() {
        return switch (this) {
            case DIGITS_MLP_CE ->
                IntStream.range(0, 10).mapToDouble(i -> .5 + i / 9.).toArray();
            case DIGITS_MULTILABEL_BCEL -> new double[] {1, 1, 1.5, 2};
            default -> new double[] {1};
        };
    }

    String torchLoss() {
        String output = switch (this) {
            case LOGISTIC_BCE, DIGITS_SOFTMAX_NLL, DIGITS_DISTILL_KL -> "torch.linear(x, p0, p1)";
            case DIGITS_MLP_CE -> "torch.linear(torch.tanh(torch.linear(x, p0, p1)), p2, p3)";
            case DIGITS_MULTILABEL_BCEL -> "torch.linear(torch.relu(torch.linear(x, p0, p1)), p2, p3)";
            case FASHION_CNN_CE ->
                "torch.linear(torch.flatten(torch.max_pool2d(torch.relu(torch.conv2d(x, p0, p1, [2, 2])), "
                        + "[2, 2]), 1), p2, p3)";
            case TEXT_LSTM_CE -> "torch.transpose(torch.linear(h, p4, p5), 1, 2)";
        };
        String before = this == TEXT_LSTM_CE ? TORCH_LSTM : "";
        return before + torchLoss.formatted(output);
    }

    /** An initialised network, trained as the file says. */
    MultiLayerNetwork network(DataType type) {
        return network(type, updater());
    }

    /** An initialised network. */
    MultiLayerNetwork network(DataType type, TorchUpdater updater) {
        ListBuilder layers = updater.configure(new NeuralNetConfiguration.Builder()
                        .seed(1)
                        .dataType(type)
                        .miniBatch(false))
                .list();
        MultiLayerNetwork network = new MultiLayerNetwork(add(layers, updater).build());
        network.init();
        return network;
    }

    private ListBuilder add(ListBuilder layers, TorchUpdater updater) {
        return switch (this) {
            case LOGISTIC_BCE ->
                layers.layer(output(BCELoss.builder().miniBatch(false).build(), new ActivationSigmoid(), 30, 1));
            case DIGITS_SOFTMAX_NLL ->
                layers.layer(output(NLLLoss.builder().miniBatch(false).build(), new ActivationLogSoftmax(), 64, 10));
            case DIGITS_MLP_CE ->
                layers.layer(dense(Activation.TANH))
                        .layer(output(
                                CrossEntropyLoss.builder()
                                        .weight(lossWeights())
                                        .ignoreIndex(7)
                                        .labelSmoothing(.1)
                                        .miniBatch(false)
                                        .build(),
                                new ActivationIdentity(),
                                32,
                                10));
            case DIGITS_MULTILABEL_BCEL ->
                layers.layer(dense(Activation.RELU))
                        .layer(output(
                                BCEWithLogitsLoss.builder()
                                        .posWeight(lossWeights())
                                        .miniBatch(false)
                                        .build(),
                                new ActivationIdentity(),
                                32,
                                4));
            case FASHION_CNN_CE -> addFashion(layers);
            case TEXT_LSTM_CE -> addText(layers, updater);
            case DIGITS_DISTILL_KL ->
                layers.layer(output(
                        KLDivLoss.builder()
                                .reduction(Reduction.BATCHMEAN)
                                .miniBatch(false)
                                .build(),
                        new ActivationLogSoftmax(),
                        64,
                        10));
        };
    }

    private static ILossFunction crossEntropy() {
        return CrossEntropyLoss.builder().miniBatch(false).build();
    }

    private static DenseLayer dense(Activation activation) {
        return new DenseLayer.Builder().nIn(64).nOut(32).activation(activation).build();
    }

    private static OutputLayer output(ILossFunction loss, IActivation activation, int in, int out) {
        return new OutputLayer.Builder(loss)
                .activation(activation)
                .nIn(in)
                .nOut(out)
                .build();
    }

    private static ListBuilder addFashion(ListBuilder layers) {
        return layers.layer(new ConvolutionLayer.Builder(5, 5)
                        .stride(2, 2)
                        .nOut(4)
                        .activation(Activation.RELU)
                        .build())
                .layer(new SubsamplingLayer.Builder(
                                SubsamplingLayer.PoolingType.MAX, new int[] {2, 2}, new int[] {2, 2})
                        .build())
                .layer(output(crossEntropy(), new ActivationIdentity(), 144, 10))
                .setInputType(InputType.convolutional(28, 28, 1));
    }

    private static ListBuilder addText(ListBuilder layers, TorchUpdater updater) {
        LSTM.Builder lstm = new LSTM.Builder().nIn(70).nOut(16).activation(Activation.TANH);
        return layers.layer(updater.configureTwoBiases(lstm).build())
                .layer(new RnnOutputLayer.Builder(crossEntropy())
                        .activation(Activation.IDENTITY)
                        .dataFormat(RNNFormat.NCW)
                        .nIn(16)
                        .nOut(70)
                        .build());
    }
}
