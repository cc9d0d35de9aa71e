/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The tensors of one layer of a torch module: those with a common prefix, or those of one layer in a stack of LSTMs.
 */
final class TensorGroup {

    /** Torch numbers the layers of a stack at the end of a name: {@code weight_ih_l0_reverse}. */
    private static final Pattern OF_STACK = Pattern.compile("((?:weight|bias)_(?:ih|hh|hr))_(l\\d+)(_reverse)?");

    /** The second linear map of a MultiheadAttention, which is a module of its own in torch. */
    private static final Pattern OF_ATTENTION = Pattern.compile("(?:(.*)\\.)?(out_proj\\.(?:weight|bias))");

    /** The count of batches, which torch needs only with momentum=None, and DL4J not at all. */
    private static final String UNUSED = "num_batches_tracked";

    /** The number of a layer in a stack, at the end of a prefix. */
    private static final Pattern STACKED = Pattern.compile("(?:(.*)\\.)?(l\\d+)");

    private static final Pattern OF_LSTM = Pattern.compile("((?:weight|bias)_(?:ih|hh))(_reverse)?");

    private static final int SHOWN = 20;

    private final String prefix;
    /** The tensors by their name within the layer, such as {@code weight_ih_reverse}. */
    private final Map<String, INDArray> tensors = new LinkedHashMap<>();

    private final Map<String, String> fullNames = new LinkedHashMap<>();

    private TensorGroup(String prefix) {
        this.prefix = prefix;
    }

    /** The groups of all tensors, in the order in which their prefixes first appear. */
    static List<TensorGroup> of(Map<String, INDArray> tensors) {
        Map<String, TensorGroup> groups = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            int dot = name.lastIndexOf('.');
            String module = dot < 0 ? "" : name.substring(0, dot);
            String local = name.substring(dot + 1);
            Matcher stacked = OF_STACK.matcher(local);
            if (stacked.matches()) {
                module = module.isEmpty() ? stacked.group(2) : module + "." + stacked.group(2);
                local = stacked.group(1) + (stacked.group(3) == null ? "" : stacked.group(3));
            }
            Matcher projection = OF_ATTENTION.matcher(name);
            if (projection.matches()) {
                String attention = Objects.requireNonNullElse(projection.group(1), "");
                if (tensors.containsKey(under(attention, "in_proj_weight"))) {
                    module = attention;
                    local = projection.group(2);
                }
            }
            if (!local.equals(UNUSED)) {
                groups.computeIfAbsent(module, TensorGroup::new).add(local, name, tensor);
            }
        });
        return new ArrayList<>(groups.values());
    }

    /** The tensors of a layer, whatever their names in the model. */
    static TensorGroup of(String prefix, Map<String, String> fullNames, Map<String, INDArray> tensors) {
        TensorGroup group = new TensorGroup(prefix);
        fullNames.forEach((local, fullName) -> group.add(local, fullName, tensors.get(fullName)));
        return group;
    }

    /**
     * The name of a tensor in a state_dict. An LSTM's prefix without a number is that of its only layer.
     *
     * @param prefix of the layer, as in {@link #prefix()}
     * @param local the name within the layer
     */
    static String fullName(String prefix, String local) {
        Matcher ofLstm = OF_LSTM.matcher(local);
        if (!ofLstm.matches()) {
            return under(prefix, local);
        }
        Matcher stacked = STACKED.matcher(prefix);
        String module = stacked.matches() ? Objects.requireNonNullElse(stacked.group(1), "") : prefix;
        String number = stacked.matches() ? stacked.group(2) : "l0";
        return under(module, ofLstm.group(1) + "_" + number + Objects.requireNonNullElse(ofLstm.group(2), ""));
    }

    private static String under(String prefix, String name) {
        return prefix.isEmpty() ? name : prefix + "." + name;
    }

    private void add(String local, String fullName, INDArray tensor) {
        tensors.put(local, tensor);
        String other = fullNames.put(local, fullName);
        if (other != null) {
            throw new IllegalArgumentException(
                    "The tensors " + other + " and " + fullName + " have the same place in the layer " + prefix);
        }
    }

    String prefix() {
        return prefix;
    }

    /** Whether it is a layer of the stack of LSTMs with this prefix. */
    boolean isOfStack(String module) {
        Matcher stacked = STACKED.matcher(prefix);
        return stacked.matches() && module.equals(Objects.requireNonNullElse(stacked.group(1), ""));
    }

    /** Null if there is none of this name. */
    INDArray get(String local) {
        return tensors.get(local);
    }

    Iterable<String> names() {
        return tensors.keySet();
    }

    /** The tensors by their names within the layer. */
    Map<String, INDArray> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    /** Torch's full names by the names within the layer. */
    Map<String, String> fullNames() {
        return Collections.unmodifiableMap(fullNames);
    }

    /** The name and shape of a tensor, for messages. */
    String describe(String local) {
        return fullNames.get(local) + " " + Arrays.toString(tensors.get(local).shape());
    }

    /** Names and shapes of the first tensors. */
    @Override
    public String toString() {
        String first =
                tensors.keySet().stream().limit(SHOWN).map(this::describe).collect(Collectors.joining(", "));
        return tensors.size() <= SHOWN ? first : first + ", .. " + tensors.size() + " in all";
    }
}
