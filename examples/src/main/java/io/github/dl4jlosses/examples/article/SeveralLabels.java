/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.article;

import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.examples.common.Decimals;
import io.github.dl4jlosses.examples.common.Networks;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** A picture of a cat and a dog: sigmoids can say so, a softmax cannot. */
public final class SeveralLabels {
    private static final int STEPS = 1000;

    private SeveralLabels() {}

    /** Prints what each says about one picture, and where training its logits leads each. */
    public static void main(String[] args) {
        INDArray probability = Nd4j.createFromArray(new double[][] {{.8, .9, .01}});
        INDArray logits = Networks.logits(probability);
        INDArray labels = Nd4j.createFromArray(new double[][] {{1, 1, 0}});
        // what a softmax can aim at: shares of one whole
        INDArray shares = labels.div(labels.sumNumber());

        System.out.println("                              cat       dog  airplane       sum");
        printNumbers("logits", logits);
        System.out.println();
        print("truth", labels);
        print("sigmoids", Transforms.sigmoid(logits));
        print("softmax", Transforms.softmax(logits));

        System.out.println("\ngradient of the loss by the logits");
        print("sigmoids", new BCEWithLogitsLoss().gradient(logits, labels));
        print("softmax, half and half", new CrossEntropyLoss().gradient(logits, shares));
        print("softmax, only 'cat'", new CrossEntropyLoss().gradient(logits, cat()));

        System.out.println("\nloss                         here       torch");
        loss("sigmoids", FiveImplementations.B, logits, labels);
        loss("softmax, half and half", FiveImplementations.D, logits, shares);
        loss("softmax, only 'cat'", FiveImplementations.D, logits, cat());

        System.out.printf("%nafter %d steps of descent on the logits%n", STEPS);
        INDArray sigmoids = descend(new BCEWithLogitsLoss(), logits, labels);
        INDArray softmax = descend(new CrossEntropyLoss(), logits, shares);
        print("sigmoids", Transforms.sigmoid(sigmoids));
        print("softmax", Transforms.softmax(softmax));
        System.out.println("\nloss then                    here       torch");
        loss("sigmoids", FiveImplementations.B, sigmoids, labels);
        loss("softmax, half and half", FiveImplementations.D, softmax, shares);
        System.out.printf("logarithm of 2               %.6f%n", Math.log(2));
    }

    private static INDArray cat() {
        return Nd4j.createFromArray(new double[][] {{1, 0, 0}});
    }

    private static void print(String name, INDArray row) {
        printNumbers(name, row);
        System.out.printf(" %9s%n", Decimals.rounded(row.sumNumber().doubleValue(), 4));
    }

    private static void printNumbers(String name, INDArray row) {
        System.out.printf("%-23s", name);
        for (double number : row.toDoubleVector()) {
            System.out.printf(" %9.4f", number);
        }
    }

    private static void loss(String name, FiveImplementations.Implementation of, INDArray logits, INDArray target) {
        System.out.printf(
                "%-28s %.6f   %.6f%n",
                name,
                of.loss().value(logits, target),
                of.torch(logits, target).value().item());
    }

    private static INDArray descend(TorchLoss loss, INDArray start, INDArray target) {
        INDArray logits = start.dup();
        for (int step = 0; step < STEPS; step++) {
            logits.subi(loss.gradient(logits, target));
        }
        return logits;
    }
}
