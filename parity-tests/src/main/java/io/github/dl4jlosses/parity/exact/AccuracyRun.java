/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.exact;

import io.github.dl4jlosses.LossAndGradient;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.grid.TorchReference;
import io.github.dl4jlosses.spec.exact.ExactNumber;
import io.github.dl4jlosses.spec.exact.ExactResult;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Measures a loss and torch against the exact results: losses, gradients, means and their gradients.
 *
 * <pre>{@code
 * AccuracyRun run = new AccuracyRun();
 * AccuracyCases.families(400, 1).forEach(run::add);
 * run.series().forEach(series -> System.out.println(series.row()));
 * }</pre>
 */
public final class AccuracyRun {
    private final Map<String, AccuracySeries> series = new LinkedHashMap<>();

    /** Begins without cases. */
    public AccuracyRun() {}

    /** Runs a case on all three sides. */
    public void add(AccuracyCase example) {
        ExactResult exact =
                ExactReference.of(example.loss().apply(Reduction.SUM)).evaluate(example.input(), example.target());
        for (Reduction reduction : new Reduction[] {Reduction.SUM, Reduction.MEAN}) {
            addReduced(example, reduction, exact);
        }
    }

    private void addReduced(AccuracyCase example, Reduction reduction, ExactResult exact) {
        TorchLoss loss = example.loss().apply(reduction);
        TorchReference reference = TorchReference.of(loss);
        INDArray input = example.input().toArray();
        INDArray target = example.target().toArray();
        LossAndGradient ours = loss.valueAndGradient(input, target);
        TorchResult torch = reference.evaluate(example.input(), example.target(), example.hasTargetGradient());
        boolean mean = reduction == Reduction.MEAN;
        if (!mean) {
            TorchTensor losses = reference.unreduced(example.input(), example.target());
            add(example, "loss", loss.unreduced(input, target), losses, exact.unreduced());
        }
        series(example, mean ? "mean" : "sum").add(ours.value(), torch.value().item(), exact.value(reduction));
        String of = mean ? " of mean" : "";
        add(example, "gradient" + of, ours.gradient(), torch.gradient("x"), exact.gradient(reduction));
        if (example.hasTargetGradient()) {
            INDArray gradient = loss.targetGradient(input, target);
            add(example, "target gradient" + of, gradient, torch.gradient("t"), exact.targetGradient(reduction));
        }
    }

    private void add(AccuracyCase example, String what, INDArray ours, TorchTensor torch, List<ExactNumber> exact) {
        AccuracySeries errors = series(example, what);
        double[] our = TorchTensor.of(ours).toDoubles();
        double[] theirs = torch.toDoubles();
        for (int i = 0; i < our.length; i++) {
            errors.add(our[i], theirs[i], exact.get(i));
        }
    }

    private AccuracySeries series(AccuracyCase example, String what) {
        AccuracySeries begun = new AccuracySeries(example, what);
        return series.computeIfAbsent(begun.toString(), key -> begun);
    }

    /** What has been measured: one for each family, type and kind of result, in the order of the cases. */
    public Collection<AccuracySeries> series() {
        return series.values();
    }
}
