/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import io.github.dl4jlosses.porting.internal.Refused;
import io.github.dl4jlosses.porting.internal.TracedArchive;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Turns the operations of a program into vertices, for given inputs. */
final class Translation {

    /** The limit of numbers for an example: a short file could ask for any size. */
    private static final long MOST_NUMBERS = 1L << 28;

    private final TracedProgram program;
    private final Map<String, INDArray> tensors;
    private final GraphPlan plan;
    private final List<Activation> inputs = new ArrayList<>();
    private final IdentityHashMap<Operation, Object> results = new IdentityHashMap<>();
    private final IdentityHashMap<Value.Items, List<Object>> lists = new IdentityHashMap<>();

    private Translation(TracedArchive archive, TracedProgram program, NeuralNetConfiguration.Builder settings) {
        this.program = program;
        this.tensors = archive.tensors();
        this.plan = new GraphPlan(settings, program, archive);
    }

    /**
     * The graph with the losses. Neither the file nor an InputType tells whether a sequence has time or features last,
     * or holds indices. So all are tried; the operators accept only one, or several that give the same graph.
     */
    static GraphPlan of(
            TracedArchive archive,
            TracedProgram program,
            NeuralNetConfiguration.Builder settings,
            List<? extends ILossFunction> losses,
            InputForms forms) {
        Refused best = null;
        int furthest = -1;
        List<GraphPlan> found = new ArrayList<>();
        for (List<Activation> inputs : forms.choices()) {
            Translation translation = new Translation(archive, program, settings);
            try {
                translation.run(inputs);
                List<Activation> outputs = translation.outputs();
                Heads.add(translation.plan, program, outputs, losses);
                translation.plan.remember(translation.inputs, outputs, translation.results);
                found.add(translation.plan);
            } catch (Refused e) {
                if (translation.results.size() > furthest) {
                    furthest = translation.results.size();
                    best = e;
                }
            }
        }
        if (found.isEmpty()) {
            throw best;
        }
        found.forEach(other -> checkSame(found.get(0), other));
        return found.get(0);
    }

    /** Refuses a model that gives different graphs for different orders of dimensions. */
    private static void checkSame(GraphPlan found, GraphPlan other) {
        boolean isOfOneKind = inputs(found, Activation::form).equals(inputs(other, Activation::form))
                && inputs(found, Activation::rank).equals(inputs(other, Activation::rank));
        if (found != other && isOfOneKind && !JavaClass.of("Graph", found).equals(JavaClass.of("Graph", other))) {
            throw new Refused("The model takes inputs of the sizes " + inputs(found, Activation::words) + " as well as "
                    + inputs(other, Activation::words)
                    + ", which make different graphs, and neither the file nor an InputType tells which it is: give"
                    + " InputType.feedForward(features * length), and the data flat in torch's order");
        }
    }

    private static <T> List<T> inputs(GraphPlan plan, Function<Activation, T> property) {
        return plan.givenInputs().stream().map(property).toList();
    }

    private void run(List<Activation> given) {
        for (int i = 0; i < given.size(); i++) {
            Activation input = given.get(i);
            inputs.add(input.with(plan.addInput(program.inputs().get(i)), input.shape()));
        }
        for (Operation operation : program.operations()) {
            List<Object> arguments = new ArrayList<>();
            operation.arguments().forEach(argument -> arguments.add(known(argument)));
            Map<String, Object> named = new HashMap<>();
            operation.named().forEach((name, argument) -> named.put(name, known(argument)));
            Object result = applied(new Call(operation, arguments, named, plan));
            if (result instanceof Activation activation) {
                checkSize(operation, activation);
            }
            results.put(operation, result);
        }
    }

    private static Object applied(Call call) {
        try {
            return Operators.apply(call);
        } catch (Refused e) {
            throw e;
        } catch (IllegalArgumentException | IllegalStateException | ArithmeticException e) {
            throw call.refused("has options that DL4J does not take: " + Refused.shown(String.valueOf(e.getMessage())));
        } catch (IndexOutOfBoundsException e) {
            throw call.refused("takes a parameter or a list of fewer dimensions or items than it needs");
        }
    }

    private static void checkSize(Operation operation, Activation activation) {
        long numbers = 1;
        for (long size : activation.shape()) {
            numbers *= size < 0 ? 1 : size;
            if (size == 0 || numbers > MOST_NUMBERS) {
                throw operation.refused("gives " + activation.words() + " for each example, nothing or more than "
                        + MOST_NUMBERS + " numbers");
            }
        }
    }

    private Object known(Value value) {
        if (value instanceof Value.Constant constant) {
            return constant.value();
        }
        if (value instanceof Value.Input input) {
            return inputs.get(input.number());
        }
        if (value instanceof Value.Weight weight) {
            INDArray tensor = tensors.get(weight.name());
            return new Weight(
                    weight.name(), Arrays.stream(tensor.shape()).boxed().toList(), tensor.dataType());
        }
        if (value instanceof Value.Result result) {
            return results.get(result.operation());
        }
        if (value instanceof Value.Part part) {
            return part(part);
        }
        if (value instanceof Value.Items items) {
            return list(items);
        }
        return value; // frozen tensors and modules, which no operator takes
    }

    private Object part(Value.Part part) {
        if (results.get(part.operation()) instanceof List<?> several && part.index() < several.size()) {
            return several.get(part.index());
        }
        throw part.operation().refused("does not give " + (part.index() + 1) + " values");
    }

    /** Translates a list; each only once, because lists may contain the same list many times. */
    private List<Object> list(Value.Items items) {
        List<Object> known = lists.get(items);
        if (known == null) {
            known = new ArrayList<>();
            for (Value each : items.values()) {
                known.add(known(each));
            }
            lists.put(items, known);
        }
        return known;
    }

    private List<Activation> outputs() {
        List<Activation> outputs = new ArrayList<>();
        for (Value output : program.outputs()) {
            Object value = known(output);
            if (!(value instanceof Activation activation) || activation.form() == Form.TOKENS) {
                throw new Refused("The model returns as its output number " + outputs.size()
                        + " something that no vertex gives, such as the states of a recurrent layer; trace a model that"
                        + " returns only what has a loss");
            }
            outputs.add(activation);
        }
        return outputs;
    }
}
