/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Compares all that a loss gives for a case, value, unreduced losses and gradients, with live torch.
 *
 * <p>Where they differ, torch's float64 result on the same numbers decides: ours must be close to it, and closer than
 * torch's result in its own type, which has cancelled, overflowed or been rounded on the way.
 *
 * <pre>{@code
 * List<String> differences = LossCheck.differences(example, Subject.of(example));
 * }</pre>
 *
 * @since 0.1.0
 */
public final class LossCheck {
    private final LossCase example;
    private final List<String> differences = new ArrayList<>();
    private TorchResult inDouble;

    private LossCheck(LossCase example) {
        this.example = example;
    }

    /**
     * Runs both sides.
     *
     * @param example the case
     * @param subject what is compared with torch
     * @return what differs, one line each; empty: nothing
     */
    public static List<String> differences(LossCase example, Subject subject) {
        LossCheck check = new LossCheck(example);
        check.run(subject);
        return check.differences;
    }

    private void run(Subject subject) {
        TorchReference reference = TorchReference.of(example.loss());
        TorchResult torch = evaluate(reference, example.torchInput(), example.torchTarget());
        compare(
                "value",
                new double[] {subject.value()},
                torch.value(),
                () -> inDouble().value());
        compare(
                "gradient",
                subject.gradient(),
                torch.gradient("x"),
                () -> inDouble().gradient("x"));
        if (example.hasTargetGradient()) {
            compare(
                    "target gradient",
                    subject.targetGradient(),
                    torch.gradient("t"),
                    () -> inDouble().gradient("t"));
        }
        TorchTensor losses = reference.unreduced(example.torchInput(), example.torchTarget());
        compare(
                "unreduced",
                subject.unreduced(),
                losses,
                () -> reference.unreduced(toDouble(example.torchInput()), toDouble(example.torchTarget())));
    }

    private TorchResult evaluate(TorchReference reference, TorchTensor input, TorchTensor target) {
        return reference.evaluate(input, target, example.hasTargetGradient());
    }

    private TorchResult inDouble() {
        if (inDouble == null) {
            inDouble = evaluate(
                    TorchReference.of(example.loss()), toDouble(example.torchInput()), toDouble(example.torchTarget()));
        }
        return inDouble;
    }

    private static TorchTensor toDouble(TorchTensor tensor) {
        return tensor.type().isFloatingPoint() ? tensor.to(TorchType.FLOAT64) : tensor;
    }

    private interface Reference {
        TorchTensor get();
    }

    private void compare(String what, double[] ours, TorchTensor torch, Reference inDouble) {
        double[] theirs = torch.toDoubles();
        if (ours.length != theirs.length) {
            differences.add(what + " has " + ours.length + " numbers, torch's " + theirs.length);
            return;
        }
        double[] terms = example.largestTerms(ours.length);
        for (int i = 0; i < ours.length; i++) {
            if (Closeness.isClose(torch.type(), ours[i], theirs[i], terms[i])) {
                continue;
            }
            double exact = inDouble.get().toDoubles()[i];
            if (!Closeness.isBetter(torch.type(), ours[i], theirs[i], exact, terms[i])) {
                differences.add(what + "[" + i + "] is " + ours[i] + ", torch has " + theirs[i]
                        + (torch.type() == TorchType.FLOAT64 ? "" : " (in float64 " + exact + ")"));
            }
        }
    }

    @Override
    public String toString() {
        return example + ": " + Arrays.toString(differences.toArray());
    }
}
