/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import io.github.dl4jlosses.porting.internal.Refused;
import io.github.dl4jlosses.porting.internal.TracedArchive;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Collects what users must know about a model before they train it. */
final class Notes {

    private final TracedProgram program;
    private final List<String> notes = new ArrayList<>();

    private Notes(TracedProgram program) {
        this.program = program;
    }

    static List<String> of(TracedArchive archive, TracedProgram program) {
        Notes notes = new Notes(program);
        notes.add(
                "torch.batch_norm",
                "%s: toComputationGraph adds a TorchBatchNormListener, with which the running variance is torch's. Add it again to"
                        + " a network that you restore: network.addListeners(new TorchBatchNormListener()).");
        notes.addAttention();
        for (String recurrent : List.of("torch.lstm", "torch.rnn_tanh", "torch.rnn_relu")) {
            notes.add(
                    recurrent,
                    "%s: torch has two biases and moves both, DL4J has their sum. An updater of this library moves it"
                            + " twice as far, as torch does (a TorchAdam with weight decay cannot, and is refused); DL4J's own"
                            + " updaters move it once. network.setLearningRate does not change its rate.");
        }
        notes.addInTraining(
                "torch.batch_norm",
                5,
                "%s: the trace was made in training mode, where momentum=None leaves a number that looks like a momentum. The graph"
                        + " has it as its momentum; trace model.eval().");
        notes.addPadding();
        notes.addTied(archive);
        notes.addUntrained(archive);
        notes.addDropout();
        notes.addInTraining(
                "torch.dropout",
                2,
                "%s: the trace drops, as in training mode or by F.dropout(x) without training=self.training. The graph drops in"
                        + " training and never in its output; with the latter torch drops in both.");
        notes.addUnused(archive);
        notes.addLossLayer();
        notes.notes.add(
                "The network's output is the model's: logits where the model ends in logits. DL4J's evaluate(..) refuses these. For"
                        + " C classes call doEvaluation(iterator, ClassIndexEvaluation.of(new Evaluation(C))).");
        return List.copyOf(notes.notes);
    }

    private Set<String> paths(String operator) {
        Set<String> paths = new TreeSet<>();
        for (Operation operation : program.operations()) {
            if (operation.operator().equals(operator)) {
                paths.add(operation.path());
            }
        }
        return paths;
    }

    private void add(String operator, String note) {
        Set<String> paths = paths(operator);
        if (!paths.isEmpty()) {
            notes.add(note.formatted(Refused.shown(paths)));
        }
    }

    private void addInTraining(String operator, int flag, String note) {
        Set<String> paths = new TreeSet<>();
        for (Operation operation : program.operations()) {
            if (operation.operator().equals(operator)
                    && operation.arguments().size() > flag
                    && operation.arguments().get(flag) instanceof Value.Constant constant
                    && Boolean.TRUE.equals(constant.value())) {
                paths.add(operation.path());
            }
        }
        if (!paths.isEmpty()) {
            notes.add(note.formatted(Refused.shown(paths)));
        }
    }

    private void addUntrained(TracedArchive archive) {
        Set<String> untrained = new TreeSet<>(archive.untrained());
        untrained.retainAll(program.weights());
        if (!untrained.isEmpty()) {
            notes.add(Refused.shown(untrained)
                    + ": torch does not train these, which are buffers or have requires_grad=False. The graph trains them,"
                    + " unless you freeze their layers.");
        }
    }

    private void addAttention() {
        Set<String> paths = new TreeSet<>();
        for (Operation operation : program.operations()) {
            if (operation.isInAttention() || operation.operator().equals("torch.scaled_dot_product_attention")) {
                paths.add(operation.path());
            }
        }
        if (!paths.isEmpty()) {
            notes.add(Refused.shown(paths)
                    + ": a trace of a model in eval() does not hold the dropout of attention's weights, and the graph has none."
                    + " nn.TransformerEncoderLayer drops them by its dropout, nn.MultiheadAttention by its own: training is"
                    + " torch's where that is 0.");
        }
    }

    private void addPadding() {
        for (Operation operation : program.operations()) {
            if (operation.operator().equals("torch.embedding")
                    && operation.arguments().size() > 2
                    && operation.arguments().get(2) instanceof Value.Constant constant
                    && constant.value() instanceof Long index
                    && index >= 0) {
                notes.add(Refused.shown(operation.path()) + ": row " + index
                        + " is padding (padding_idx) and is not trained."
                        + " toComputationGraph adds a TorchPaddingListener for it; add it again to a network that you"
                        + " restore.");
            }
        }
    }

    private void addTied(TracedArchive archive) {
        Map<Object, Set<Operation>> uses = new HashMap<>();
        Set<String> tied = new TreeSet<>();
        for (Operation operation : program.operations()) {
            for (Value argument : operation.arguments()) {
                List<Value> values = argument instanceof Value.Items items ? items.values() : List.of(argument);
                for (Value value : values) {
                    if (value instanceof Value.Weight weight) {
                        Set<Operation> users = uses.computeIfAbsent(
                                archive.places().get(weight.name()),
                                place -> Collections.newSetFromMap(new IdentityHashMap<>()));
                        users.add(operation);
                        if (users.size() > 1) {
                            tied.add(weight.name());
                        }
                    }
                }
            }
        }
        if (!tied.isEmpty()) {
            notes.add(Refused.shown(tied)
                    + ": torch has one tensor where the graph has several layers. toComputationGraph adds"
                    + " a TiedWeightsListener, which trains them as one; add it again to a network that you restore.");
        }
    }

    private void addDropout() {
        Set<String> paths = new TreeSet<>();
        for (Operation operation : program.operations()) {
            boolean drops = operation.operator().endsWith("dropout")
                    && !(operation.arguments().size() > 1
                            && operation.arguments().get(1) instanceof Value.Constant constant
                            && Double.valueOf(0).equals(constant.value()));
            if (drops) {
                paths.add(operation.path());
            }
        }
        if (!paths.isEmpty()) {
            notes.add(Refused.shown(paths)
                    + ": the random numbers of dropout are DL4J's, so training is torch's only on average.");
        }
    }

    /**
     * Notes that the loss has a layer of its own, unless the model ends in a layer with weights, or in an activation of
     * one.
     */
    private void addLossLayer() {
        boolean linear = true;
        for (Value output : program.outputs()) {
            Value product = output instanceof Value.Result result
                            && result.operation().arguments().size() == 1
                    ? result.operation().arguments().get(0)
                    : output;
            linear &= product instanceof Value.Result result
                    && result.operation().operator().equals("torch.linear");
        }
        if (!linear) {
            notes.add(
                    "The model does not end in a Linear, so its loss is in a loss layer. DL4J divides the score of such a"
                            + " layer by the number of examples even with miniBatch(false): leave miniBatch true in settings and loss,"
                            + " and for pictures and sequences give the loss positionsPerExample(height * width or length).");
        }
    }

    private void addUnused(TracedArchive archive) {
        Set<String> unused = new TreeSet<>(archive.tensors().keySet());
        unused.removeAll(program.weights());
        unused.removeIf(name -> name.endsWith("num_batches_tracked"));
        if (!unused.isEmpty()) {
            notes.add("The model's forward does not use these tensors of the file, so the graph has none of them: "
                    + Refused.shown(unused));
        }
    }
}
