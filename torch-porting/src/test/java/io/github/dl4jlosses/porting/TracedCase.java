/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.SmoothL1Loss;
import io.github.dl4jlosses.TargetFormat;
import io.github.dl4jlosses.updater.TorchAdam;
import io.github.dl4jlosses.updater.TorchAdamW;
import io.github.dl4jlosses.updater.TorchSGD;
import io.github.dl4jlosses.updater.TorchUpdater;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** What a user says of each model: loss, optimizer and inputs. */
final class TracedCase {

    private final TracedFile file;

    TracedCase(TracedFile file) {
        this.file = file;
    }

    TorchUpdater updater() {
        return switch (file) {
            case MLP_REGRESSION ->
                TorchSGD.builder().lr(.05).momentum(.9).nesterov(true).build();
            case AUTOENCODER -> TorchAdam.builder().lr(.005).build();
            case LENET -> TorchSGD.builder().lr(.05).momentum(.9).build();
            case MULTILABEL_CNN ->
                TorchAdamW.builder().lr(.003).weightDecay(.05).build();
            case RESNET_SMALL, RESNET_TORCH2 ->
                TorchSGD.builder().lr(.02).momentum(.9).build();
            case UNET_SMALL -> TorchAdam.builder().lr(.003).build();
            case TEXT_CNN, BILSTM_TAGGER, BILSTM_TORCH2 ->
                TorchAdam.builder().lr(.01).build();
        };
    }

    ILossFunction loss() {
        return switch (file) {
            case MLP_REGRESSION ->
                SmoothL1Loss.builder().beta(.5).miniBatch(false).build();
            case AUTOENCODER ->
                BCELoss.builder().reduction(Reduction.SUM).miniBatch(false).build();
            case MULTILABEL_CNN ->
                BCEWithLogitsLoss.builder()
                        .posWeight(1, 2, .5, 3)
                        .miniBatch(false)
                        .build();
            // a loss layer of pictures divides by the examples in any case
            case UNET_SMALL ->
                CrossEntropyLoss.builder()
                        .targetFormat(TargetFormat.ONE_HOT)
                        .positionsPerExample(16 * 24)
                        .build();
            case BILSTM_TAGGER, BILSTM_TORCH2 ->
                CrossEntropyLoss.builder().ignoreIndex(-100).miniBatch(false).build();
            default -> CrossEntropyLoss.builder().miniBatch(false).build();
        };
    }

    InputType input() {
        return switch (file) {
            case MLP_REGRESSION -> InputType.feedForward(7);
            case AUTOENCODER -> InputType.feedForward(36);
            case LENET -> InputType.convolutional(28, 28, 1);
            case MULTILABEL_CNN -> InputType.convolutional(16, 12, 3);
            case RESNET_SMALL, RESNET_TORCH2 -> InputType.convolutional(32, 32, 3);
            case UNET_SMALL -> InputType.convolutional(16, 24, 3);
            case TEXT_CNN -> InputType.recurrent(50, 15);
            case BILSTM_TAGGER, BILSTM_TORCH2 -> InputType.recurrent(40, 9);
        };
    }

    NeuralNetConfiguration.Builder settings() {
        return updater()
                .configure(new NeuralNetConfiguration.Builder()
                        .dataType(DataType.DOUBLE)
                        .miniBatch(file == TracedFile.UNET_SMALL));
    }

    ComputationGraph graph() {
        return TorchModel.load(file.archive()).toComputationGraph(settings(), List.of(loss()), input());
    }

    // ---- torch's arrays in DL4J's orders ----

    /** The labels of a batch. */
    INDArray labels(INDArray target) {
        return switch (file) {
            case LENET, RESNET_SMALL, RESNET_TORCH2, TEXT_CNN -> target.reshape('c', target.size(0), 1);
            case BILSTM_TAGGER, BILSTM_TORCH2 -> target.reshape('c', target.size(0), 1, target.size(1));
            case UNET_SMALL -> oneHot(target);
            default -> target;
        };
    }

    private static INDArray oneHot(INDArray classes) {
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, classes.size(0), 3, classes.size(1), classes.size(2));
        for (long n = 0; n < classes.size(0); n++) {
            for (long h = 0; h < classes.size(1); h++) {
                for (long w = 0; w < classes.size(2); w++) {
                    if (classes.getDouble(n, h, w) != 255) {
                        labels.putScalar(new long[] {n, (long) classes.getDouble(n, h, w), h, w}, 1);
                    }
                }
            }
        }
        return labels;
    }

    /** The model's output in torch's order. */
    INDArray inTorchsOrder(INDArray output) {
        boolean tagger = file == TracedFile.BILSTM_TAGGER || file == TracedFile.BILSTM_TORCH2;
        return tagger ? output.permute(0, 2, 1).dup('c') : output;
    }
}
