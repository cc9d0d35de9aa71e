/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.exact;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A loss of single rows with one class each, or a list of classes, whose mean divides by the rows. */
@FunctionalInterface
public interface ExactRow extends ExactLoss {
    /** Loss and derivatives of the inputs x, given the class of the row or the list of its classes. */
    Row at(BigDecimal[] x, long... classes);

    /** Row by row. */
    @Override
    default ExactResult evaluate(double[] input, long[] shape, double[] target, long[] classes) {
        Places places = new Places(shape);
        int rows = places.rows();
        BigDecimal[] x = Digits.exactly(input);
        ExactNumber[] losses = new ExactNumber[rows];
        ExactNumber[] gradient = new ExactNumber[x.length];
        boolean areLists = rows > 0 && classes.length > rows;
        IntStream.range(0, rows).parallel().forEach(r -> {
            int[] at = IntStream.range(0, places.classes())
                    .map(c -> places.at(r, c))
                    .toArray();
            long[] named =
                    areLists ? Arrays.stream(at).mapToLong(i -> classes[i]).toArray() : new long[] {classes[r]};
            Row row = at(Arrays.stream(at).mapToObj(i -> x[i]).toArray(BigDecimal[]::new), named);
            losses[r] = row.loss;
            for (int c = 0; c < at.length; c++) {
                gradient[at[c]] = row.gradient.get(c);
            }
        });
        return new ExactResult(losses, gradient, null, BigDecimal.valueOf(rows), places.batchOfRows());
    }

    /** The loss, and d loss / d x for each input. */
    final class Row {
        private final ExactNumber loss;
        private final List<ExactNumber> gradient;

        public Row(ExactNumber loss, ExactNumber... gradient) {
            this.loss = loss;
            this.gradient = List.of(gradient);
        }
    }
}
