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
    /** The outputs are variances already, as torch's {@code var}: 0 or more. */
    IDENTITY(VarianceForm.GIVEN),
    /** The outputs are logarithms of variances, any numbers: {@code var = torch.exp(..)}. */
    EXP(VarianceForm.EXPONENTIAL),
    /**
     * The softplus of the outputs, any numbers: {@code torch.nn.functional.softplus(..)}, log(1 + exp(x)), threshold
     * 20.
     */
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
