/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.article;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.examples.common.Decimals;
import io.github.dl4jlosses.examples.common.Pictures;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.report.Chart;
import io.github.dl4jlosses.parity.report.ChartLine;
import io.github.dl4jlosses.parity.report.Ink;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Cross entropy is entropy plus KL divergence: H(p, q) = H(p) + KL(p || q). */
public final class CrossEntropyDecomposition {
    private static final KLDivLoss DIVERGENCE =
            KLDivLoss.builder().reduction(Reduction.BATCHMEAN).build();

    private static final TorchFunction TORCH_CROSS_ENTROPY =
            TorchFunction.of("torch.cross_entropy_loss(x, t, None, 1, -100, 0.)", "x", "t");
    // the 2 is reduction='sum'; batchmean divides it by the number of rows, here one
    private static final TorchFunction TORCH_DIVERGENCE = TorchFunction.of("torch.kl_div(x, t, 2)", "x", "t");

    private CrossEntropyDecomposition() {}

    /** Prints both sides and draws both divergences. */
    public static void main(String[] args) {
        INDArray p = distribution(.7, .2, .1);
        INDArray q = distribution(.5, .3, .2);

        System.out.println("                    here       torch");
        print("H(p)", crossEntropy(p, p), torch(TORCH_CROSS_ENTROPY, p, p));
        print("KL(p || q)", divergence(p, q), torch(TORCH_DIVERGENCE, p, q));
        print(
                "H(p) + KL(p || q)",
                crossEntropy(p, p) + divergence(p, q),
                torch(TORCH_CROSS_ENTROPY, p, p) + torch(TORCH_DIVERGENCE, p, q));
        print("H(p, q)", crossEntropy(p, q), torch(TORCH_CROSS_ENTROPY, p, q));
        System.out.println();
        print("KL(q || p)", divergence(q, p), torch(TORCH_DIVERGENCE, q, p));
        print("KL(p || p)", divergence(p, p), torch(TORCH_DIVERGENCE, p, p));
        draw();
    }

    private static INDArray distribution(double... probabilities) {
        return Nd4j.createFromArray(new double[][] {probabilities});
    }

    /** H(p, q): the loss of the logits log q, whose softmax is q. */
    private static double crossEntropy(INDArray p, INDArray q) {
        return new CrossEntropyLoss().value(Transforms.log(q), p);
    }

    /** KL(p || q): torch's loss takes log q, then p. */
    private static double divergence(INDArray p, INDArray q) {
        return DIVERGENCE.value(Transforms.log(q), p);
    }

    private static double torch(TorchFunction function, INDArray p, INDArray q) {
        return function.call(Transforms.log(q), p).value().item();
    }

    private static void print(String name, double here, double torch) {
        System.out.printf("%-17s   %s   %s%n", name, Decimals.rounded(here, 6), Decimals.rounded(torch, 6));
    }

    /** Two classes: p = (0.8, 0.2) stays, q = (s, 1 - s) moves. */
    private static void draw() {
        INDArray p = distribution(.8, .2);
        double[] s = IntStream.rangeClosed(2, 98).mapToDouble(i -> i / 100.).toArray();
        Chart sums = new Chart("Cross entropy is entropy plus divergence", "s, where q = (s, 1 - s)", "nats");
        curve(sums, "H(p, q)", Ink.OURS, s, x -> crossEntropy(p, distribution(x, 1 - x)));
        curve(sums, "H(p)", Ink.BUILT_IN, s, x -> crossEntropy(p, p));
        curve(sums, "KL(p || q)", Ink.TORCH, s, x -> divergence(p, distribution(x, 1 - x)));
        Chart divergences = new Chart("KL is not symmetric", "s, where q = (s, 1 - s)", "nats");
        curve(divergences, "KL(p || q)", Ink.TORCH, s, x -> divergence(p, distribution(x, 1 - x)));
        curve(divergences, "KL(q || p)", Ink.GREEN, s, x -> divergence(distribution(x, 1 - x), p));
        Pictures.write("cross-entropy-decomposition", Pictures.TWO, sums, divergences);
    }

    private static void curve(Chart chart, String name, Ink ink, double[] s, DoubleUnaryOperator function) {
        chart.x(0, 1)
                .add(ChartLine.curve(
                        name, ink, s, DoubleStream.of(s).map(function).toArray()));
    }
}
