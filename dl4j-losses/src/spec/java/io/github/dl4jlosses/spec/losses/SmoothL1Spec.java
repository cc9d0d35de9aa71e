/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.losses;

import static java.lang.Double.NaN;
import static java.lang.Double.POSITIVE_INFINITY;

import io.github.dl4jlosses.SmoothL1Loss;
import io.github.dl4jlosses.spec.AccuracyFamily.Inputs;
import io.github.dl4jlosses.spec.AccuracyFamily.Targets;
import io.github.dl4jlosses.spec.DistanceSpec;
import io.github.dl4jlosses.spec.Domain;
import io.github.dl4jlosses.spec.Given;
import io.github.dl4jlosses.spec.exact.Digits;
import io.github.dl4jlosses.spec.exact.ExactNumber;
import io.github.dl4jlosses.spec.exact.Terms;
import java.math.BigDecimal;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;

/** {@link SmoothL1Loss}. */
public final class SmoothL1Spec extends DistanceSpec<SmoothL1Loss, SmoothL1Loss.Builder> {
    private static final BigDecimal HALF = new BigDecimal("0.5");

    public SmoothL1Spec() {
        super(SmoothL1Loss.class, "Smooth L1", SmoothL1Loss::builder);
        ofDistance();
        option(
                "beta",
                "beta",
                SmoothL1Loss::getBeta,
                SmoothL1Loss.Builder::beta,
                Domain.of("beta", 1., 0., .0625, 3.)
                        .drawing((random, outputs) -> new double[] {1, 1, 0, .25, 3, 1e-3, 1e6}[random.nextInt(7)])
                        .example((random, outputs) -> .25)
                        .extreme(0., .125, 14.5, 1e-300, POSITIVE_INFINITY)
                        .taking(0., -0., Double.MIN_VALUE, 1e300, POSITIVE_INFINITY)
                        .refusing(
                                "smooth_l1_loss does not support negative values for beta.",
                                -1.,
                                -Double.MIN_VALUE,
                                NaN));
        reads("SmoothL1Loss(reduction=MEAN, beta=0.25)");
        onPages();
        accurate("beta 1.0", same -> same, Inputs.LOGITS, Targets.LOGITS, 10);
        accurate("beta 0.1", loss -> loss.beta(.1), Inputs.LOGITS, Targets.LOGITS, 10);
        corner("distance 0", loss -> loss.beta(0), Given.row(1), Given.row(1));
        corner("input NaN", loss -> loss.beta(0), Given.row(NaN), Given.row(0));
        refuses(Given.zeros(2), Given.zeros(2), "LONG");
    }

    private void onPages() {
        page().says("numbers, with outliers among them, such as boxes", "the prediction")
                .nearest("none; it lies between `LossMSE` and `LossMAE`")
                .task("boxes around objects", "`[N, C]`", "`OutputLayer`, identity");
        distances("SmoothL1Loss")
                .curve("beta 0.5", loss -> loss.beta(.5))
                .curve("beta 1.0", loss -> loss.beta(1))
                .curve("beta 2.0", loss -> loss.beta(2));
        distances("beta 1, beside LossMAE").beside(type -> new LossMAE());
    }

    @Override
    protected String torch(SmoothL1Loss loss, int reduction) {
        // as torch.nn.functional does: the kernel alone has another gradient where beta and the distance are 0
        if (loss.getBeta() == 0) {
            return "torch.l1_loss(x, t, " + reduction + ")";
        }
        String options = ", " + reduction + ", float(beta))";
        String same = "torch.smooth_l1_loss(x, t" + options;
        // on a CPU torch has the loss in float16 (type 5), but no gradient: that of float32 (type 6), rounded
        return reduction == 0
                ? same
                : "torch.smooth_l1_loss(x.to(6), t.to(6)" + options + ".to(5) if x.dtype == 5 and t.dtype == 5 else "
                        + same;
    }

    /** d^2 / (2 beta) below beta, and |d| - beta/2 beyond. */
    @Override
    protected double plainLoss(SmoothL1Loss loss, double d) {
        double beta = loss.getBeta();
        return Math.abs(d) < beta ? Math.abs(d) / beta * Math.abs(d) / 2 : Math.abs(d) - beta / 2;
    }

    /** For a beta of 0 it is that of |d|, and 0 for NaN. */
    @Override
    protected double plainSlope(SmoothL1Loss loss, double d) {
        double beta = loss.getBeta();
        if (Math.abs(d) < beta) {
            return d / beta;
        }
        return d > 0 ? 1 : d < 0 ? -1 : beta == 0 ? 0 : NaN;
    }

    /** d^2 / (2 beta) where |d| is below beta, else |d| - beta / 2. */
    @Override
    protected ExactNumber exactLoss(SmoothL1Loss loss, BigDecimal d) {
        BigDecimal beta = Digits.exact(loss.getBeta());
        return d.abs().compareTo(beta) < 0
                ? new Terms().add(d.multiply(d)).over(beta.add(beta))
                : new Terms().add(d.abs()).subtract(HALF.multiply(beta)).total();
    }

    @Override
    protected ExactNumber exactSlope(SmoothL1Loss loss, BigDecimal d) {
        BigDecimal beta = Digits.exact(loss.getBeta());
        return d.abs().compareTo(beta) < 0
                ? new Terms().add(d).over(beta)
                : new Terms().add(BigDecimal.valueOf(d.signum())).total();
    }
}
