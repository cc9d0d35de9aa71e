/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Torch's weight decay as a DL4J regularization, for use with an updater of this package.
 *
 * <p>It extends DL4J's L2 regularization, because DL4J applies any other kind twice if it is set for a whole network.
 */
@JsonAutoDetect(
        fieldVisibility = JsonAutoDetect.Visibility.NONE,
        getterVisibility = JsonAutoDetect.Visibility.NONE,
        isGetterVisibility = JsonAutoDetect.Visibility.NONE)
final class TorchWeightDecay extends L2Regularization {
    private static final long serialVersionUID = 1L;

    @JsonProperty
    private final double weightDecay;

    @JsonProperty
    private final boolean decoupled;

    /**
     * @param weightDecay torch's coefficient
     * @param decoupled true if parameters shrink apart from the step, as in AdamW; false if the decay is part of the
     *     gradient
     */
    @JsonCreator
    TorchWeightDecay(@JsonProperty("weightDecay") double weightDecay, @JsonProperty("decoupled") boolean decoupled) {
        super(weightDecay);
        this.weightDecay = weightDecay;
        this.decoupled = decoupled;
    }

    TorchWeightDecay half() {
        return new TorchWeightDecay(weightDecay / 2, decoupled);
    }

    @Override
    public ApplyStep applyStep() {
        return decoupled ? ApplyStep.POST_UPDATER : ApplyStep.BEFORE_UPDATER;
    }

    @Override
    public void apply(INDArray param, INDArray gradView, double lr, int iteration, int epoch) {
        gradView.addi(param.mul(decoupled ? lr * weightDecay : weightDecay));
    }

    @Override
    public double score(INDArray param, int iteration, int epoch) {
        return 0;
    }

    @Override
    public Regularization clone() {
        return new TorchWeightDecay(weightDecay, decoupled);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TorchWeightDecay
                && Double.compare(weightDecay, ((TorchWeightDecay) other).weightDecay) == 0
                && decoupled == ((TorchWeightDecay) other).decoupled;
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof TorchWeightDecay;
    }

    @Override
    public int hashCode() {
        return Objects.hash(weightDecay, decoupled);
    }

    @Override
    public String toString() {
        return "TorchWeightDecay(weightDecay=" + weightDecay + ", decoupled=" + decoupled + ")";
    }
}
