/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.readme;

import io.github.dl4jlosses.MSELoss;
import io.github.dl4jlosses.porting.RefusedFileException;
import io.github.dl4jlosses.porting.TorchModel;
import io.github.dl4jlosses.porting.TracedModule;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The table of what is refused: the message of each refused trace, and what to do then. */
final class RefusalTable {

    /** What the model has, and what to write instead, by the name of the trace. */
    private static final Map<String, List<String>> INSTEAD = Map.ofEntries(
            instead(
                    "attention_in_float32",
                    "attention by hand, its softmax in another type than the model",
                    "`softmax(-1)`, without `dtype`"),
            instead("attention_masked", "attention with a mask", "without one; or the encoder by hand, in SameDiff"),
            instead(
                    "attention_scaled_otherwise",
                    "attention by hand, its scores not over the root of the head's size",
                    "`q @ k.transpose(-2, -1) / head ** .5`"),
            instead("attention_to_another", "attention to another sequence", "attention of a sequence to itself"),
            instead("positions_of_a_part", "`torch.arange(2, n)` as positions", "`torch.arange(n)`"),
            instead("bag_max", "`EmbeddingBag(mode='max')`", "`mode='sum'` or `mode='mean'`"),
            instead("bag_padded", "`EmbeddingBag(padding_idx=0)`", "`EmbeddingBag` without it, and rows of one length"),
            instead("prelu_of_steps", "`PReLU(C)` on (N, T, C)", "`PReLU()`; or transpose to (N, C, T)"),
            instead("bn_twice", "one `BatchNorm` called twice", "a `BatchNorm` for each place"),
            instead(
                    "ceil_mode",
                    "`MaxPool2d(3, 2, ceil_mode=True)` where it adds a row",
                    "an input size that divides, or padding"),
            instead("cell_state", "the cell state of an `LSTM`", "its hidden state, `h[-1]`"),
            instead("cell_state_added", "the hidden and the cell state of an `LSTM`", "its hidden state, `h[-1]`"),
            instead(
                    "changed_beside",
                    "`F.relu(y[:, :4], inplace=True)`, and `y[:, 2:]` taken before",
                    "`F.relu(y[:, :4])`"),
            instead("changed_through_a_view", "`F.relu(y[:, :4], inplace=True)`, and `y` again", "`F.relu(y[:, :4])`"),
            instead("constant", "a tensor that is no parameter", "a number; or scale the data before the model"),
            instead("detached", "`x.detach()`", "the first part frozen in DL4J: `TransferLearning`"),
            instead("elu", "`ELU(.5)`", "`ELU()`, alpha 1"),
            instead(
                    "flattened_sequence",
                    "`Flatten` of an input sequence",
                    "the same with flat data and `InputType.feedForward(features * length)`"),
            instead("float32_as_another", "`x.type_as(y)` of another type than the model's", "one type throughout"),
            instead("float32_between", "`x.float()` in a model of float64, and the like", "one type throughout"),
            instead("fixed_batch", "`x.view(4, 12)`", "`x.flatten(1)`"),
            instead("frozen", "`torch.jit.freeze(traced)`", "save the trace itself"),
            instead("groupnorm", "`GroupNorm`, `InstanceNorm`", "`BatchNorm2d`"),
            instead("gru", "`GRU`", "`LSTM`"),
            instead("initial_state", "an `LSTM` with an initial state", "without one, which is zeros"),
            instead("lstm_without_bias", "`LSTM(bias=False)`, `proj_size`", "`LSTM` with biases"),
            instead("mean_in_float32", "`x.mean(.., dtype=..)` of another type than the model's", "without `dtype`"),
            instead("multiplied_by_parameter", "`x * self.scale`", "a `Linear` or `Conv2d` that learns the scale"),
            instead("one_axis", "`x.mean(2).mean(2)`", "`x.mean((2, 3))`"),
            instead("output_padding", "`ConvTranspose2d(.., output_padding=1)`", "kernel 4, stride 2, padding 1"),
            instead("packed", "`pack_padded_sequence`", "batches of one length, or padding with `ignore_index`"),
            instead("pool1d_padding", "`AvgPool1d(.., padding=1)`", "the padding in the `Conv1d` before"),
            instead("quotient_rounded", "`torch.div(x, k, rounding_mode=..)`", "the quotient itself"),
            instead("reflected", "`ReflectionPad2d`, `padding_mode`", "padding with zeros"),
            instead("scripted", "`torch.jit.script`", "`torch.jit.trace`"),
            instead(
                    "softmax_in_float32",
                    "`softmax(.., dtype=..)` of another type than the model's",
                    "without `dtype`"),
            instead("softmax_of_batch", "`Softmax(0)`", "`Softmax(1)`"),
            instead(
                    "states_handed_on",
                    "the states of one `LSTM` as the initial ones of another",
                    "without, from zeros"),
            instead("states_squeezed", "`h_n.squeeze()`", "`h_n.squeeze(0)`, or `h_n[-1]`"),
            instead(
                    "tied_rows",
                    "a parameter that is a part of another",
                    "two parameters, or the whole one in both places"),
            instead(
                    "tied_transposed",
                    "a parameter that is another transposed",
                    "`F.linear(x, a.weight)` of an `Embedding`'s weight, or two parameters"),
            instead(
                    "tied_conv_and_linear",
                    "one weight in a `Conv2d` and a `Linear`",
                    "two weights, or two layers of one kind"),
            instead("whole_numbers", "`x.long()`, `x.half()` within the model", "float32 or float64 throughout"),
            instead("zeros_added", "`torch.zeros(..)` other than as an initial state", "without them"));

    private RefusalTable() {}

    private static Map.Entry<String, List<String>> instead(String name, String model, String other) {
        return Map.entry(name, List.of(model, other));
    }

    /** A row for each refused trace. */
    static List<String> refused() {
        return LossTables.table(
                List.of("the model has", "the refusal says", "write instead"),
                TracedModule.refused()
                        .map(RefusalTable::row)
                        .sorted(Comparator.comparing(row -> row.get(0).replace("`", "")))
                        .toList());
    }

    private static List<String> row(TracedModule module) {
        List<String> instead =
                INSTEAD.getOrDefault(module.name(), List.of(LossTables.code(module.name()), "that part by hand"));
        return List.of(instead.get(0), message(module), instead.get(1));
    }

    private static String message(TracedModule module) {
        try {
            TorchModel.load(module.refusedArchive())
                    .configuration(TracedModule.settings(), List.of(new MSELoss()), module.types());
        } catch (RefusedFileException e) {
            return e.getMessage().substring(e.getMessage().indexOf(".pt: ") + ".pt: ".length());
        }
        throw new IllegalStateException(module + " is not refused");
    }
}
