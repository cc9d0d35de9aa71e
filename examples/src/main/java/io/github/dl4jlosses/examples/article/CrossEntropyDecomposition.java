/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.article;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.Reduction;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Cross entropy is entropy plus KL divergence: H(p, q) = H(p) + KL(p || q). */
public final class CrossEntropyDecomposition {
    private CrossEntropyDecomposition() {}

    /**
     * Prints both sides.
     *
     * @param args none
     */
    public static void main(String[] args) {
        INDArray p = Nd4j.createFromArray(new double[][] {{.7, .2, .1}});
        INDArray q = Nd4j.createFromArray(new double[][] {{.5, .3, .2}});

        System.out.printf("H(p)              %.6f%n", crossEntropy(p, p));
        System.out.printf("KL(p || q)        %.6f%n", divergence(p, q));
        System.out.printf("H(p) + KL(p || q) %.6f%n", crossEntropy(p, p) + divergence(p, q));
        System.out.printf("H(p, q)           %.6f%n", crossEntropy(p, q));
        System.out.printf("KL(q || p)        %.6f, another number%n", divergence(q, p));
    }

    /** H(p, q): the loss of the logits log q, whose softmax is q. */
    private static double crossEntropy(INDArray p, INDArray q) {
        return new CrossEntropyLoss().value(Transforms.log(q), p);
    }

    /** KL(p || q): torch's loss takes log q, then p. */
    private static double divergence(INDArray p, INDArray q) {
        return KLDivLoss.builder().reduction(Reduction.BATCHMEAN).build().value(Transforms.log(q), p);
    }
}
