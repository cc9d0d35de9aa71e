/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.usecases;

import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.TargetFormat;
import io.github.dl4jlosses.examples.common.Networks;
import io.github.dl4jlosses.examples.common.Paragraph;
import io.github.dl4jlosses.examples.data.DigitQuestions;
import io.github.dl4jlosses.examples.data.HandwrittenDigits;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.swap.LossSwap;
import io.github.dl4jlosses.swap.Scale;
import io.github.dl4jlosses.swap.Swapped;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.EarlyStoppingResult;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.earlystopping.termination.ScoreImprovementEpochTerminationCondition;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingGraphTrainer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.evaluation.IEvaluation;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.evaluation.classification.EvaluationBinary;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.ops.transforms.Transforms;

/** A graph with two outputs, the digit and four answers about it, trained on a weighted sum of their losses. */
public final class TwoHeadedGraph {
    private static final int CLASSES = HandwrittenDigits.CLASSES;
    private static final int QUESTIONS = DigitQuestions.QUESTIONS.size();
    private static final double WEIGHT = 0.3;
    private static final double[] WEIGHTS =
            DoubleStream.generate(() -> WEIGHT).limit(CLASSES).toArray();
    private static final int HIDDEN = 32;
    private static final int BATCH = 32;
    private static final DataSet TRAINING = HandwrittenDigits.training();
    private static final DataSet TEST = HandwrittenDigits.test();

    private static final String TORCH = "0.3 * torch.cross_entropy_loss(digit, classes, None, 1, -100, 0.)"
            + " + torch.binary_cross_entropy_with_logits(answers, truth, None, None, 1)";

    private TwoHeadedGraph() {}

    /** Compares with torch, swaps, trains until the test loss rises, and evaluates each output. */
    public static void main(String[] args) {
        ComputationGraph graph = graph(digits().factor(WEIGHT).build(), new BCEWithLogitsLoss());
        System.out.printf("loss of the training digits, before training%n");
        print("torch: 0.3 * cross_entropy + bce_with_logits", torch(graph));
        print("CrossEntropyLoss, factor 0.3", score(graph));
        print(
                "CrossEntropyLoss, class weights of 0.3",
                score(graph(digits().weight(WEIGHTS).build(), new BCEWithLogitsLoss())));

        ComputationGraph builtIns = graph(new LossMCXENT(Nd4j.createFromArray(WEIGHTS)), new LossBinaryXENT());
        Swapped<ComputationGraph> swapped = LossSwap.swapAll(builtIns, Scale.DL4J);
        System.out.printf("%nthe same graph with DL4J's own losses%n");
        print("LossMCXENT, weights of 0.3, and LossBinaryXENT", score(builtIns));
        print("after LossSwap.swapAll(graph, Scale.DL4J)", score(swapped.get()));

        EarlyStoppingResult<ComputationGraph> result = stopped(graph);
        printEpochs(result);
        printEvaluations(result.getBestModel());
        System.out.println("\n" + Paragraph.of(swapped));
    }

    private static void print(String name, double loss) {
        System.out.printf("  %-48s %.6f%n", name, loss);
    }

    private static double score(ComputationGraph graph) {
        return graph.score(DigitQuestions.batches(TRAINING, Integer.MAX_VALUE).next());
    }

    private static CrossEntropyLoss.Builder digits() {
        return CrossEntropyLoss.builder().targetFormat(TargetFormat.ONE_HOT);
    }

    private static ComputationGraph graph(ILossFunction digits, ILossFunction answers) {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .updater(new Adam(.01))
                .graphBuilder()
                .addInputs("pixels")
                .addLayer("hidden", Networks.hidden(HandwrittenDigits.PIXELS, HIDDEN), "pixels")
                .addLayer("digit", Networks.output(digits, new ActivationSoftmax(), HIDDEN, CLASSES), "hidden")
                .addLayer("answers", Networks.output(answers, new ActivationSigmoid(), HIDDEN, QUESTIONS), "hidden")
                .setOutputs("digit", "answers")
                .build());
        graph.init();
        return graph;
    }

    /** The logarithms of probabilities are logits of them. */
    private static double torch(ComputationGraph graph) {
        INDArray[] probabilities = graph.output(TRAINING.getFeatures());
        return TorchFunction.of(TORCH, "digit", "classes", "answers", "truth")
                .call(
                        Transforms.log(probabilities[0]),
                        TRAINING.getLabels().argMax(1),
                        Networks.logits(probabilities[1]),
                        DigitQuestions.answers(TRAINING))
                .value()
                .item();
    }

    private static EarlyStoppingResult<ComputationGraph> stopped(ComputationGraph graph) {
        var configuration = new EarlyStoppingConfiguration.Builder<ComputationGraph>()
                .epochTerminationConditions(new ScoreImprovementEpochTerminationCondition(3))
                .scoreCalculator(new DataSetLossCalculator(DigitQuestions.batches(TEST, BATCH), true))
                .build();
        return new EarlyStoppingGraphTrainer(configuration, graph, DigitQuestions.batches(TRAINING, BATCH), null).fit();
    }

    private static void printEpochs(EarlyStoppingResult<ComputationGraph> result) {
        int best = result.getBestModelEpoch();
        System.out.printf("%nepoch  test loss%n");
        for (int epoch : new int[] {0, 4, 8, best, result.getTotalEpochs() - 1}) {
            System.out.printf("%5d  %9.4f%n", epoch, result.getScoreVsEpoch().get(epoch));
        }
        System.out.printf("best epoch %d; getBestModelScore() says %s%n%n", best, result.getBestModelScore());
    }

    private static void printEvaluations(ComputationGraph best) {
        Evaluation digits = new Evaluation(CLASSES);
        EvaluationBinary answers = new EvaluationBinary();
        MultiDataSetIterator test = DigitQuestions.batches(TEST, BATCH);
        best.evaluate(test, Map.of(0, new IEvaluation<?>[] {digits}, 1, new IEvaluation<?>[] {answers}));
        System.out.printf("test digits         accuracy%n%-18s %9.3f%n", "digit", digits.accuracy());
        for (int q = 0; q < QUESTIONS; q++) {
            System.out.printf("%-18s %9.3f%n", DigitQuestions.QUESTIONS.get(q), answers.accuracy(q));
        }
    }
}
