/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

/**
 * The result of a {@link Parity}: whether the check passed, and a message.
 *
 * <pre>{@code
 * ParityResult result = Parity.of(new LossMSE()).against("torch.mse_loss(x, t)").compare();
 * if (!result.passed()) {
 *     System.out.println(result.message());
 * }
 * }</pre>
 *
 * @since 0.1.0
 */
@CheckReturnValue
public final class ParityResult {

    private final int cases;
    private final int failedCases;
    private final String message;
    private final ParityCase worst;
    private final Throwable cause;

    private ParityResult(int cases, int failedCases, String message, ParityCase worst, Throwable cause) {
        this.cases = cases;
        this.failedCases = failedCases;
        this.message = message;
        this.worst = worst;
        this.cause = cause;
    }

    static ParityResult passed(int cases, String message) {
        return new ParityResult(cases, 0, message, null, null);
    }

    static ParityResult failed(int cases, int failedCases, String message, ParityCase worst, Throwable cause) {
        return new ParityResult(cases, failedCases, message, worst, cause);
    }

    /**
     * Whether every number of every case was within the tolerance.
     *
     * @return true if the check passed
     */
    public boolean passed() {
        return failedCases == 0;
    }

    /**
     * The number of cases computed on both sides; fewer than requested if the loss threw an exception.
     *
     * @return the number, at least 1
     */
    public int cases() {
        return cases;
    }

    /**
     * The number of cases with a number too far from torch's.
     *
     * @return the number, 0 if the check passed
     */
    public int failedCases() {
        return failedCases;
    }

    /**
     * Describes the result: the largest differences, or the place of the worst one, what may have caused it and how to
     * repeat this case alone.
     *
     * @return one or more lines
     */
    public String message() {
        return message;
    }

    /** The case that the message shows; null if all passed. */
    ParityCase worst() {
        return worst;
    }

    /** The exception that the loss threw, or null. */
    Throwable cause() {
        return cause;
    }

    /**
     * Returns the message.
     *
     * @return {@link #message()}
     */
    @Override
    public String toString() {
        return message;
    }
}
