/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.article;

import io.github.dl4jlosses.ActivationLogSoftmax;
import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.examples.common.Pictures;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.report.Chart;
import io.github.dl4jlosses.parity.report.ChartLine;
import io.github.dl4jlosses.parity.report.Ink;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Torch's five ways to write the loss, A to D and KL, on the same logits: A is B, C is D, and KL is D for a one-hot truth. */
public final class FiveImplementations {

    /** A loss that returns torch's value unscaled, the activation below it, and the same two in torch. */
    record Implementation(String name, TorchLoss loss, IActivation activation, TorchFunction torch) {
        Implementation(String name, TorchLoss loss, IActivation activation, String torch) {
            this(name, loss, activation, TorchFunction.of(torch, "x", "t").withRespectTo("x"));
        }

        /** As an output layer asks it: the value, and the gradient by the logits. */
        Pair<Double, INDArray> here(INDArray logits, INDArray target) {
            return loss.computeGradientAndScore(target, logits, activation, null, false);
        }

        TorchResult torch(INDArray logits, INDArray target) {
            return torch.call(logits, target);
        }
    }

    // in torch's calls, 1 is reduction='mean' and 2 is 'sum'
    static final Implementation A = new Implementation(
            "A    sigmoid, BCELoss",
            BCELoss.builder().miniBatch(false).build(),
            new ActivationSigmoid(),
            "torch.binary_cross_entropy(torch.sigmoid(x), t, None, 1)");
    static final Implementation B = new Implementation(
            "B    BCEWithLogitsLoss",
            BCEWithLogitsLoss.builder().miniBatch(false).build(),
            new ActivationSigmoid(),
            "torch.binary_cross_entropy_with_logits(x, t, None, None, 1)");
    static final Implementation C = new Implementation(
            "C    log-softmax, NLLLoss",
            NLLLoss.builder().miniBatch(false).build(),
            new ActivationLogSoftmax(),
            "torch.nll_loss_nd(torch.log_softmax(x, 1), torch.argmax(t, 1), None, 1, -100)");
    static final Implementation D = new Implementation(
            "D    CrossEntropyLoss",
            CrossEntropyLoss.builder().miniBatch(false).build(),
            new ActivationSoftmax(),
            "torch.cross_entropy_loss(x, t, None, 1, -100, 0.)");
    static final Implementation KL = new Implementation(
            "KL   log-softmax, KLDivLoss",
            KLDivLoss.builder().reduction(Reduction.BATCHMEAN).miniBatch(false).build(),
            new ActivationLogSoftmax(),
            "torch.kl_div(torch.log_softmax(x, 1), t, 2) / x.size(0)");

    private FiveImplementations() {}

    /** Prints all five, and draws where A parts from B. */
    public static void main(String[] args) {
        INDArray logits = row(1, 2, -.5);
        INDArray unsure = row(.2, .7, .1);
        print("logit 1.5, truth 1", row(1.5), row(1), A, B);
        print("logits (1, 2, -0.5), truth (0, 1, 0)", logits, row(0, 1, 0), C, D, KL);
        print("logits (1, 2, -0.5), truth (0.2, 0.7, 0.1)", logits, unsure, D, KL);
        double entropy = new CrossEntropyLoss().value(Transforms.log(unsure), unsure);
        System.out.printf(
                "%-38s%.6f%n%n", "  D less H(truth)", D.here(logits, unsure).getFirst() - entropy);
        saturate();
    }

    private static INDArray row(double... values) {
        return Nd4j.createFromArray(new double[][] {values});
    }

    private static void print(String title, INDArray logits, INDArray target, Implementation... implementations) {
        System.out.println(title);
        System.out.printf("  %-28s %5s  %8s  %s%n", "", "", "loss", "gradient");
        for (Implementation implementation : implementations) {
            Pair<Double, INDArray> here = implementation.here(logits, target);
            TorchResult torch = implementation.torch(logits, target);
            print("here ", implementation.name(), here.getFirst(), here.getSecond());
            print("torch", "", torch.value().item(), torch.gradient("x").toArray());
        }
    }

    private static void print(String side, String name, double value, INDArray gradient) {
        System.out.printf("  %-28s %s  %.6f", name, side, value);
        for (double element : gradient.toDoubleVector()) {
            System.out.printf(" %9.6f", element);
        }
        System.out.println();
    }

    /** The logit of a wrong answer grows: its sigmoid becomes 1, and A knows no more than that. */
    private static void saturate() {
        System.out.println("truth 0    A, loss and gradient               B, loss and gradient");
        System.out.println("logit          here            torch              here            torch");
        for (double logit : new double[] {5, 30, 36, 40, 110}) {
            System.out.printf("%5.0f %s %s%n", logit, columns(A, row(logit), row(0)), columns(B, row(logit), row(0)));
        }
        double[] logits = IntStream.rangeClosed(0, 120).asDoubleStream().toArray();
        Chart chart = new Chart(
                "A jumps to 100 where its sigmoid is 1; B goes on", "logit of an example whose truth is 0", "loss");
        chart.add(ChartLine.curve("A: sigmoid, BCELoss", Ink.TORCH, logits, losses(A, logits)));
        chart.add(ChartLine.curve("B: BCEWithLogitsLoss", Ink.OURS, logits, losses(B, logits)));
        Pictures.write("five-implementations", Pictures.ONE, chart);
    }

    private static String columns(Implementation implementation, INDArray logit, INDArray target) {
        Pair<Double, INDArray> here = implementation.here(logit, target);
        TorchResult torch = implementation.torch(logit, target);
        return String.format(
                " %9.4f %6.3f %9.4f %6.3f",
                here.getFirst(),
                here.getSecond().getDouble(0),
                torch.value().item(),
                torch.gradient("x").item());
    }

    private static double[] losses(Implementation implementation, double... logits) {
        return Arrays.stream(logits)
                .map(x -> implementation.here(row(x), row(0)).getFirst())
                .toArray();
    }
}
