/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec;

import static java.lang.Double.NaN;
import static java.lang.Double.POSITIVE_INFINITY;

import io.github.dl4jlosses.LossBuilder;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.spec.exact.ExactElement;
import io.github.dl4jlosses.spec.exact.ExactNumber;
import io.github.dl4jlosses.spec.plain.PlainElement;
import java.math.BigDecimal;
import java.util.function.Supplier;

/**
 * A loss of the distance x - t between a number and its target.
 *
 * @param <L> the loss
 * @param <B> its builder
 */
public abstract class DistanceSpec<L extends TorchLoss, B extends LossBuilder<B>> extends ElementSpec<L, B> {
    protected DistanceSpec(Class<L> type, String shortName, Supplier<B> builder) {
        super(type, shortName, builder, InputRange.ANY);
    }

    /** What all losses of a distance have in common: the first line of each description. */
    protected final void ofDistance() {
        sees(SpecHead.IDENTITY, SpecHead.IDENTITY);
        applied(SpecHead.TANH);
        applied(SpecHead.SOFTMAX);
        corner("distance 0", Given.row(1), Given.row(1));
        corner("distance 1", Given.row(2), Given.row(1));
        corner("input NaN", Given.row(NaN), Given.row(0));
        corner("target NaN", Given.row(0), Given.row(NaN));
        corner("input inf", Given.row(POSITIVE_INFINITY), Given.row(0));
        corner("target inf", Given.row(0), Given.row(POSITIVE_INFINITY));
        corner("input and target inf", Given.row(POSITIVE_INFINITY), Given.row(POSITIVE_INFINITY));
        corner("empty", Given.row(), Given.row());
        warnsOfOtherShapes(BROADCASTING);
        refuses(Given.filled(.5, 2, 3), Given.filled(.5, 2, 2), "[2, 2]");
    }

    /** A panel from a target other than 0, so that the distance is not the input. */
    protected final Panel<B> distances(String title) {
        return page().panel(title)
                .over("x - t", -3, 3, .05, distance -> Given.row(1 + distance))
                .by("x", 0)
                .target(Given.row(1));
    }

    @Override
    protected final TargetRange targets(L loss) {
        return TargetRange.LIKE_INPUT;
    }

    /** The textbook's loss at a distance. */
    protected abstract double plainLoss(L loss, double distance);

    /** Its derivative there. */
    protected abstract double plainSlope(L loss, double distance);

    /** How much the terms of the loss grow for each unit of a number of this size. */
    protected double growth(L loss, double size) {
        return 1;
    }

    /** The definition in high precision. */
    protected abstract ExactNumber exactLoss(L loss, BigDecimal distance);

    /** Its derivative. */
    protected abstract ExactNumber exactSlope(L loss, BigDecimal distance);

    @Override
    protected final PlainElement plain(L loss) {
        return new PlainElement() {
            @Override
            public double loss(double x, double t, int output) {
                return plainLoss(loss, x - t);
            }

            @Override
            public double gradient(double x, double t, int output) {
                return plainSlope(loss, x - t);
            }

            @Override
            public double targetGradient(double x, double t, int output) {
                return -plainSlope(loss, x - t);
            }

            @Override
            public double largestTerm(double x, double t, int output) {
                double size = 1 + Math.abs(x) + Math.abs(t);
                return growth(loss, size) * size;
            }
        };
    }

    @Override
    protected final ExactElement exact(L loss) {
        return (x, t, output) -> {
            BigDecimal distance = x.subtract(t);
            ExactNumber slope = exactSlope(loss, distance);
            return new ExactElement.Element(
                    exactLoss(loss, distance).meeting(x, t),
                    slope.meeting(x, t),
                    new ExactNumber(slope.value().negate(), slope.largestTerm()).meeting(x, t));
        };
    }
}
