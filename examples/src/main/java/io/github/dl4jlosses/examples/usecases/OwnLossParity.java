/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.usecases;

import io.github.dl4jlosses.SigmoidFocalLoss;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.examples.common.Paragraph;
import io.github.dl4jlosses.examples.common.Pictures;
import io.github.dl4jlosses.parity.Parity;
import io.github.dl4jlosses.parity.Targets;
import io.github.dl4jlosses.parity.report.Chart;
import io.github.dl4jlosses.parity.report.ChartLine;
import io.github.dl4jlosses.parity.report.Ink;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Checks a loss of one's own against torch: first with a mistake in its gradient, then without. */
public final class OwnLossParity {
    /** What torchvision calls sigmoid_focal_loss, without alpha: for the answers 0 and 1, 1 - p is |t - x|. */
    private static final String TORCH =
            "(torch.binary_cross_entropy_with_logits(z, t, None, None, 0) * (t - x) ** 2).mean()";

    private static final double SAME = 1e-14;

    private OwnLossParity() {}

    /** Compares values and gradients with torch's. */
    public static void main(String[] args) {
        message(new Forgetful(2))
                .lines()
                .map(OwnLossParity::shortened)
                .map(Paragraph::of)
                .forEach(System.out::println);
        System.out.println();
        String message = message(new FocalLoss(2));
        // what follows are the largest differences, whose digits depend on the processor
        System.out.println(Paragraph.of(message.substring(0, message.indexOf(" Largest"))));
        compareWithThatOfTheLibrary();
        draw();
    }

    /** The losses have the same numbers: torchvision's has a weight for the label 1 too, which -1 leaves out. */
    private static void compareWithThatOfTheLibrary() {
        ILossFunction own = new FocalLoss(2);
        TorchLoss librarys = SigmoidFocalLoss.builder().alpha(-1).gamma(2).build();
        INDArray z = Nd4j.linspace(DataType.DOUBLE, -8, 0.1, 161).reshape(161, 1);
        INDArray logits = Nd4j.hstack(z, z);
        INDArray labels = Nd4j.hstack(Nd4j.zerosLike(z), Nd4j.onesLike(z));
        IActivation sigmoid = new ActivationSigmoid();
        INDArray difference = own.computeGradient(labels, logits, sigmoid, null)
                .sub(librarys.computeGradient(labels, logits, sigmoid, null));
        System.out.printf(
                "%n%s: %.6f%n%s: %.6f%ntheir gradients are %s%n",
                own,
                own.computeScore(labels, logits, sigmoid, null, true),
                librarys,
                librarys.computeScore(labels, logits, sigmoid, null, true),
                difference.amaxNumber().doubleValue() <= SAME ? String.format("the same to %.0e", SAME) : "others");
    }

    private static String message(FocalLoss loss) {
        return Parity.of(loss)
                .activation(Activation.SIGMOID)
                .targets(Targets.zeroOrOne())
                .against(TORCH)
                .compare()
                .message();
    }

    /** Four decimals, and no count of ulp: more would depend on the processor. */
    private static String shortened(String line) {
        return line.replaceAll("(\\d\\.\\d{4})\\d+", "$1").replaceAll(", \\d+ ulp of \\w+", "");
    }

    private static void draw() {
        INDArray z = Nd4j.linspace(-4, 4, 161).reshape(161, 1);
        Chart loss = new Chart("The loss is right", "logit of an example with the label 1", "loss");
        Chart gradient = new Chart(
                "The mistaken gradient is too small where the network is wrong",
                "logit of an example with the label 1",
                "gradient by the logit");
        ILossFunction crossEntropy = new FocalLoss(0);
        ILossFunction right = new FocalLoss(2);
        loss.add(ChartLine.curve("cross entropy", Ink.BUILT_IN, numbers(z), scores(crossEntropy, z)));
        loss.add(ChartLine.curve("focal", Ink.OURS, numbers(z), scores(right, z)));
        gradient.add(ChartLine.curve("cross entropy", Ink.BUILT_IN, numbers(z), gradients(crossEntropy, z)));
        gradient.add(ChartLine.curve("focal", Ink.OURS, numbers(z), gradients(right, z)));
        gradient.add(ChartLine.curve("focal, mistaken", Ink.RED, numbers(z), gradients(new Forgetful(2), z)));
        Pictures.write("own-loss-parity", Pictures.TWO, loss, gradient);
    }

    private static double[] scores(ILossFunction loss, INDArray z) {
        return numbers(loss.computeScoreArray(Nd4j.onesLike(z), z, new ActivationSigmoid(), null));
    }

    private static double[] gradients(ILossFunction loss, INDArray z) {
        return numbers(loss.computeGradient(Nd4j.onesLike(z), z, new ActivationSigmoid(), null));
    }

    private static double[] numbers(INDArray column) {
        return column.data().asDouble();
    }

    /** A likely mistake: the factor (1 - p)^gamma depends on the logit too, and this gradient takes it for a constant. */
    private static final class Forgetful extends FocalLoss {
        private static final long serialVersionUID = 1L;

        Forgetful(double gamma) {
            super(gamma);
        }

        @Override
        INDArray slope(INDArray right) {
            return slopeOfCrossEntropy(right).mul(focus(right));
        }
    }
}
