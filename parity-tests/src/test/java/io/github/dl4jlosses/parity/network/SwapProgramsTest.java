/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.swap.LossSwap;
import io.github.dl4jlosses.swap.Scale;
import io.github.dl4jlosses.swap.Swapped;
import java.util.Random;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;

/** Programs in the manner of deeplearning4j-examples, but small: with the scale of DL4J a swap changes no number of two steps. */
class SwapProgramsTest {
    private static final Random RANDOM = PrintedSeed.randomFor(SwapProgramsTest.class);
    private static final int EXAMPLES = 6;
    private static final int CLASSES = 4;
    private static final int STEPS = 7;
    private static final int INPUTS = 3;

    private enum Program {
        /** The digits of MNIST by two layers, with momentum and L2. */
        ROWS,
        /** LeNet. */
        IMAGES,
        /** A text, character by character, in segments of truncated back-propagation. */
        CHARACTERS,
        /** A rare yes, which weighs more than a no. */
        RARE,
        /** Sequences of several lengths, each with the label of its last step. */
        LAST_STEPS;

        private IUpdater updater() {
            return switch (this) {
                case ROWS -> new Nesterovs(.006, .9);
                case IMAGES -> new Adam(1e-3);
                case CHARACTERS -> new RmsProp(.1);
                case RARE -> new Nesterovs(.1, .9);
                case LAST_STEPS -> new Nesterovs(.005, .9);
            };
        }

        private Model newNetwork() {
            NeuralNetConfiguration.Builder settings = new NeuralNetConfiguration.Builder()
                    .seed(123)
                    .dataType(DataType.DOUBLE)
                    .weightInit(WeightInit.XAVIER)
                    .updater(updater());
            return NetworkKind.network(
                    switch (this) {
                        case ROWS ->
                            settings.activation(Activation.RELU)
                                    .l2(1e-4)
                                    .list()
                                    .layer(new DenseLayer.Builder()
                                            .nIn(12)
                                            .nOut(8)
                                            .build())
                                    .layer(new OutputLayer.Builder(LossFunction.NEGATIVELOGLIKELIHOOD)
                                            .nIn(8)
                                            .nOut(CLASSES)
                                            .activation(Activation.SOFTMAX)
                                            .build())
                                    .build();
                        case IMAGES ->
                            settings.l2(5e-4)
                                    .list()
                                    .layer(new ConvolutionLayer.Builder(3, 3)
                                            .nOut(4)
                                            .activation(Activation.IDENTITY)
                                            .build())
                                    .layer(new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                                            .kernelSize(2, 2)
                                            .stride(2, 2)
                                            .build())
                                    .layer(new DenseLayer.Builder()
                                            .nOut(8)
                                            .activation(Activation.RELU)
                                            .build())
                                    .layer(new OutputLayer.Builder(LossFunction.NEGATIVELOGLIKELIHOOD)
                                            .nOut(CLASSES)
                                            .activation(Activation.SOFTMAX)
                                            .build())
                                    .setInputType(InputType.convolutionalFlat(8, 8, 1))
                                    .build();
                        case CHARACTERS ->
                            settings.l2(1e-3)
                                    .gradientNormalization(GradientNormalization.ClipElementWiseAbsoluteValue)
                                    .gradientNormalizationThreshold(.05)
                                    .list()
                                    .layer(lstm(CLASSES))
                                    .layer(ofSequences(LossFunction.MCXENT))
                                    .backpropType(BackpropType.TruncatedBPTT)
                                    .tBPTTLength(3)
                                    .build();
                        case RARE ->
                            settings.activation(Activation.TANH)
                                    .list()
                                    .layer(new DenseLayer.Builder()
                                            .nIn(INPUTS)
                                            .nOut(8)
                                            .build())
                                    .layer(new OutputLayer.Builder(
                                                    new LossBinaryXENT(Nd4j.createFromArray(new double[][] {{20}})))
                                            .nIn(8)
                                            .nOut(1)
                                            .activation(Activation.SIGMOID)
                                            .build())
                                    .build();
                        case LAST_STEPS ->
                            settings.gradientNormalization(GradientNormalization.ClipElementWiseAbsoluteValue)
                                    .gradientNormalizationThreshold(.5)
                                    .list()
                                    .layer(lstm(INPUTS))
                                    .layer(ofSequences(LossFunction.MCXENT))
                                    .build();
                    });
        }

        private static LSTM lstm(int inputs) {
            return new LSTM.Builder()
                    .nIn(inputs)
                    .nOut(5)
                    .activation(Activation.TANH)
                    .build();
        }

        private static RnnOutputLayer ofSequences(LossFunction loss) {
            return new RnnOutputLayer.Builder(loss)
                    .nIn(5)
                    .nOut(CLASSES)
                    .activation(Activation.SOFTMAX)
                    .build();
        }

        private MultiDataSet batch() {
            return switch (this) {
                case ROWS -> batch(numbers(EXAMPLES, 12), oneHot(EXAMPLES));
                case IMAGES -> batch(numbers(EXAMPLES, 64), oneHot(EXAMPLES));
                case CHARACTERS -> batch(texts(), texts());
                case RARE ->
                    batch(
                            numbers(EXAMPLES, INPUTS),
                            TwoLayers.choices(RANDOM, TorchType.FLOAT64, 2, EXAMPLES, 1)
                                    .toArray());
                case LAST_STEPS -> sequences();
            };
        }

        private static MultiDataSet batch(INDArray features, INDArray labels) {
            return new MultiDataSet(new INDArray[] {features}, new INDArray[] {labels});
        }

        private static MultiDataSet sequences() {
            INDArray labels = Nd4j.zeros(DataType.DOUBLE, EXAMPLES, CLASSES, STEPS);
            INDArray steps = Nd4j.zeros(DataType.DOUBLE, EXAMPLES, STEPS);
            INDArray lastSteps = Nd4j.zeros(DataType.DOUBLE, EXAMPLES, STEPS);
            for (int example = 0; example < EXAMPLES; example++) {
                int last = RANDOM.nextInt(STEPS);
                for (int step = 0; step <= last; step++) {
                    steps.putScalar(example, step, 1);
                }
                lastSteps.putScalar(example, last, 1);
                labels.putScalar(example, RANDOM.nextInt(CLASSES), last, 1);
            }
            return new MultiDataSet(
                    new INDArray[] {numbers(EXAMPLES, INPUTS, STEPS)},
                    new INDArray[] {labels},
                    new INDArray[] {steps},
                    new INDArray[] {lastSteps});
        }

        private static INDArray texts() {
            return oneHot(EXAMPLES * STEPS)
                    .reshape(EXAMPLES, STEPS, CLASSES)
                    .permute(0, 2, 1)
                    .dup('c');
        }

        private static INDArray numbers(long... shape) {
            return TwoLayers.numbers(RANDOM, 1, shape).toArray();
        }

        private static INDArray oneHot(int rows) {
            return TwoLayers.oneHot(
                            CLASSES,
                            TwoLayers.choices(RANDOM, TorchType.INT64, CLASSES, rows)
                                    .toLongs())
                    .toArray();
        }
    }

    @ParameterizedTest
    @EnumSource
    void noNumberOfTwoStepsChanges(Program program) {
        Model builtIn = program.newNetwork();

        Swapped<Model> swapped = LossSwap.swapAll(builtIn, Scale.DL4J);

        assertThat(swapped.outputs())
                .singleElement()
                .matches(output -> output.after().isPresent(), "is swapped");
        assertThat(swapped.findings()).isEmpty();
        SwapComparison comparison = new SwapComparison(builtIn, swapped.get());
        for (int step = 0; step < 2; step++) {
            MultiDataSet batch = program.batch();
            comparison.assertSameOutput(batch);
            comparison.assertSameScore(batch);
            comparison.assertSameGradientAndStep(batch, SwapComparison.ADAPTIVE_STEP_TOLERANCE);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Program.class,
            names = "RARE",
            mode = EnumSource.Mode.EXCLUDE) // its weights are another's than those that torch gets here
    void withTheScaleOfTorchScoreAndGradientAreTorchs(Program program) {
        Model builtIn = program.newNetwork();
        MultiDataSet batch = program.batch();
        BuiltInLoss loss = program == Program.ROWS || program == Program.IMAGES
                ? BuiltInLoss.NEGATIVE_LOG_LIKELIHOOD
                : BuiltInLoss.MCXENT;

        TorchScale scale = new TorchScale(builtIn, loss);

        scale.assertTorchsScore(batch);
        scale.assertTorchsGradient(batch);
    }
}
