/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.network.BuiltInLoss.Labels;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.spec.memory.FilledArray;
import io.github.dl4jlosses.swap.LossSwap;
import io.github.dl4jlosses.swap.Scale;
import io.github.dl4jlosses.swap.Swapped;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.zoo.ZooModel;
import org.deeplearning4j.zoo.model.AlexNet;
import org.deeplearning4j.zoo.model.Darknet19;
import org.deeplearning4j.zoo.model.FaceNetNN4Small2;
import org.deeplearning4j.zoo.model.InceptionResNetV1;
import org.deeplearning4j.zoo.model.LeNet;
import org.deeplearning4j.zoo.model.NASNet;
import org.deeplearning4j.zoo.model.ResNet50;
import org.deeplearning4j.zoo.model.SimpleCNN;
import org.deeplearning4j.zoo.model.SqueezeNet;
import org.deeplearning4j.zoo.model.TextGenerationLSTM;
import org.deeplearning4j.zoo.model.TinyYOLO;
import org.deeplearning4j.zoo.model.UNet;
import org.deeplearning4j.zoo.model.VGG16;
import org.deeplearning4j.zoo.model.VGG19;
import org.deeplearning4j.zoo.model.Xception;
import org.deeplearning4j.zoo.model.YOLO2;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;

/**
 * Every model of deeplearning4j-zoo, with the smallest images that it takes. Those of more than a million parameters are left
 * to {@code -Dparity.full=true}.
 */
class SwapZooTest {
    private static final Random RANDOM = PrintedSeed.randomFor(SwapZooTest.class);
    private static final int EXAMPLES = 3;
    private static final int CLASSES = 4;
    /** Longer than a segment of the model for texts, which has 50. */
    private static final int CHARACTERS = 60;

    /** What is said of the output, and the features of an example. */
    private enum Zoo {
        LENET("Score and step are those of LossMCXENT", 1, 16, 16),
        SIMPLE_CNN("ActivationLayer has no loss that can be chosen: left as it is.", 3, 16, 16),
        TEXT_GENERATION_LSTM("Score and step are those of LossMCXENT", CLASSES, CHARACTERS),
        SQUEEZE_NET("softmax has been moved here from the ActivationLayer below", 3, 32, 32),
        DARKNET19("softmax has been moved here from the ActivationLayer below", 3, 32, 32),
        UNET("Score and step are those of LossBinaryXENT", 3, 16, 16),
        ALEX_NET("LossNegativeLogLikelihood: the losses that take part are added up. Nothing", 3, 67, 67),
        FACE_NET("Score and step are those of LossMSE", 3, 64, 64),
        INCEPTION_RES_NET_V1("Score and step are those of LossNegativeLogLikelihood", 3, 75, 75),
        RES_NET50("Score and step are those of LossNegativeLogLikelihood", 3, 72, 72),
        VGG16_("Score and step are those of LossNegativeLogLikelihood", 3, 32, 32),
        VGG19_("Score and step are those of LossNegativeLogLikelihood", 3, 32, 32),
        XCEPTION("Score and step are those of LossMCXENT", 3, 71, 71),
        TINY_YOLO("Yolo2OutputLayer has no loss that can be chosen: left as it is.", 3, 32, 32),
        YOLO2_("Yolo2OutputLayer has no loss that can be chosen: left as it is.", 3, 64, 64);

        private final String words;
        private final int channels;
        private final int height;
        private final int width;

        Zoo(String words, int channels, int... size) {
            this.words = words;
            this.channels = channels;
            this.height = size[0];
            this.width = size.length > 1 ? size[1] : 0;
        }

        boolean isSmall() {
            return compareTo(SQUEEZE_NET) <= 0;
        }

        boolean isYolo() {
            return this == TINY_YOLO || this == YOLO2_;
        }

        /** Whether it ends in a layer that computes a loss. */
        boolean hasLoss() {
            return this != SIMPLE_CNN && !isYolo();
        }

        Model newModel() {
            int[] image = {channels, height, width};
            ZooModel<?> model = switch (this) {
                case LENET ->
                    LeNet.builder().numClasses(CLASSES).inputShape(image).build();
                case SIMPLE_CNN ->
                    SimpleCNN.builder().numClasses(CLASSES).inputShape(image).build();
                case TEXT_GENERATION_LSTM ->
                    TextGenerationLSTM.builder().totalUniqueCharacters(CLASSES).build();
                case SQUEEZE_NET ->
                    SqueezeNet.builder().numClasses(CLASSES).inputShape(image).build();
                case DARKNET19 ->
                    Darknet19.builder().numClasses(CLASSES).inputShape(image).build();
                case UNET -> UNet.builder().inputShape(image).build();
                case ALEX_NET ->
                    AlexNet.builder().numClasses(CLASSES).inputShape(image).build();
                case FACE_NET ->
                    FaceNetNN4Small2.builder()
                            .numClasses(CLASSES)
                            .inputShape(image)
                            .build();
                case INCEPTION_RES_NET_V1 ->
                    InceptionResNetV1.builder()
                            .numClasses(CLASSES)
                            .inputShape(image)
                            .build();
                case RES_NET50 ->
                    ResNet50.builder().numClasses(CLASSES).inputShape(image).build();
                case VGG16_ ->
                    VGG16.builder().numClasses(CLASSES).inputShape(image).build();
                case VGG19_ ->
                    VGG19.builder().numClasses(CLASSES).inputShape(image).build();
                case XCEPTION ->
                    Xception.builder().numClasses(CLASSES).inputShape(image).build();
                case TINY_YOLO ->
                    TinyYOLO.builder().numClasses(CLASSES).inputShape(image).build();
                case YOLO2_ ->
                    YOLO2.builder().numClasses(CLASSES).inputShape(image).build();
            };
            if (this == TEXT_GENERATION_LSTM) {
                // its builder leaves the shape empty
                model.setInputShape(new int[][] {{CHARACTERS, CLASSES}});
            }
            return model.init();
        }

        Labels labels() {
            return this == UNET ? Labels.YES_OR_NO : Labels.ONE_HOT;
        }

        MultiDataSet batch() {
            long[] features = width == 0
                    ? new long[] {EXAMPLES, channels, height}
                    : new long[] {EXAMPLES, channels, height, width};
            long[] labels = switch (this) {
                case UNET -> new long[] {EXAMPLES, 1, height, width};
                case TEXT_GENERATION_LSTM -> features;
                default -> new long[] {EXAMPLES, CLASSES};
            };
            return new MultiDataSet(new INDArray[] {numbers(RANDOM::nextGaussian, features)}, new INDArray[] {
                this == UNET ? numbers(() -> RANDOM.nextInt(2), labels) : oneHot(labels)
            });
        }
    }

    private static INDArray numbers(DoubleSupplier numbers, long... shape) {
        return TorchTensor.of(TorchType.FLOAT64, FilledArray.numbers(numbers, shape), shape)
                .toArray();
    }

    private static INDArray oneHot(long... shape) {
        INDArray labels = numbers(() -> 0, shape);
        for (int row = 0; row < labels.length() / CLASSES; row++) {
            labels.vectorAlongDimension(row, 1).putScalar(RANDOM.nextInt(CLASSES), 1);
        }
        return labels;
    }

    private static Model inDouble(Model model) {
        return model instanceof ComputationGraph graph
                ? graph.convertDataType(DataType.DOUBLE)
                : ((MultiLayerNetwork) model).convertDataType(DataType.DOUBLE);
    }

    static Stream<Zoo> models() {
        return Stream.of(Zoo.values()).filter(zoo -> zoo.isSmall() || Product.isFull());
    }

    /** In float64, where a difference is no rounding that batch normalization has made larger. */
    @ParameterizedTest
    @MethodSource("models")
    void noNumberOfAModelChanges(Zoo zoo) {
        Model builtIn = inDouble(zoo.newModel());
        if (zoo == Zoo.RES_NET50) {
            // its first weights are so large that DL4J clips most examples, and a swap changes what they cost
            builtIn.getParam("output_W").muli(.01);
        }

        Swapped<Model> swapped = LossSwap.swapAll(builtIn, Scale.DL4J);

        assertThat(swapped.outputs())
                .singleElement()
                .matches(output -> output.explanation().contains(zoo.words));
        assertThat(swapped.findings()).isEmpty();
        SwapComparison comparison = new SwapComparison(builtIn, swapped.get());
        comparison.assertSameConfigurations(swapped);
        MultiDataSet batch = zoo.batch();
        comparison.assertSameOutput(batch);
        if (zoo.hasLoss()) {
            comparison.assertSameScoreOfTraining(batch);
            if (zoo != Zoo.RES_NET50) {
                // its normalization knows no statistics yet, and lets logits grow to 1e42
                comparison.assertSameScore(batch);
                comparison.assertSameScoresOfExamples(batch);
            }
            comparison.assertSameGradientAndStep(batch, SwapComparison.ADAPTIVE_STEP_TOLERANCE);
        }
    }

    static Stream<Zoo> modelsThatAreSwapped() {
        return models().filter(Zoo::hasLoss);
    }

    @ParameterizedTest
    @MethodSource("modelsThatAreSwapped")
    void withTheScaleOfTorchScoreAndGradientOfAModelAreTorchs(Zoo zoo) {
        Model builtIn = inDouble(zoo.newModel());
        if (zoo == Zoo.RES_NET50) {
            builtIn.getParam("output_W").muli(.01);
        }
        MultiDataSet batch = zoo == Zoo.TEXT_GENERATION_LSTM ? masked(zoo.batch(), .5) : zoo.batch();

        TorchScale scale = new TorchScale(builtIn, List.of(zoo.labels()));
        if (zoo == Zoo.RES_NET50) {
            // its normalization knows no statistics yet
            scale = scale.inTraining();
        }

        scale.assertTorchsScore(batch);
        scale.assertTorchsGradient(batch);
    }

    /** Some of the characters of a text are labels; in a full run none of them before. */
    @Test
    void noNumberOfAModelForTextsChangesUnderAMask() {
        Model builtIn = inDouble(Zoo.TEXT_GENERATION_LSTM.newModel());
        SwapComparison comparison = new SwapComparison(
                builtIn, LossSwap.swapAll(builtIn, Scale.DL4J).get());
        for (double share : Product.isFull() ? new double[] {0, .5} : new double[] {.5}) {
            MultiDataSet batch = masked(Zoo.TEXT_GENERATION_LSTM.batch(), share);

            comparison.assertSameScore(batch);
            comparison.assertSameGradientAndStep(batch, SwapComparison.ADAPTIVE_STEP_TOLERANCE);
        }
    }

    private static MultiDataSet masked(MultiDataSet texts, double share) {
        texts.setLabelsMaskArray(new INDArray[] {
            numbers(() -> RANDOM.nextDouble() < share ? 1 : 0, EXAMPLES, CHARACTERS)
        });
        return texts;
    }

    /** SqueezeNet takes seconds in float32. */
    static Stream<Zoo> modelsInFloat32() {
        return Product.isFull()
                ? Stream.of(Zoo.LENET, Zoo.TEXT_GENERATION_LSTM, Zoo.SQUEEZE_NET)
                : Stream.of(Zoo.LENET, Zoo.TEXT_GENERATION_LSTM);
    }

    /** As it is in the zoo, in float32. */
    @ParameterizedTest
    @MethodSource("modelsInFloat32")
    void scoreAndGradientOfAModelInFloat32StayAsTheyAre(Zoo zoo) {
        Model builtIn = zoo.newModel();
        MultiDataSet batch = zoo.batch();

        SwapComparison comparison = new SwapComparison(
                builtIn, LossSwap.swapAll(builtIn, Scale.DL4J).get());

        comparison.assertSameOutput(batch);
        comparison.assertSameScore(batch);
        comparison.assertSameGradientAndStep(batch, Double.POSITIVE_INFINITY);
    }

    @Test
    void oneModelCannotBeBuiltByDl4jItself() {
        assertThatThrownBy(() -> NASNet.builder().numClasses(CLASSES).build().init())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no inputs have been set");
    }
}
