/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * The common part of torch's optimizers as DL4J updaters: learning rate and weight decay.
 *
 * <p>DL4J writes the fields of an updater to JSON, and may set the learning rate of an updater in use.
 *
 * @since 0.1.0
 */
public abstract class TorchUpdater implements IUpdater {
    private static final long serialVersionUID = 1L;

    /** The learning rate, unless there is a schedule. */
    private double lr;
    /** The learning rate over time; null: it is fixed. */
    private ISchedule lrSchedule;
    /** The weight decay; 0: none. */
    private final double weightDecay;
    /** Whether {@link #configure} has put this updater and its weight decay into a configuration. */
    private final boolean configured;

    TorchUpdater(double lr, ISchedule lrSchedule, double weightDecay, boolean configured) {
        this.lr = lr;
        this.lrSchedule = lrSchedule;
        this.weightDecay = weightDecay;
        this.configured = configured;
    }

    /** The state of a block of parameters, updated in place. */
    abstract GradientUpdater<?> overState();

    /** A copy with these values and otherwise the same options. */
    abstract TorchUpdater copy(double lr, ISchedule lrSchedule, double weightDecay, boolean configured);

    /** A copy that is marked as having its weight decay in the configuration. */
    final TorchUpdater configured() {
        return copy(lr, lrSchedule, weightDecay, true);
    }

    /** The weight decay for DL4J to apply: part of the gradient, unless the updater decouples it. */
    TorchWeightDecay decay() {
        return new TorchWeightDecay(weightDecay, false);
    }

    /**
     * Sets updater and weight decay for all layers of a network, weights and biases; each is decayed once. The score
     * does not contain the decay, nor does torch's loss.
     *
     * <p>The configuration then holds a copy of this updater that is marked as configured; for another configuration
     * call this method again. A layer with an updater, an L2 or a regularization of its own keeps that instead. DL4J
     * never decays the gamma and beta of its {@code BatchNormalization}; torch does.
     *
     * @param builder the configuration, before {@code list()} or {@code graphBuilder()}
     * @return the same builder, so that calls chain
     * @throws IllegalArgumentException if {@code builder} is null
     */
    public final NeuralNetConfiguration.Builder configure(NeuralNetConfiguration.Builder builder) {
        if (builder == null) {
            throw new IllegalArgumentException("builder must not be null");
        }
        builder.updater(configured());
        if (weightDecay != 0) {
            builder.regularization(List.<Regularization>of(decay()));
            builder.regularizationBias(List.<Regularization>of(decay()));
        }
        return builder;
    }

    /**
     * Sets updater and weight decay of one layer, as torch's parameter groups do; the other layers keep those of the network.
     *
     * @param <B> the kind of layer
     * @param layer the layer's builder
     * @return the same builder, so that calls chain
     * @throws IllegalArgumentException if {@code layer} is null
     */
    public final <B extends BaseLayer.Builder<B>> B configureLayer(B layer) {
        if (layer == null) {
            throw new IllegalArgumentException("layer must not be null");
        }
        // even if it is 0: without one DL4J would take that of the network
        List<Regularization> beside = List.of(decay());
        layer.updater(configured());
        layer.biasUpdater(configured());
        layer.regularization(beside);
        layer.regularizationBias(beside);
        return layer;
    }

    /**
     * Sets the updater for the bias of an LSTM or SimpleRnn. Torch has two bias vectors there and moves each; DL4J has
     * their sum, which must therefore move twice as far: at twice the rate, with half the weight decay.
     *
     * <p>{@code MultiLayerNetwork.setLearningRate} does not change the rate of this updater.
     *
     * @param <B> the kind of layer
     * @param layer the layer's builder; it gets a {@code biasUpdater} and a {@code regularizationBias}
     * @return the same builder, so that calls chain
     * @throws IllegalArgumentException if {@code layer} is null; for a {@link TorchAdam} with weight decay, which adds
     *     the decay to the gradient of each bias; its effect cannot be computed from their sum
     */
    public final <B extends BaseRecurrentLayer.Builder<B>> B configureTwoBiases(B layer) {
        if (layer == null) {
            throw new IllegalArgumentException("layer must not be null");
        }
        layer.biasUpdater(ofTwoBiases());
        if (weightDecay != 0) {
            layer.regularizationBias(List.<Regularization>of(decay().half()));
        }
        return layer;
    }

    /** For an optimizer whose step is not proportional to the gradient. */
    final void requireNoCoupledDecayOfTwoBiases(String name) {
        if (weightDecay != 0) {
            throw new IllegalArgumentException("With weightDecay " + weightDecay + " " + name
                    + " moves each of torch's two biases by a step that cannot be computed from their sum; TorchAdamW"
                    + " can be used instead");
        }
    }

    /** This updater at twice the rate, for use with half the weight decay. */
    TorchUpdater ofTwoBiases() {
        ISchedule doubled = lrSchedule == null ? null : new DoubledSchedule(lrSchedule);
        return copy(2 * lr, doubled, weightDecay / 2, true);
    }

    @Override
    public final GradientUpdater<?> instantiate(INDArray viewArray, boolean initializeViewArray) {
        if (weightDecay != 0 && !configured) {
            throw new IllegalStateException(
                    "weightDecay " + weightDecay + " would have no effect: an updater never sees the"
                            + " parameters. Call configure(NeuralNetConfiguration.Builder) of this "
                            + getClass().getSimpleName()
                            + " instead of updater(..), or configureLayer for one layer");
        }
        GradientUpdater<?> updater = overState();
        if (viewArray != null) {
            INDArray flat = viewArray.reshape(viewArray.length());
            updater.setStateViewArray(flat, flat.shape(), flat.ordering(), initializeViewArray);
        }
        return updater;
    }

    @Override
    public final GradientUpdater<?> instantiate(Map<String, INDArray> updaterState, boolean initializeStateArrays) {
        GradientUpdater<?> updater = overState();
        updater.setState(updaterState, initializeStateArrays);
        return updater;
    }

    @Override
    public abstract TorchUpdater clone();

    @Override
    public final double getLearningRate(int iteration, int epoch) {
        return lrSchedule == null ? lr : lrSchedule.valueAt(iteration, epoch);
    }

    /** Whether the schedule sets the momentum, too. */
    final boolean cyclesMomentum() {
        return lrSchedule instanceof MomentumCycle && ((MomentumCycle) lrSchedule).cyclesMomentum();
    }

    /** The momentum at a step: the schedule's, or the given one if the schedule sets none. */
    final double momentumOr(double fixed, int iteration, int epoch) {
        return cyclesMomentum() ? ((MomentumCycle) lrSchedule).momentumAt(iteration, epoch) : fixed;
    }

    @Override
    public final boolean hasLearningRate() {
        return true;
    }

    @Override
    public final void setLrAndSchedule(double lr, ISchedule lrSchedule) {
        this.lr = lr;
        this.lrSchedule = lrSchedule;
    }

    /**
     * The learning rate.
     *
     * @return torch's {@code lr}; ignored if there is a schedule
     */
    public final double getLr() {
        return lr;
    }

    /**
     * The schedule of the learning rate.
     *
     * @return null for none
     */
    public final ISchedule getLrSchedule() {
        return lrSchedule;
    }

    /**
     * The weight decay.
     *
     * @return torch's {@code weight_decay}, 0 for none
     */
    public final double getWeightDecay() {
        return weightDecay;
    }

    /** Whether the weight decay is in the configuration already. */
    final boolean isConfigured() {
        return configured;
    }

    /** Whether the other is of the same class and the common options are the same. */
    final boolean hasOptionsOf(Object other) {
        if (other == null || other.getClass() != getClass()) {
            return false;
        }
        TorchUpdater that = (TorchUpdater) other;
        return Double.compare(lr, that.lr) == 0
                && Objects.equals(lrSchedule, that.lrSchedule)
                && Double.compare(weightDecay, that.weightDecay) == 0
                && configured == that.configured;
    }

    @Override
    public abstract boolean equals(Object other);

    @Override
    public abstract int hashCode();

    /** The learning rate or its schedule as text. */
    final String lrText() {
        return "lr=" + (lrSchedule == null ? String.valueOf(lr) : String.valueOf(lrSchedule));
    }
}
