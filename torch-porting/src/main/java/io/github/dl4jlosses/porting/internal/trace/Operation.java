/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import io.github.dl4jlosses.porting.internal.Refused;
import java.util.List;
import java.util.Map;

/** A call of an operator of torch somewhere in the model. */
final class Operation {

    private final Value.Module caller;
    private final String operator;
    private final List<Value> arguments;
    private final Map<String, Value> named;

    Operation(Value.Module caller, String operator, List<Value> arguments, Map<String, Value> named) {
        this.caller = caller;
        this.operator = operator;
        this.arguments = List.copyOf(arguments);
        this.named = Map.copyOf(named);
    }

    /** The path of the module whose code contains the call. */
    String path() {
        return caller.path();
    }

    /** Whether that module is one of torch's own, which are little more than an operator. */
    boolean isInModuleOfTorch() {
        String type = caller.module().packageName();
        return type.startsWith("__torch__.torch.nn.")
                && !type.startsWith("__torch__.torch.nn.modules.transformer")
                && !isInAttention();
    }

    /** Whether that module is torch's attention, which is many operators and one layer. */
    boolean isInAttention() {
        return caller.module().packageName().startsWith("__torch__.torch.nn.modules.activation")
                && caller.module().className().equals("MultiheadAttention");
    }

    /** The operator, such as {@code torch.relu}. */
    String operator() {
        return operator;
    }

    List<Value> arguments() {
        return arguments;
    }

    Map<String, Value> named() {
        return named;
    }

    /** Whether it changes its first argument, by torch's rule for names. */
    boolean isInPlace() {
        return operator.startsWith("torch.") && operator.endsWith("_") && !operator.endsWith("__");
    }

    /** A refusal that names the place. */
    Refused refused(String reason) {
        String module = path().isEmpty() ? "the model itself" : "module " + Refused.shown(path());
        return new Refused("In " + module + " the operator " + Refused.shown(operator) + " " + reason);
    }
}
