/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.HuberLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchType;
import java.util.ArrayList;
import java.util.List;

/**
 * One point of the options grid: a loss, each option that changes its formula, and the kind of numbers it gets.
 *
 * <pre>{@code
 * Configuration.grid(TorchType.FLOAT32, TorchType.FLOAT64).size();
 * }</pre>
 *
 * @param family which loss
 * @param form what the target holds
 * @param weight the class or output weights
 * @param posWeight the weights of positive targets
 * @param ignoring whether and how rows are ignored
 * @param smoothing the label smoothing
 * @param logTarget whether targets are logarithms
 * @param delta where the Huber loss becomes linear
 * @param reduction the reduction
 * @param type the type of the input
 * @param rank the rank of the input
 * @param magnitude the standard deviation of the logits
 * @since 0.1.0
 */
public record Configuration(
        Family family,
        TargetForm form,
        Weighting weight,
        Weighting posWeight,
        Ignoring ignoring,
        double smoothing,
        boolean logTarget,
        double delta,
        Reduction reduction,
        TorchType type,
        int rank,
        double magnitude) {

    /** The losses. */
    public enum Family {
        /** BCELoss. */
        BCE(BCELoss.class, "BCE"),
        /** BCEWithLogitsLoss. */
        BCE_WITH_LOGITS(BCEWithLogitsLoss.class, "BCE with logits"),
        /** NLLLoss. */
        NLL(NLLLoss.class, "NLL"),
        /** CrossEntropyLoss. */
        CROSS_ENTROPY(CrossEntropyLoss.class, "CE"),
        /** KLDivLoss. */
        KL_DIV(KLDivLoss.class, "KL"),
        /** HuberLoss. */
        HUBER(HuberLoss.class, "Huber");

        private final Class<? extends TorchLoss> loss;
        private final String shortName;

        Family(Class<? extends TorchLoss> loss, String shortName) {
            this.loss = loss;
            this.shortName = shortName;
        }

        /**
         * The loss's name, as torch has it.
         *
         * @return such as {@code KLDivLoss}
         */
        public String lossName() {
            return loss.getSimpleName();
        }

        /**
         * What the loss is called where its accuracy is measured.
         *
         * @return such as {@code KL}
         */
        public String shortName() {
            return shortName;
        }
    }

    /** What a target holds. */
    public enum TargetForm {
        /** Class indices. */
        INDEX,
        /** One-hot rows. */
        ONE_HOT,
        /** Numbers of the input's shape. */
        DENSE
    }

    /** Weights of classes or outputs. */
    public enum Weighting {
        /** None. */
        NONE,
        /** One number for all outputs. */
        SINGLE,
        /** One number for each class or output. */
        EACH
    }

    /** Ignored rows. */
    public enum Ignoring {
        /** No row. */
        NOTHING,
        /** Rows whose index is no class. */
        OUTSIDE,
        /** A class. */
        A_CLASS
    }

    private static final double[] MAGNITUDES = {.1, 1, 10, 100};
    /** Multiples of 1/16, which every floating type holds exactly. */
    private static final double[] DELTAS = {.0625, 1, 3};

    private static final int MAX_RANK = 5;

    /**
     * Every combination of options, types, ranks 1 to 5 and magnitudes .1 to 100.
     *
     * @param types the types of the input
     * @return the grid, in a fixed order
     */
    public static List<Configuration> grid(TorchType... types) {
        List<Configuration> grid = new ArrayList<>();
        for (Configuration options : options()) {
            for (TorchType type : types) {
                for (int rank = 1; rank <= MAX_RANK; rank++) {
                    for (double magnitude : MAGNITUDES) {
                        grid.add(options.with(type, rank, magnitude));
                    }
                }
            }
        }
        return grid;
    }

    private Configuration with(TorchType newType, int newRank, double newMagnitude) {
        return new Configuration(
                family,
                form,
                weight,
                posWeight,
                ignoring,
                smoothing,
                logTarget,
                delta,
                reduction,
                newType,
                newRank,
                newMagnitude);
    }

    private static List<Configuration> options() {
        List<Configuration> all = new ArrayList<>();
        for (Reduction reduction : new Reduction[] {Reduction.MEAN, Reduction.SUM}) {
            for (Weighting weight : Weighting.values()) {
                all.add(dense(Family.BCE, weight, Weighting.NONE, 0, false, 1, reduction));
                for (Weighting posWeight : Weighting.values()) {
                    all.add(dense(Family.BCE_WITH_LOGITS, weight, posWeight, 0, false, 1, reduction));
                }
            }
            for (Weighting weight : new Weighting[] {Weighting.NONE, Weighting.EACH}) {
                for (double smoothing : new double[] {0, .125, 1}) {
                    all.add(dense(Family.CROSS_ENTROPY, weight, Weighting.NONE, smoothing, false, 1, reduction));
                    addIndices(all, Family.CROSS_ENTROPY, weight, smoothing, reduction);
                }
                addIndices(all, Family.NLL, weight, 0, reduction);
            }
        }
        for (Reduction reduction : Reduction.values()) {
            for (boolean logTarget : new boolean[] {false, true}) {
                all.add(dense(Family.KL_DIV, Weighting.NONE, Weighting.NONE, 0, logTarget, 1, reduction));
            }
        }
        for (Reduction reduction : new Reduction[] {Reduction.MEAN, Reduction.SUM}) {
            for (double delta : DELTAS) {
                all.add(dense(Family.HUBER, Weighting.NONE, Weighting.NONE, 0, false, delta, reduction));
            }
        }
        return all;
    }

    private static void addIndices(
            List<Configuration> all, Family family, Weighting weight, double smoothing, Reduction reduction) {
        for (TargetForm form : new TargetForm[] {TargetForm.INDEX, TargetForm.ONE_HOT}) {
            for (Ignoring ignoring : Ignoring.values()) {
                all.add(new Configuration(
                        family,
                        form,
                        weight,
                        Weighting.NONE,
                        ignoring,
                        smoothing,
                        false,
                        1,
                        reduction,
                        TorchType.FLOAT64,
                        2,
                        1));
            }
        }
    }

    private static Configuration dense(
            Family family,
            Weighting weight,
            Weighting posWeight,
            double smoothing,
            boolean logTarget,
            double delta,
            Reduction reduction) {
        return new Configuration(
                family,
                TargetForm.DENSE,
                weight,
                posWeight,
                Ignoring.NOTHING,
                smoothing,
                logTarget,
                delta,
                reduction,
                TorchType.FLOAT64,
                2,
                1);
    }
}
