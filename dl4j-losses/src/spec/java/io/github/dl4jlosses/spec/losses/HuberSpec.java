/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.losses;

import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.NaN;
import static java.lang.Double.POSITIVE_INFINITY;

import io.github.dl4jlosses.HuberLoss;
import io.github.dl4jlosses.spec.AccuracyFamily.Inputs;
import io.github.dl4jlosses.spec.AccuracyFamily.Targets;
import io.github.dl4jlosses.spec.DistanceSpec;
import io.github.dl4jlosses.spec.Domain;
import io.github.dl4jlosses.spec.Given;
import io.github.dl4jlosses.spec.exact.Digits;
import io.github.dl4jlosses.spec.exact.ExactNumber;
import io.github.dl4jlosses.spec.exact.Terms;
import java.math.BigDecimal;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** {@link HuberLoss}. */
public final class HuberSpec extends DistanceSpec<HuberLoss, HuberLoss.Builder> {
    private static final BigDecimal HALF = new BigDecimal("0.5");

    public HuberSpec() {
        super(HuberLoss.class, "Huber", HuberLoss::builder);
        ofDistance();
        option(
                "delta",
                "delta",
                HuberLoss::getDelta,
                HuberLoss.Builder::delta,
                Domain.of("delta", 1., .0625, 3.)
                        .drawing((random, outputs) -> new double[] {1, 1, .25, 3, 1e-3, 1e6}[random.nextInt(6)])
                        .example((random, outputs) -> .25)
                        .extreme(.125, 14.5, POSITIVE_INFINITY)
                        .taking(Double.MIN_VALUE, 1e300, POSITIVE_INFINITY)
                        .refusing(
                                "huber_loss does not support non-positive values for delta.",
                                0.,
                                -0.,
                                NEGATIVE_INFINITY,
                                -1.,
                                NaN));
        reads("HuberLoss(reduction=MEAN, delta=0.25)");
        onPages();
        accurate("delta 1.0", same -> same, Inputs.LOGITS, Targets.LOGITS, 10);
        accurate("delta 0.1", loss -> loss.delta(.1), Inputs.LOGITS, Targets.LOGITS, 10);
        corner("input inf", loss -> loss.delta(POSITIVE_INFINITY), Given.row(POSITIVE_INFINITY), Given.row(0));
        refuses(Given.zeros(2), Given.filled(.5, 2), "LONG");
        refuses(Given.zeros(2), Given.zeros(2), "LONG");
    }

    private void onPages() {
        page().says("numbers, with outliers among them", "the prediction")
                .nearest("none; it lies between `LossMSE` and `LossMAE`")
                .task("numbers, with outliers among them", "`[N, C]`", "`OutputLayer`, identity");
        distances("HuberLoss")
                .curve("delta 0.5", loss -> loss.delta(.5))
                .curve("delta 1.0", loss -> loss.delta(1))
                .curve("delta 2.0", loss -> loss.delta(2));
        distances("delta 1, beside LossMSE with weight 0.5")
                .beside(type -> new LossMSE(Nd4j.createFromArray(.5).castTo(type)));
        distances("delta 1, beside LossMAE").beside(type -> new LossMAE());
    }

    @Override
    protected String torch(HuberLoss loss, int reduction) {
        return "torch.huber_loss(x, t, " + reduction + ", float(delta))";
    }

    /** d^2 / 2 up to delta, and delta (|d| - delta/2) beyond. */
    @Override
    protected double plainLoss(HuberLoss loss, double d) {
        double delta = loss.getDelta();
        return Math.abs(d) <= delta ? d * d / 2 : delta * (Math.abs(d) - delta / 2);
    }

    @Override
    protected double plainSlope(HuberLoss loss, double d) {
        return Math.max(-loss.getDelta(), Math.min(loss.getDelta(), d));
    }

    @Override
    protected double growth(HuberLoss loss, double size) {
        return 1 + loss.getDelta();
    }

    /** d^2 / 2 where |d| is below delta, else delta |d| - delta^2 / 2. */
    @Override
    protected ExactNumber exactLoss(HuberLoss loss, BigDecimal d) {
        BigDecimal delta = Digits.exact(loss.getDelta());
        return isSquare(loss, d)
                ? new Terms().add(HALF.multiply(d).multiply(d)).total()
                : new Terms()
                        .add(delta.multiply(d.abs()))
                        .subtract(HALF.multiply(delta).multiply(delta))
                        .total();
    }

    @Override
    protected ExactNumber exactSlope(HuberLoss loss, BigDecimal d) {
        BigDecimal beyond = Digits.exact(loss.getDelta()).multiply(BigDecimal.valueOf(d.signum()));
        return new Terms().add(isSquare(loss, d) ? d : beyond).total();
    }

    private static boolean isSquare(HuberLoss loss, BigDecimal d) {
        return d.abs().compareTo(Digits.exact(loss.getDelta())) < 0;
    }
}
