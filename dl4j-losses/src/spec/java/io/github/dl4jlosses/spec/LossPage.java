/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec;

import io.github.dl4jlosses.LossBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the pages say of a loss in their tables, and how they draw it.
 *
 * @param <B> the loss's builder
 */
public final class LossPage<B extends LossBuilder<B>> {
    private final Supplier<B> builder;
    private final List<Task> tasks = new ArrayList<>();
    private final List<Panel<B>> panels = new ArrayList<>();
    private String use;
    private String input;
    private String nearest = "none";

    LossPage(Supplier<B> builder) {
        this.builder = builder;
    }

    /** What somebody trains with the loss, on which labels and with which layer. */
    public static final class Task {
        public final String goal;
        public final String labels;
        public final String layer;

        Task(String goal, String labels, String layer) {
            this.goal = goal;
            this.labels = labels;
            this.layer = layer;
        }
    }

    // ---- what a description says ----

    /** What the loss is for, and what its input is. */
    public LossPage<B> says(String isFor, String inputs) {
        use = isFor;
        input = inputs;
        return this;
    }

    /** DL4J's own loss that comes nearest; without it there is none. */
    public LossPage<B> nearest(String dl4j) {
        nearest = dl4j;
        return this;
    }

    /** Something to train with the loss. */
    public LossPage<B> task(String goal, String labels, String layer) {
        tasks.add(new Task(goal, labels, layer));
        return this;
    }

    /** A further part of the picture. */
    public Panel<B> panel(String title) {
        Panel<B> panel = new Panel<>(title, builder);
        panels.add(panel);
        return panel;
    }

    // ---- what pages ask ----

    /** Such as {@code numbers, with outliers among them}. */
    public String use() {
        return use;
    }

    /** What torch's input is, such as {@code logits}. */
    public String input() {
        return input;
    }

    public String nearest() {
        return nearest;
    }

    public List<Task> tasks() {
        return List.copyOf(tasks);
    }

    public List<Panel<B>> panels() {
        return List.copyOf(panels);
    }
}
