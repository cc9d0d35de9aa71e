/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.losses;

import io.github.dl4jlosses.MSELoss;
import io.github.dl4jlosses.spec.AccuracyFamily.Inputs;
import io.github.dl4jlosses.spec.AccuracyFamily.Targets;
import io.github.dl4jlosses.spec.DistanceSpec;
import io.github.dl4jlosses.spec.Given;
import io.github.dl4jlosses.spec.exact.ExactNumber;
import io.github.dl4jlosses.spec.exact.Terms;
import java.math.BigDecimal;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** {@link MSELoss}. */
public final class MSESpec extends DistanceSpec<MSELoss, MSELoss.Builder> {
    public MSESpec() {
        super(MSELoss.class, "MSE", MSELoss::builder);
        ofDistance();
        reads("MSELoss(reduction=MEAN)");
        page().says("numbers", "the prediction")
                .nearest("`LossMSE`; `LossL2`, C times as large")
                .task("numbers", "`[N, C]`", "`OutputLayer`, identity");
        distances("MSELoss").beside(type -> new LossMSE());
        accurate("", same -> same, Inputs.LOGITS, Targets.LOGITS, 10);
        refuses(Given.zeros(2), Given.zeros(2), "LONG");
    }

    @Override
    protected String torch(MSELoss loss, int reduction) {
        return "torch.mse_loss(x, t, " + reduction + ")";
    }

    /** d^2. */
    @Override
    protected double plainLoss(MSELoss loss, double d) {
        return d * d;
    }

    @Override
    protected double plainSlope(MSELoss loss, double d) {
        return 2 * d;
    }

    @Override
    protected double growth(MSELoss loss, double size) {
        return size;
    }

    @Override
    protected ExactNumber exactLoss(MSELoss loss, BigDecimal d) {
        return new Terms().add(d.multiply(d)).total();
    }

    @Override
    protected ExactNumber exactSlope(MSELoss loss, BigDecimal d) {
        return new Terms().add(d.add(d)).total();
    }
}
