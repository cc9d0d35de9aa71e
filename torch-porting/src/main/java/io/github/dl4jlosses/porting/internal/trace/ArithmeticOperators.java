/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.LongBinaryOperator;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftSign;

/** Sums, products and the like of tensors of the same sizes, and of a tensor and a number. */
final class ArithmeticOperators {

    private ArithmeticOperators() {}

    static void addTo(Map<String, Operator> table) {
        table.put("torch.add", call -> sum(call, 1));
        table.put("torch.sub", call -> sum(call, -1));
        table.put("torch.rsub", call -> {
            Object negated = scaled(call, -call.real(call.has(2) ? call.any(2) : call.named("alpha"), 1));
            return shifted(call, (Activation) negated, call.real(1, 0));
        });
        table.put("torch.mul", ArithmeticOperators::product);
        table.put("torch.div", ArithmeticOperators::quotient);
        table.put("torch.abs", call -> new Absolute(call.activation(0), 0));
        table.put("torch.neg", call -> scaled(call, -1));
        table.put("torch.pow", call -> Math.pow(number(call, 0), number(call, 1)));
        table.put("torch.sqrt", call -> Math.sqrt(number(call, 0)));
        table.put(
                "torch.floor_divide",
                call -> ofNumbers(call, (a, b) -> b == 0 ? 0 : Math.floorDiv(a, b), Extent::over));
    }

    /** |x| + a number: a step on torch's way to its softsign. */
    private record Absolute(Activation of, double plus) {}

    private static Object sum(Call call, int sign) {
        double factor = sign * call.real(call.has(2) ? call.any(2) : call.named("alpha"), 1);
        if (call.any(0) instanceof Absolute absolute && call.any(1) instanceof Number && factor == 1) {
            return new Absolute(absolute.of(), absolute.plus() + call.real(1, 0));
        }
        if (factor == 1 && call.any(0) instanceof Activation left && PositionOperators.isPosition(call.any(1))) {
            return PositionOperators.added(call, left, call.any(1));
        }
        if (factor == 1 && call.any(1) instanceof Activation right && PositionOperators.isPosition(call.any(0))) {
            return PositionOperators.added(call, right, call.any(0));
        }
        if (!(call.any(0) instanceof Activation x)) {
            return ofNumbers(call, (a, b) -> a + (factor < 0 ? -b : b), (a, b) -> null);
        }
        if (!(call.any(1) instanceof Activation)) {
            return shifted(call, x, factor * call.real(1, 0));
        }
        if (factor != 1 && factor != -1) {
            throw call.refused("multiplies one of the two by " + factor);
        }
        return elementWise(call, factor == 1 ? ElementWiseVertex.Op.Add : ElementWiseVertex.Op.Subtract);
    }

    private static Object product(Call call) {
        if (!(call.any(0) instanceof Activation)) {
            return ofNumbers(call, (a, b) -> a * b, Extent::times);
        }
        return call.any(1) instanceof Activation
                ? elementWise(call, ElementWiseVertex.Op.Product)
                : scaled(call, call.real(1, 1));
    }

    private static Object quotient(Call call) {
        if (call.any(0) instanceof Activation) {
            requireExact(call);
        }
        if (call.any(0) instanceof Activation x
                && call.any(1) instanceof Absolute absolute
                && absolute.equals(new Absolute(x, 1))) {
            return ActivationOperators.of(call, Source.<IActivation>of(ActivationSoftSign::new));
        }
        if (!(call.any(0) instanceof Activation) && call.named("rounding_mode") != null) {
            return ofNumbers(call, (a, b) -> b == 0 ? 0 : Math.floorDiv(a, b), Extent::over);
        }
        if (call.any(0) instanceof Activation && !(call.any(1) instanceof Activation)) {
            return scaled(call, 1 / call.real(1, 1));
        }
        throw call.refused("divides by a tensor, which no vertex of DL4J does");
    }

    /** Refuses a quotient that is rounded. */
    static void requireExact(Call call) {
        if (call.named("rounding_mode") != null) {
            throw call.refused("rounds its quotient, which no vertex of DL4J does");
        }
    }

    private static Activation elementWise(Call call, ElementWiseVertex.Op operation) {
        Activation x = call.activation(0);
        Activation y = call.activation(1);
        if (operation == ElementWiseVertex.Op.Product && isPixel(x, y)) {
            y = Reshaping.asPicture(call, y);
        } else if (x.form() == Form.TOKENS
                || x.form() != y.form()
                || !x.shape().equals(y.shape())
                || !x.axes().equals(y.axes())) {
            throw call.refused("joins " + x.words() + " and " + y.words()
                    + ", which differ in their sizes or in how DL4J holds them");
        }
        if (x.vertex().equals(y.vertex())) {
            throw call.refused("joins a tensor with itself");
        }
        String vertex =
                call.addVertex("", Source.of(op -> new ElementWiseVertex(op), operation), x.vertex(), y.vertex());
        return x.with(vertex, x.shape());
    }

    /** Whether the second has one number for each channel of the first, a picture. */
    private static boolean isPixel(Activation x, Activation y) {
        return x.form() == Form.IMAGE
                && x.isInOrder()
                && y.sizes().equals(List.of(Activation.BATCH, x.channels(), 1L, 1L));
    }

    private static Activation scaled(Call call, double factor) {
        Activation x = numbers(call);
        return x.with(call.addVertex("", Source.of(by -> new ScaleVertex(by), factor), x.vertex()), x.shape());
    }

    private static Activation numbers(Call call) {
        Activation x = call.activation(0);
        if (x.form() == Form.TOKENS) {
            throw call.refused("computes with indices");
        }
        return x;
    }

    private static Activation shifted(Call call, Activation x, double by) {
        numbers(call);
        return x.with(call.addVertex("", Source.of(term -> new ShiftVertex(term), by), x.vertex()), x.shape());
    }

    /** The number of a size, or of a value computed from sizes. */
    private static double number(Call call, int index) {
        if (call.any(index) == null) {
            throw call.refused("takes nothing where only a number will do");
        }
        return call.real(index, 0);
    }

    /** Of sizes; of those that only the data tell there are products. */
    private static Object ofNumbers(Call call, LongBinaryOperator operator, BinaryOperator<Extent> ofOpen) {
        Extent a = Extent.of(call.any(0));
        Extent b = Extent.of(call.any(1));
        if (a != null && b != null) {
            if (a.isNumber() && b.isNumber()) {
                return operator.applyAsLong(a.factor(), b.factor());
            }
            Extent result = ofOpen.apply(a, b);
            if (result != null) {
                return result.value();
            }
        }
        throw call.refused("computes with a size that only the data tell, or with a parameter");
    }
}
