/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.exact;

import io.github.dl4jlosses.LossBuilder;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.AccuracyFamily;
import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import java.util.ArrayList;
import java.util.List;

/**
 * The families of cases in which accuracy is measured: each loss with the options that change its arithmetic, logits from
 * nearly equal to 200 apart, float32 and float64, few classes and many.
 */
public final class AccuracyCases {
    private static final TorchType[] TYPES = {TorchType.FLOAT32, TorchType.FLOAT64};
    private static final int[] ODD_SIZES = {1, 3, 7, 17, 33, 1023, 1025};
    private static final int[] FEW_SIZES = {7, 33};

    private final int samples;
    private final AccuracyNumbers numbers;
    private final List<AccuracyCase> cases = new ArrayList<>();

    private AccuracyCases(int samples, AccuracyNumbers numbers) {
        this.samples = samples;
        this.numbers = numbers;
    }

    /**
     * All families, one after the other, with logits from each of the distributions and about so many elements for
     * each type.
     */
    public static List<AccuracyCase> families(int samples, long seed) {
        return families(samples, seed, Spread.values());
    }

    private static List<AccuracyCase> families(int samples, long seed, Spread... spreads) {
        List<AccuracyCase> all = new ArrayList<>();
        for (TorchType type : TYPES) {
            for (Spread spread : spreads) {
                AccuracyCases some = new AccuracyCases(samples, new AccuracyNumbers(type, spread, seed));
                LossSpecs.all().forEach(some::addFamilies);
                all.addAll(some.cases);
            }
        }
        return all;
    }

    /**
     * Numbers of classes beside the widths of vectors and tiles: one family, with about so many elements for each of
     * them.
     */
    public static List<AccuracyCase> oddSizes(int samples, long seed) {
        return oddSizes(samples, seed, ODD_SIZES);
    }

    private static List<AccuracyCase> oddSizes(int samples, long seed, int... sizes) {
        List<AccuracyCase> all = new ArrayList<>();
        for (TorchType type : TYPES) {
            AccuracyCases some = new AccuracyCases(samples, new AccuracyNumbers(type, Spread.ONE, seed));
            LossSpecs.all().forEach(spec -> some.addOddSizes(spec, sizes));
            all.addAll(some.cases);
        }
        return all;
    }

    /**
     * Some cases of each of both kinds of family, about a sixth of the work: logits of one spread, few odd numbers of
     * classes.
     */
    public static List<AccuracyCase> few(int samples, long seed) {
        List<AccuracyCase> few = new ArrayList<>(families(samples, seed, Spread.ONE));
        few.addAll(oddSizes(samples, seed, FEW_SIZES));
        return few;
    }

    private <B extends LossBuilder<B>> void addFamilies(LossSpec<?, B> spec) {
        for (AccuracyFamily<B> family : spec.families()) {
            long[] row = family.row();
            long positions = row.length == 1 ? 1 : row[1];
            String size = row.length == 1 ? "" : " before pixels";
            add(
                    spec,
                    family,
                    family.words() + (spec.isPerRow() ? ", C=" + row[0] + size : ""),
                    shape(Math.max(1, Math.max(2, samples / row[0]) / positions), row));
        }
    }

    private <B extends LossBuilder<B>> void addOddSizes(LossSpec<?, B> spec, int... sizes) {
        for (AccuracyFamily<B> family : spec.familiesAtOddSizes()) {
            for (int classes : sizes) {
                // a loss of single numbers meets the widths in one row
                long rows = spec.isPerRow() ? Math.max(2, samples / classes) : 1;
                add(spec, family, family.words() + ", odd C", spec.inputShape(rows, classes));
            }
        }
    }

    private static long[] shape(long rows, long... row) {
        long[] shape = new long[row.length + 1];
        shape[0] = rows;
        System.arraycopy(row, 0, shape, 1, row.length);
        return shape;
    }

    private <B extends LossBuilder<B>> void add(
            LossSpec<?, B> spec, AccuracyFamily<B> family, String name, long... shape) {
        TorchTensor input = numbers.input(family.inputs(), shape);
        TorchTensor target = numbers.target(family.targets(), spec.labelShape(shape));
        int classes = (int) shape[1];
        cases.add(new AccuracyCase(
                name,
                numbers.spread().toString(),
                reduction ->
                        family.on(spec.builder(), classes).reduction(reduction).build(),
                input,
                target,
                family.targets() == AccuracyFamily.Targets.HARD));
    }
}
