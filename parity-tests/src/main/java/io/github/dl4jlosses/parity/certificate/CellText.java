/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import io.github.dl4jlosses.parity.TorchException;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.Ulps;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.ndarray.INDArray;

/** How numbers, types and answers are written on the page. */
final class CellText {
    private static final double PLAIN_LEAST = 1e-3;
    private static final double PLAIN_MOST = 1e6;

    private CellText() {}

    /** Three digits. */
    static String of(double number) {
        return of(number, 3);
    }

    /** So many digits, without zeros at the end. */
    static String of(double number, int digits) {
        if (Double.isNaN(number) || Double.isInfinite(number) || number == 0) {
            return Double.isNaN(number) ? "NaN" : number == 0 ? "0" : number > 0 ? "inf" : "-inf";
        }
        double magnitude = Math.abs(number);
        if (magnitude < PLAIN_LEAST || magnitude >= PLAIN_MOST) {
            return String.format(Locale.ROOT, "%." + (digits - 1) + "e", number)
                    .replaceFirst("\\.?0*e\\+?(-?)0*", "e$1");
        }
        int decimals = Math.max(0, digits - 1 - (int) Math.floor(Math.log10(magnitude)));
        String plain = String.format(Locale.ROOT, "%." + decimals + "f", number);
        return plain.contains(".") ? plain.replaceFirst("\\.?0+$", "") : plain;
    }

    /** A distance in steps. */
    static String ulps(long steps) {
        return steps == Ulps.INCOMPARABLE ? "inf" : steps < PLAIN_MOST ? Long.toString(steps) : of((double) steps);
    }

    static String of(TorchTensor tensor) {
        return Arrays.stream(tensor.toDoubles())
                .mapToObj(number -> of(number, 4))
                .collect(Collectors.joining(", ", "[", "]"));
    }

    static String of(TorchType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }

    static String of(INDArray array) {
        return of(TorchTensor.of(array));
    }

    /** What somebody answers, or the error. */
    static String answer(Supplier<String> question) {
        try {
            return question.get();
        } catch (TorchException | IllegalArgumentException e) {
            return "error: " + e.getMessage().lines().findFirst().orElse("");
        }
    }
}
