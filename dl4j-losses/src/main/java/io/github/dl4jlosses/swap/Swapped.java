/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import io.github.dl4jlosses.TorchLoss;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * The result of {@link LossSwap#swapAll}: the copy, and what happened at each of its outputs and why.
 *
 * <pre>{@code
 * Swapped<ComputationGraph> swapped = LossSwap.swapAll(graph, Scale.DL4J);
 * System.out.println(swapped); // a line for each output
 * swapped.get().fit(iterator);
 * }</pre>
 *
 * @param <N> the network or configuration
 * @since 0.1.0
 */
public final class Swapped<N> {
    private final N copy;
    private final List<Output> outputs;
    private final List<String> findings;

    Swapped(N copy, List<Output> outputs, List<String> findings) {
        this.copy = copy;
        this.outputs = List.copyOf(outputs);
        this.findings = List.copyOf(findings);
    }

    /** The same report about something made from the copy. */
    <M> Swapped<M> map(Function<? super N, ? extends M> change) {
        return new Swapped<>(change.apply(copy), outputs, findings);
    }

    /**
     * The copy with its new losses.
     *
     * @return always the same object
     */
    public N get() {
        return copy;
    }

    /**
     * The outputs of the network, in their order.
     *
     * @return a single one for a MultiLayerNetwork
     */
    public List<Output> outputs() {
        return outputs;
    }

    /**
     * What {@link LossSwap#check} finds in the copy.
     *
     * @return messages that name the output and say what to do; empty if nothing was found
     */
    public List<String> findings() {
        return findings;
    }

    /**
     * A line for each output with its old loss, its new loss and the explanation; then the findings of the check.
     *
     * @return several lines
     */
    @Override
    public String toString() {
        return Stream.concat(
                        outputs.stream().map(Output::toString),
                        findings.stream().map("check: "::concat))
                .collect(Collectors.joining("\n"));
    }

    /**
     * An output of a network: its loss before and after the swap.
     *
     * @since 0.1.0
     */
    public static final class Output {
        private final String name;
        private final ILossFunction before;
        private final TorchLoss after;
        private final String explanation;

        Output(String name, ILossFunction before, TorchLoss after, String explanation) {
            this.name = name;
            this.before = before;
            this.after = after;
            this.explanation = explanation;
        }

        /**
         * The name of the output in its graph, or of the last layer.
         *
         * @return as the configuration has it
         */
        public String name() {
            return name;
        }

        /**
         * The loss that was there.
         *
         * @return null if the output has no loss, or a fixed one
         */
        public ILossFunction before() {
            return before;
        }

        /**
         * The loss of this library that is there now.
         *
         * @return empty if the output stays as it was; {@link #explanation} says why
         */
        public Optional<TorchLoss> after() {
            return Optional.ofNullable(after);
        }

        /**
         * What the swap does to score and step, or why the output stays as it was.
         *
         * @return sentences
         */
        public String explanation() {
            return explanation;
        }

        /**
         * Name, losses and explanation in a line.
         *
         * @return such as {@code out: LossMCXENT() -> CrossEntropyLoss(..): ..}
         */
        @Override
        public String toString() {
            String now = after == null ? "stays" : after.equals(before) ? "stays" : "-> " + after;
            return name + ": " + (before == null ? "no loss" : before) + " " + now + ": " + explanation;
        }
    }
}
