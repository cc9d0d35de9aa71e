/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SmokeTest {
    @Test
    void runs() {
        INDArray logits = Nd4j.createFromArray(new double[][] {{0, 0}, {0, 30}});
        INDArray t = Nd4j.createFromArray(new long[] {0, 0});
        System.out.println(new CrossEntropyLoss().value(logits, t));
        System.out.println(new CrossEntropyLoss().gradient(logits, t));
        System.out.println(
                CrossEntropyLoss.builder().weight(1, 2).labelSmoothing(.1).build());
        System.out.println(new BCELoss().value(Nd4j.createFromArray(0.5, 0.25), Nd4j.createFromArray(1.0, 0.0)));
        System.out.println(
                new BCEWithLogitsLoss().value(Nd4j.createFromArray(-20.0, 0.0), Nd4j.createFromArray(1.0, 0.0)));
        System.out.println(new KLDivLoss()
                .value(
                        Nd4j.createFromArray(new double[][] {{-0.5, -1.0}}),
                        Nd4j.createFromArray(new double[][] {{0.5, 0.5}})));
        System.out.println(new KLDivLoss()
                .valueAndGradient(
                        Nd4j.createFromArray(new double[][] {{-0.5, -1.0}, {-.1, -.2}}),
                        Nd4j.createFromArray(new double[] {0.5, 0.5})));
        System.out.println(new NLLLoss()
                .value(Nd4j.createFromArray(new double[][] {{-0.5, -1.5}}), Nd4j.createFromArray(new long[] {1})));
        for (DataType dt : new DataType[] {DataType.FLOAT16, DataType.BFLOAT16, DataType.FLOAT})
            System.out.println(new CrossEntropyLoss()
                    .gradient(
                            Nd4j.createFromArray(new double[][][] {
                                        {{0.1, 0}, {.3, .4}, {2, 3}}, {{.2, 0}, {.1, 30}, {3, 4}}
                                    })
                                    .castTo(dt),
                            Nd4j.createFromArray(new long[][] {{0, 2}, {1, 2}})));
        INDArray l = Nd4j.createFromArray(new double[][] {{0.1, .2}, {.3, .4}});
        System.out.println(new ActivationLogSoftmax().getActivation(l, true) + " " + l);
        try {
            new CrossEntropyLoss().value(logits, Nd4j.createFromArray(new long[] {0, 7}));
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        try {
            new BCELoss()
                    .value(
                            Nd4j.createFromArray(new double[][] {{0.5, 1.25}}),
                            Nd4j.createFromArray(new double[][] {{0.5, 1}}));
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
    }
}
