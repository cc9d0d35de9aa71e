/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import java.util.Optional;

/**
 * What {@code torch.nn.functional} and torchvision compute, where the description of a loss asks torch for more: for numbers
 * that overflow, for float16, for empty arrays. A benchmark has none of these, and torch is not to lose time with them.
 */
final class TorchText {
    private TorchText() {}

    /** TorchScript over x, t and the options by torch's names, whose last line is the loss; empty: the description's. */
    static Optional<String> of(LossKind kind) {
        return Optional.ofNullable(
                switch (kind) {
                    case SMOOTH_L1 -> "torch.smooth_l1_loss(x, t, 1, float(beta))";
                    case SOFT_MARGIN -> "torch.soft_margin_loss(x, t, 1)";
                    case MULTI_MARGIN -> "torch.multi_margin_loss(x, t, int(p), float(margin), None, 1)";
                    case MULTI_LABEL_MARGIN -> "torch.multilabel_margin_loss(x, t, 1)";
                    case FOCAL -> """
                        p = torch.sigmoid(x)
                        entropy = torch.binary_cross_entropy_with_logits(x, t, None, None, 0)
                        right = p * t + (1 - p) * (1 - t)
                        focal = entropy * torch.pow(1 - right, float(gamma))
                        torch.mean((float(alpha) * t + (1 - float(alpha)) * (1 - t)) * focal)""";
                    // the clamp has no gradient, and the check of negative variances is left out
                    case GAUSSIAN -> """
                        halves = torch.split(x, x.size(1) // 2, 1)
                        variance = torch.clone(torch.exp(halves[1]))
                        clamped = torch.clamp_(torch.detach(variance), float(eps))
                        torch.mean(0.5 * (torch.log(variance) + torch.pow(halves[0] - t, 2) / variance))""";
                    default -> null;
                });
    }
}
