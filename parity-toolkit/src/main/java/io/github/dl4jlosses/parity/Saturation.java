/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import static io.github.dl4jlosses.parity.ResultText.shortened;

import java.util.Optional;

/**
 * Detects clipping: the results of a single row before and after a number of its input is doubled, which a loss that
 * clips ignores.
 *
 * @param row the row as it is
 * @param column the number in it that is doubled
 */
record Saturation(ParityCase row, int column, Mismatch here, Mismatch there) {

    /** The largest change of our value, relative to torch's, that counts as clipped. */
    private static final double FOLLOWS = 0.01;

    /** The saturation at a known place; empty if the loss follows torch. */
    static Optional<Saturation> at(ParityRun run, CaseComparison comparison, DifferingPlace place) {
        if (place.row() < 0 || place.column() < 0) {
            return Optional.empty();
        }
        ParityCase row = comparison.example().row(place.row());
        Saturation tried = new Saturation(
                row,
                place.column(),
                run.compare(row).value(),
                run.compare(row.doubled(place.column())).value());
        return Optional.of(tried).filter(Saturation::isFlat);
    }

    static boolean explains(ParityRun run, CaseComparison failed) {
        return failed.first() != null
                && at(run, failed, DifferingPlace.of(run, failed)).isPresent();
    }

    private boolean isFlat() {
        double ourStep = Math.abs(there.ours() - here.ours());
        double torchStep = Math.abs(there.torch() - here.torch());
        return ourStep <= FOLLOWS * torchStep;
    }

    String text() {
        return String.format(
                "it clips or saturates: with z = %s instead of %s there, this row alone goes from %s to %s, but torch's"
                        + " from %s to %s%s",
                row.doubled(column).input().toDoubles()[column],
                row.input().toDoubles()[column],
                shortened(here.ours()),
                shortened(there.ours()),
                shortened(here.torch()),
                shortened(there.torch()),
                clip());
    }

    private String clip() {
        double clip = Math.exp(-here.ours());
        return isPowerOfTen(clip)
                ? String.format(
                        "; %s is -log(%s), as of a probability clipped there", shortened(here.ours()), shortened(clip))
                : "";
    }

    private static boolean isPowerOfTen(double number) {
        double exponent = Math.log10(number);
        return exponent <= -2 && Math.abs(exponent - Math.rint(exponent)) < 1e-3;
    }
}
