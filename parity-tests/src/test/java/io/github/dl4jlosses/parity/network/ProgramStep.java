/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import java.util.Arrays;
import org.deeplearning4j.nn.api.Model;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** One step of a program: the score that it reports, and what all its parameters lose. */
final class ProgramStep {
    private final double score;
    private final double[] lost;

    private ProgramStep(double score, double... lost) {
        this.score = score;
        this.lost = lost;
    }

    /** Of what is lost, element by element. */
    static ProgramStep of(double score, INDArray lost) {
        return new ProgramStep(score, numbers(lost));
    }

    double score() {
        return score;
    }

    ProgramStep withScore(double other) {
        return new ProgramStep(other, lost);
    }

    /** Trains it, always with the same dropout. */
    static ProgramStep fit(Model program, Runnable training) {
        double[] before = numbers(program.params());
        Nd4j.getRandom().setSeed(7);
        training.run();
        double[] lost = numbers(program.params());
        Arrays.setAll(lost, i -> before[i] - lost[i]);
        return new ProgramStep(program.score(), lost);
    }

    static ProgramStep fit(Model program, DataSet batch) {
        return fit(program, () -> TwoLayers.fit(program, batch));
    }

    private static double[] numbers(INDArray array) {
        return array.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    }

    double largest() {
        return Arrays.stream(lost).map(Math::abs).max().orElse(0);
    }

    /** How far apart two steps are, in units of the largest element of this one. */
    double distance(ProgramStep other) {
        double distance = 0;
        for (int i = 0; i < lost.length; i++) {
            double difference = Math.abs(lost[i] - other.lost[i]);
            distance = difference > distance || Double.isNaN(difference) ? difference : distance;
        }
        return distance == 0 ? 0 : distance / largest();
    }

    ProgramStep times(double scoreFactor, double stepFactor) {
        return new ProgramStep(
                score * scoreFactor,
                Arrays.stream(lost).map(x -> x * stepFactor).toArray());
    }
}
