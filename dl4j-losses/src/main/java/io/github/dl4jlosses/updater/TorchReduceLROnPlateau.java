/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;

/**
 * Lowers the learning rate when a metric has stopped improving, torch's {@code lr_scheduler.ReduceLROnPlateau}.
 *
 * <p>As a listener it watches the score: the mean over {@code every} iterations, which in PyTorch is the training loss
 * of an epoch. To watch the loss of a validation set, do not add it as a listener, but call {@link #step} after each
 * epoch.
 *
 * <p>Rule: a metric below best (1 - threshold) is the new best. After more than {@code patience} others in a row the
 * rate of every layer becomes max(factor rate, minLr), unless that is less than {@code eps} below it; after that,
 * {@code cooldown} metrics do not count. A bias with an updater of its own keeps its ratio to the layer's rate, so the
 * double rate of an LSTM's two biases stays double.
 *
 * <p>Defaults: {@code factor} 0.1, {@code patience} 10, {@code threshold} 1e-4 and relative, {@code cooldown} 0, {@code minLr}
 * 0, {@code eps} 1e-8, lower is better, {@code every} 1.
 *
 * <pre>{@code
 * net.setListeners(TorchReduceLROnPlateau.builder().patience(3).every(batchesOfAnEpoch).build());
 * }</pre>
 *
 * <p>The rates are saved with the network's configuration; the count of bad metrics stays in the listener. Errors:
 * {@code build()} throws {@link IllegalArgumentException} as torch does; a layer whose rate has a schedule causes an
 * {@link IllegalStateException}. One object serves one network in one thread. Reference:
 * torch.optim.lr_scheduler.ReduceLROnPlateau, torch 2.7.1.
 *
 * @since 0.1.0
 */
public final class TorchReduceLROnPlateau extends BaseTrainingListener {
    private final Builder options;
    private double best;
    private int bad;
    private int cooling;
    private double sum;
    private int scores;

    private TorchReduceLROnPlateau(Builder options) {
        this.options = options;
        this.best = options.higherIsBetter ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }

    /**
     * Starts a builder with torch's defaults.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        sum += model.score();
        scores++;
        if (scores == options.every) {
            double mean = sum / scores;
            sum = 0;
            scores = 0;
            step(model, mean);
        }
    }

    /**
     * Takes a metric into account, as torch's {@code scheduler.step(metric)} does.
     *
     * @param model a network
     * @param metric the number that should improve
     * @throws IllegalArgumentException if the model is neither a MultiLayerNetwork nor a ComputationGraph
     * @throws IllegalStateException if a learning rate that is to be lowered has a schedule
     */
    public void step(Model model, double metric) {
        if (improves(metric)) {
            best = metric;
            bad = 0;
        } else {
            bad++;
        }
        if (cooling > 0) {
            cooling--;
            bad = 0;
        }
        if (bad > options.patience) {
            new RateDecrease(options.factor, options.minLr, options.eps).of(model);
            cooling = options.cooldown;
            bad = 0;
        }
    }

    private boolean improves(double metric) {
        if (options.higherIsBetter) {
            return metric > (options.absolute ? best + options.threshold : best * (1 + options.threshold));
        }
        return metric < (options.absolute ? best - options.threshold : best * (1 - options.threshold));
    }

    /**
     * Builds a {@link TorchReduceLROnPlateau}.
     *
     * @since 0.1.0
     */
    public static final class Builder {
        private boolean higherIsBetter;
        private boolean absolute;
        private double factor = 0.1;
        private double threshold = 1e-4;
        private double minLr;
        private double eps = 1e-8;
        private int patience = 10;
        private int cooldown;
        private int every = 1;

        private Builder() {}

        /**
         * Whether a higher metric is better.
         *
         * @param higherIsBetter true for torch's {@code mode="max"}
         * @return this builder
         */
        public Builder higherIsBetter(boolean higherIsBetter) {
            this.higherIsBetter = higherIsBetter;
            return this;
        }

        /**
         * The factor of a rate when it is lowered.
         *
         * @param factor 0.1 by default
         * @return this builder
         */
        public Builder factor(double factor) {
            this.factor = factor;
            return this;
        }

        /**
         * How many metrics in a row may bring no improvement.
         *
         * @param patience 10 by default
         * @return this builder
         */
        public Builder patience(int patience) {
            this.patience = patience;
            return this;
        }

        /**
         * How much better than the best a metric must be to count as better.
         *
         * @param threshold 1e-4 by default
         * @return this builder
         */
        public Builder threshold(double threshold) {
            this.threshold = threshold;
            return this;
        }

        /**
         * Whether the threshold is absolute instead of a share of the best.
         *
         * @param absolute true for torch's {@code threshold_mode="abs"}
         * @return this builder
         */
        public Builder absolute(boolean absolute) {
            this.absolute = absolute;
            return this;
        }

        /**
         * How many metrics are ignored after a change.
         *
         * @param cooldown 0 by default
         * @return this builder
         */
        public Builder cooldown(int cooldown) {
            this.cooldown = cooldown;
            return this;
        }

        /**
         * The lowest rate.
         *
         * @param minLr torch's {@code min_lr}, 0 by default
         * @return this builder
         */
        public Builder minLr(double minLr) {
            this.minLr = minLr;
            return this;
        }

        /**
         * The smallest change of a rate that is made.
         *
         * @param eps 1e-8 by default
         * @return this builder
         */
        public Builder eps(double eps) {
            this.eps = eps;
            return this;
        }

        /**
         * The number of iterations whose mean score is one metric of the listener.
         *
         * @param every 1 by default
         * @return this builder
         */
        public Builder every(int every) {
            this.every = every;
            return this;
        }

        /**
         * Checks the options.
         *
         * @return a listener for one network
         * @throws IllegalArgumentException if factor is not below 1, or every is below 1
         */
        public TorchReduceLROnPlateau build() {
            UpdaterBuilder.require(factor < 1, "Factor should be < 1.0. (factor is " + factor + ")");
            UpdaterBuilder.require(every >= 1, "every must be 1 or more, but is " + every);
            return new TorchReduceLROnPlateau(copy());
        }

        private Builder copy() {
            Builder copy = new Builder();
            copy.higherIsBetter = higherIsBetter;
            copy.absolute = absolute;
            copy.factor = factor;
            copy.threshold = threshold;
            copy.minLr = minLr;
            copy.eps = eps;
            copy.patience = patience;
            copy.cooldown = cooldown;
            copy.every = every;
            return copy;
        }
    }
}
