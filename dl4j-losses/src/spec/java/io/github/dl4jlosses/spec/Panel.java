/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec;

import io.github.dl4jlosses.LossBuilder;
import io.github.dl4jlosses.TorchLoss;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * Curves over one axis: a loss and its gradient as an output layer has them, also for several values of an option.
 *
 * @param <B> the loss's builder
 */
public final class Panel<B extends LossBuilder<B>> {
    private final String title;
    private final Supplier<B> builder;
    private final Map<String, TorchLoss> losses = new LinkedHashMap<>();
    private String axis;
    private double[] places;
    private DoubleFunction<Given> preOutput;
    private Given target;
    private SpecHead head = SpecHead.IDENTITY;
    private String variable = "the logit";
    private int column;
    private DataType type = DataType.DOUBLE;
    private Function<DataType, ILossFunction> builtIn;
    private double[] clips = {};

    Panel(String title, Supplier<B> builder) {
        this.title = title;
        this.builder = builder;
    }

    // ---- what a description says ----

    /** What the axis is called, and what the pre-output is at a place of it. */
    public Panel<B> over(String name, double from, double to, double step, DoubleFunction<Given> preOutputAt) {
        axis = name;
        int last = (int) Math.round((to - from) / step);
        places =
                IntStream.rangeClosed(0, last).mapToDouble(i -> from + i * step).toArray();
        preOutput = preOutputAt;
        return this;
    }

    /** By what the gradient is, and in which column of the pre-output that stands; else by the logit, the first. */
    public Panel<B> by(String name, int ofColumn) {
        variable = name;
        column = ofColumn;
        return this;
    }

    /** The activation of the layer; else identity. */
    public Panel<B> under(SpecHead activation) {
        head = activation;
        return this;
    }

    public Panel<B> target(Given given) {
        target = given;
        return this;
    }

    /** In float32. */
    public Panel<B> inFloat() {
        type = DataType.FLOAT;
        return this;
    }

    /** A curve of the loss with options; without any there is one of the loss as torch has it. */
    public Panel<B> curve(String name, UnaryOperator<B> options) {
        losses.put(name, options.apply(builder.get()).build());
        return this;
    }

    /** A loss of DL4J for the same numbers, of a dtype. */
    public Panel<B> beside(Function<DataType, ILossFunction> dl4j) {
        builtIn = dl4j;
        return this;
    }

    /** Where DL4J's loss begins to clip: above 0 to the right, below 0 to the left. */
    public Panel<B> clips(double... from) {
        clips = from.clone();
        return this;
    }

    // ---- what a picture asks ----

    public String title() {
        return title;
    }

    /** What the axis is called. */
    public String axis() {
        return axis;
    }

    /** From left to right. */
    public double[] places() {
        return places.clone();
    }

    public Given preOutput(double place) {
        return preOutput.apply(place);
    }

    public Given target() {
        return target;
    }

    public SpecHead head() {
        return head;
    }

    /** By what the gradient is. */
    public String variable() {
        return variable;
    }

    public int column() {
        return column;
    }

    public DataType type() {
        return type;
    }

    /** The losses by the names of their curves. */
    public Map<String, TorchLoss> losses() {
        return losses.isEmpty() ? Map.of("this library", builder.get().build()) : new LinkedHashMap<>(losses);
    }

    /** Null: there is none for the purpose. */
    public Function<DataType, ILossFunction> builtIn() {
        return builtIn;
    }

    public List<Double> clips() {
        return Arrays.stream(clips).boxed().collect(Collectors.toUnmodifiableList());
    }

    @Override
    public String toString() {
        return title;
    }
}
