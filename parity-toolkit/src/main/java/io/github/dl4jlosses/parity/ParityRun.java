/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/** Computes the cases of a {@link Parity} on both sides. */
record ParityRun(ParitySubject subject, ParitySettings settings, ParityReference reference) {

    ParityRun(ParitySubject subject, ParitySettings settings) {
        this(subject, settings, new ParityReference(settings, subject.hasGradient(), subject.isOneNumber()));
    }

    ParityResult result() {
        List<CaseComparison> compared = new ArrayList<>();
        for (ParityCase example : settings.parityCases()) {
            try {
                compared.add(compare(example));
            } catch (SubjectException e) {
                String text = new ResultText(this).ofException(example, e.getCause());
                return ParityResult.failed(compared.size() + 1, 1, text, example, e.getCause());
            }
        }
        if (compared.stream().noneMatch(CaseComparison::saysSomething)) {
            String text = subject + " and " + reference + " gave nothing but NaN in all " + compared.size()
                    + " cases, which shows nothing. Give inputs and targets that both are defined for.";
            return ParityResult.failed(
                    compared.size(), compared.size(), text, compared.get(0).example(), null);
        }
        List<CaseComparison> failed =
                compared.stream().filter(comparison -> !comparison.passed()).toList();
        if (failed.isEmpty()) {
            return ParityResult.passed(compared.size(), new ResultText(this).ofPassed(compared));
        }
        CaseComparison worst = failed.stream()
                .max(Comparator.comparingDouble(CaseComparison::excess))
                .orElseThrow();
        String text = new ResultText(this).of(worst, failed.size(), compared);
        return ParityResult.failed(compared.size(), failed.size(), text, worst.example(), null);
    }

    CaseComparison compare(ParityCase example) {
        TorchResult torch = reference.evaluate(example);
        Supplier<TorchResult> inFloat64 =
                settings.float64Decides ? once(() -> reference.evaluate(example.inFloat64())) : null;
        return CaseComparison.of(example, quantities(example), torch, inFloat64, settings);
    }

    private static Supplier<TorchResult> once(Supplier<TorchResult> supplier) {
        TorchResult[] result = new TorchResult[1];
        return () -> {
            if (result[0] == null) {
                result[0] = supplier.get();
            }
            return result[0];
        };
    }

    private List<Quantity> quantities(ParityCase example) {
        try {
            return subject.quantities(example, settings);
        } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError e) {
            throw new SubjectException(e);
        }
    }

    /** An exception of the loss or function, as opposed to one of the comparison. */
    private static final class SubjectException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        SubjectException(Throwable cause) {
            super(cause);
        }
    }
}
