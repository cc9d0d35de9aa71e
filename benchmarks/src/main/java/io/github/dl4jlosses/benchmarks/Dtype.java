/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import java.util.Locale;
import org.nd4j.linalg.api.buffer.DataType;

/** The dtypes of the report, by torch's names. */
enum Dtype {
    FLOAT32(DataType.FLOAT, 1e-4),
    FLOAT64(DataType.DOUBLE, 1e-10);

    private final DataType nd4j;
    private final double closeness;

    Dtype(DataType nd4j, double closeness) {
        this.nd4j = nd4j;
        this.closeness = closeness;
    }

    static Dtype parse(String name) {
        for (Dtype type : values()) {
            if (type.option().equals(name)) {
                return type;
            }
        }
        throw new IllegalArgumentException("A dtype is float32 or float64, got '" + name + "'");
    }

    String option() {
        return name().toLowerCase(Locale.ROOT);
    }

    DataType nd4j() {
        return nd4j;
    }

    /** Throws an exception where two losses of the same numbers are not near; torch's long sums are in its dtype. */
    void requireTheSame(double torchs, double own, String subject) {
        if (!(Math.abs(torchs - own) <= closeness * Math.abs(torchs))) {
            throw new IllegalStateException("The contenders do not compute the same: torch " + torchs
                    + ", this library " + own + " for " + subject);
        }
    }
}
