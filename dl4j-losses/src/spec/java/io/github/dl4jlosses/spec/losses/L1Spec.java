/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.losses;

import io.github.dl4jlosses.L1Loss;
import io.github.dl4jlosses.spec.AccuracyFamily.Inputs;
import io.github.dl4jlosses.spec.AccuracyFamily.Targets;
import io.github.dl4jlosses.spec.DistanceSpec;
import io.github.dl4jlosses.spec.exact.ExactNumber;
import io.github.dl4jlosses.spec.exact.Terms;
import java.math.BigDecimal;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;

/** {@link L1Loss}. */
public final class L1Spec extends DistanceSpec<L1Loss, L1Loss.Builder> {
    public L1Spec() {
        super(L1Loss.class, "L1", L1Loss::builder);
        ofDistance();
        reads("L1Loss(reduction=MEAN)");
        page().says("numbers, with many outliers among them", "the prediction")
                .nearest("`LossMAE`; `LossL1`, C times as large")
                .task("numbers, with many outliers among them", "`[N, C]`", "`OutputLayer`, identity");
        distances("L1Loss").beside(type -> new LossMAE());
        accurate("", same -> same, Inputs.LOGITS, Targets.LOGITS, 10);
    }

    @Override
    protected String torch(L1Loss loss, int reduction) {
        return "torch.l1_loss(x, t, " + reduction + ")";
    }

    /** |d|. */
    @Override
    protected double plainLoss(L1Loss loss, double d) {
        return Math.abs(d);
    }

    /** The sign; torch's sign of NaN is 0. */
    @Override
    protected double plainSlope(L1Loss loss, double d) {
        return d > 0 ? 1 : d < 0 ? -1 : 0;
    }

    @Override
    protected ExactNumber exactLoss(L1Loss loss, BigDecimal d) {
        return new Terms().add(d.abs()).total();
    }

    @Override
    protected ExactNumber exactSlope(L1Loss loss, BigDecimal d) {
        return new Terms().add(BigDecimal.valueOf(d.signum())).total();
    }
}
