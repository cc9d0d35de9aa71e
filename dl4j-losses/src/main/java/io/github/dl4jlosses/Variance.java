/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.kernel.VarianceForm;

/**
 * How the second half of a {@link GaussianNLLLoss}'s input becomes variances.
 *
 * <pre>{@code
 * GaussianNLLLoss.builder().variance(Variance.EXP).build();
 * }</pre>
 *
 * @since 0.1.0
 */
public enum Variance {
    /** They are variances as they stand, as torch's {@code var}: 0 or more. */
    IDENTITY(VarianceForm.GIVEN),
    /** They are logarithms of variances: {@code var = torch.exp(..)}. Any number. */
    EXP(VarianceForm.EXPONENTIAL),
    /** Variances are {@code torch.nn.functional.softplus(..)} of them, log(1 + exp(x)), with its threshold of 20. Any number. */
    SOFTPLUS(VarianceForm.SOFTPLUS);

    private final VarianceForm form;

    Variance(VarianceForm form) {
        this.form = form;
    }

    /** The arithmetic. */
    VarianceForm form() {
        return form;
    }
}
