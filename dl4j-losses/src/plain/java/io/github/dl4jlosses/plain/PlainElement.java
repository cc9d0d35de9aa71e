/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.plain;

import static io.github.dl4jlosses.plain.PlainLoss.numberOf;

/** A loss of single numbers: input x, target t, the output's number. */
abstract class PlainElement {
    /** torch's smallest denominator of the gradient, a float constant. */
    private static final double EPSILON = 1e-12f;

    abstract double loss(double x, double t, int output);

    abstract double gradient(double x, double t, int output);

    abstract double targetGradient(double x, double t, int output);

    /** A bound of the terms that are added up in any of the three. */
    abstract double largestTerm(double x, double t, int output);

    /** -w (t log x + (1-t) log(1-x)), logarithms not below -100. */
    static PlainElement binary(double[] weight) {
        return new PlainElement() {
            @Override
            double loss(double x, double t, int output) {
                return numberOf(weight, output) * ((t - 1) * clamped(Math.log1p(-x)) - t * clamped(Math.log(x)));
            }

            private double clamped(double log) {
                return Math.max(log, -100);
            }

            @Override
            double gradient(double x, double t, int output) {
                return numberOf(weight, output) * (x - t) / Math.max((1 - x) * x, EPSILON);
            }

            @Override
            double targetGradient(double x, double t, int output) {
                return numberOf(weight, output) * (Math.log1p(-x) - Math.log(x));
            }

            @Override
            double largestTerm(double x, double t, int output) {
                return 100 * Math.abs(numberOf(weight, output));
            }
        };
    }

    /** w ((1-t) x + (1 + (v-1) t) softplus(-x)). */
    static PlainElement logits(double[] weight, double[] posWeight) {
        return new PlainElement() {
            @Override
            double loss(double x, double t, int output) {
                return numberOf(weight, output) * ((1 - t) * x + logWeight(t, output) * softplus(-x));
            }

            private double logWeight(double t, int output) {
                return 1 + (numberOf(posWeight, output) - 1) * t;
            }

            @Override
            double gradient(double x, double t, int output) {
                return numberOf(weight, output) * ((1 - t) - logWeight(t, output) / (1 + Math.exp(x)));
            }

            @Override
            double targetGradient(double x, double t, int output) {
                double gradient = posWeight == null ? -x : numberOf(posWeight, output) * softplus(-x) - softplus(x);
                return numberOf(weight, output) * gradient;
            }

            @Override
            double largestTerm(double x, double t, int output) {
                return Math.abs(numberOf(weight, output))
                        * (1 + Math.abs(x))
                        * (1 + Math.abs(t))
                        * (1 + Math.abs(numberOf(posWeight, output)));
            }
        };
    }

    private static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    /** t (log t - x), 0 log 0 being 0; with log targets exp(t) (t - x). */
    static PlainElement divergence(boolean logTarget) {
        return new PlainElement() {
            @Override
            double loss(double x, double t, int output) {
                return logTarget ? Math.exp(t) * (t - x) : (t == 0 ? 0 : t * Math.log(t)) - t * x;
            }

            @Override
            double gradient(double x, double t, int output) {
                return logTarget ? -Math.exp(t) : -t;
            }

            @Override
            double targetGradient(double x, double t, int output) {
                if (logTarget) {
                    return Math.exp(t) * (t - x) + Math.exp(t);
                }
                // torch differentiates xlogy(t, t) to log t + t/t, which is NaN at 0 and at infinity
                double one = t * (1 / t);
                return Math.log(t) + (Double.isNaN(one) ? one : 1) - x;
            }

            @Override
            double largestTerm(double x, double t, int output) {
                double p = logTarget ? Math.exp(t) : Math.abs(t);
                double log = logTarget ? Math.abs(t) : p == 0 ? 0 : Math.abs(Math.log(p));
                return (1 + p) * (1 + log + Math.abs(x));
            }
        };
    }

    /** (x-t)^2 / 2 up to delta, and delta (|x-t| - delta/2) beyond. */
    static PlainElement huber(double delta) {
        return new PlainElement() {
            @Override
            double loss(double x, double t, int output) {
                double distance = Math.abs(x - t);
                return distance <= delta ? distance * distance / 2 : delta * (distance - delta / 2);
            }

            @Override
            double gradient(double x, double t, int output) {
                return Math.max(-delta, Math.min(delta, x - t));
            }

            @Override
            double targetGradient(double x, double t, int output) {
                return -gradient(x, t, output);
            }

            @Override
            double largestTerm(double x, double t, int output) {
                return (1 + delta) * (1 + Math.abs(x) + Math.abs(t));
            }
        };
    }
}
