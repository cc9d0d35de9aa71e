/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.grid.Configuration;
import io.github.dl4jlosses.parity.grid.LossCheck;
import io.github.dl4jlosses.parity.grid.LossCheck.Verdict;

/** A loss with its options in one type, against torch. */
final class GridRow implements LossCheck.Observer {
    final Configuration configuration;
    final String options;
    /** Losses, reduced and not. */
    final Distances values = new Distances();
    /** Gradients with respect to input and target. */
    final Distances gradients = new Distances();

    int cases;
    int passed;
    /** Results that are not counted in the distances, because torch's own float64 result says that torch is off. */
    int torchIsOff;

    /** A row for all configurations that the same words describe. */
    GridRow(Configuration configuration, String options) {
        this.configuration = configuration;
        this.options = options;
    }

    @Override
    public void compared(String result, int index, double ours, double torch, double largestTerm, Verdict verdict) {
        if (verdict == Verdict.TORCH_IS_OFF) {
            torchIsOff++;
        } else {
            (result.contains("gradient") ? gradients : values).add(type(), ours, torch, largestTerm);
        }
    }

    void count(boolean isEqual) {
        cases++;
        passed += isEqual ? 1 : 0;
    }

    /** Takes the numbers of a row that this one stands for too. */
    void addAll(GridRow other) {
        values.addAll(other.values);
        gradients.addAll(other.gradients);
        cases += other.cases;
        passed += other.passed;
        torchIsOff += other.torchIsOff;
    }

    String loss() {
        return configuration.lossName();
    }

    TorchType type() {
        return configuration.type();
    }
}
