/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples;

import io.github.dl4jlosses.examples.article.BernoulliLikelihood;
import io.github.dl4jlosses.examples.article.CrossEntropyDecomposition;
import io.github.dl4jlosses.examples.article.FiveImplementations;
import io.github.dl4jlosses.examples.article.LogisticRegression;
import io.github.dl4jlosses.examples.article.MaximumLikelihood;
import io.github.dl4jlosses.examples.article.MultinomialLikelihood;
import io.github.dl4jlosses.examples.article.MultinomialLogisticRegression;
import io.github.dl4jlosses.examples.article.NetworkAsFeatures;
import io.github.dl4jlosses.examples.article.SeveralLabels;
import io.github.dl4jlosses.examples.article.TwoClassSoftmax;
import io.github.dl4jlosses.examples.usecases.ClassImbalance;
import io.github.dl4jlosses.examples.usecases.Distillation;
import io.github.dl4jlosses.examples.usecases.FashionCnn;
import io.github.dl4jlosses.examples.usecases.IgnoredPadding;
import io.github.dl4jlosses.examples.usecases.LabelSmoothing;
import io.github.dl4jlosses.examples.usecases.LargeVocabulary;
import io.github.dl4jlosses.examples.usecases.MultiLabelDigits;
import io.github.dl4jlosses.examples.usecases.OwnLossParity;
import io.github.dl4jlosses.examples.usecases.PortAndTrain;
import io.github.dl4jlosses.examples.usecases.ReadDigitRows;
import io.github.dl4jlosses.examples.usecases.Segmentation;
import io.github.dl4jlosses.examples.usecases.Siamese;
import io.github.dl4jlosses.examples.usecases.SwapKerasModel;
import io.github.dl4jlosses.examples.usecases.SwapMaskedSequences;
import io.github.dl4jlosses.examples.usecases.SwapSavedLoss;
import io.github.dl4jlosses.examples.usecases.SwapZooModel;
import io.github.dl4jlosses.examples.usecases.TracedResnet;
import io.github.dl4jlosses.examples.usecases.TwoHeadedGraph;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Runs an example by its name, or lists them: {@code mvn -q -Pexample -pl examples -am process-classes -Dexample=NAME}. */
public final class Examples {
    private static final int UNKNOWN = 2;

    /** The name for all of them. */
    public static final String ALL = "all";

    private static final List<Example> ARTICLE = List.of(
            new Example(BernoulliLikelihood.class, "-log(likelihood) of yes and no = binary cross entropy"),
            new Example(MultinomialLikelihood.class, "-log(likelihood) of one class of many = cross entropy"),
            new Example(MaximumLikelihood.class, "maximum likelihood = minimum cross entropy"),
            new Example(CrossEntropyDecomposition.class, "H(p, q) = H(p) + KL(p || q), and KL is not symmetric"),
            new Example(FiveImplementations.class, "torch's A = B, C = D, KL = D for a one-hot truth"),
            new Example(LogisticRegression.class, "logistic regression = one layer + sigmoid + A or B"),
            new Example(
                    MultinomialLogisticRegression.class, "its form for many classes = one layer + softmax + C or D"),
            new Example(TwoClassSoftmax.class, "softmax of two classes = sigmoid of the difference"),
            new Example(SeveralLabels.class, "a cat and a dog in one picture: sigmoids, not softmax"),
            new Example(NetworkAsFeatures.class, "a network = learned features + logistic regression"));

    private static final List<Example> USE_CASES = List.of(
            new Example(ClassImbalance.class, "weights for a rare class, and what a threshold does instead"),
            new Example(LabelSmoothing.class, "a network that is too sure, and how much smoothing is too much"),
            new Example(IgnoredPadding.class, "sequences of many lengths: padding that the loss ignores"),
            new Example(Distillation.class, "a teacher between wrong labels and a student, with KL and a temperature"),
            new Example(MultiLabelDigits.class, "several yes-or-no labels at once, some of them unknown"),
            new Example(TwoHeadedGraph.class, "a graph with two outputs, and a weighted sum of their losses"),
            new Example(Siamese.class, "are two digits the same one: losses of several inputs, by vertices"),
            new Example(Segmentation.class, "a class for each pixel, some without a label, some rare"),
            new Example(FashionCnn.class, "a convolutional network for pictures of clothes"),
            new Example(ReadDigitRows.class, "rows of digits whose labels do not say where each is: CTC"),
            new Example(
                    LargeVocabulary.class,
                    "50,000 outputs: time and memory of an iteration, with a fused layer and without"),
            new Example(SwapSavedLoss.class, "another loss for a saved model, which goes on learning"),
            new Example(SwapMaskedSequences.class, "masked sequences keep the learning rate that they were tuned with"),
            new Example(SwapZooModel.class, "a model of DL4J's zoo whose loss becomes NaN, and one that does not"),
            new Example(SwapKerasModel.class, "an imported Keras model learns from its worst mistakes again"),
            new Example(TracedResnet.class, "a traced ResNet-18 becomes a graph by one call, and trains as in PyTorch"),
            new Example(PortAndTrain.class, "a model of PyTorch goes on training in DL4J"),
            new Example(OwnLossParity.class, "a loss of your own, held against torch"));

    private Examples() {}

    /**
     * A program to run.
     *
     * @param main its class, whose simple name is the name of the example
     * @param purpose what it shows, in a line
     */
    public record Example(Class<?> main, String purpose) {

        /** What the command line calls it: the simple name of its class. */
        public String name() {
            return main.getSimpleName();
        }

        /** Runs its main method; throws whatever happens in it. */
        public void run() throws ReflectiveOperationException {
            main.getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        }

        /** For the names of tests. */
        @Override
        public String toString() {
            return name();
        }
    }

    /** Those of the article, then the use cases. */
    public static List<Example> all() {
        return Stream.of(ARTICLE, USE_CASES).flatMap(List::stream).toList();
    }

    /** Runs the one of this name, or with {@code all} one after the other; lists them without a name. */
    public static void main(String[] args) throws ReflectiveOperationException {
        // decimal points, wherever it runs
        Locale.setDefault(Locale.ROOT);
        String name = args.length == 0 ? "" : args[0];
        if (name.equals(ALL)) {
            for (Example each : all()) {
                System.out.printf("%n%s%n", each.name());
                each.run();
            }
            return;
        }
        Optional<Example> example =
                all().stream().filter(one -> one.name().equalsIgnoreCase(name)).findFirst();
        if (example.isPresent()) {
            example.get().run();
            return;
        }
        list("The article:", ARTICLE);
        list("Use cases:", USE_CASES);
        System.out.println("All, one after the other: -Dexample=" + ALL);
        if (!name.isEmpty()) {
            System.out.println("There is no example '" + name + "'.");
            System.exit(UNKNOWN);
        }
    }

    private static void list(String title, List<Example> examples) {
        System.out.println(title);
        for (Example example : examples) {
            System.out.printf("  -Dexample=%-28s %s%n", example.name(), example.purpose());
        }
    }
}
