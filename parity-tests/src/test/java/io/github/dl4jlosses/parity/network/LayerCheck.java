/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

/** What is asked of a loss in a layer: a table of the page each. */
enum LayerCheck {
    SCORE("Score", "The score that `fit` reports is torch's loss."),
    STEP("Step", "The parameters of the layer, or of the layer below it, move as by autograd in torch."),
    MASK(
            "Masks",
            "Score and step are those of torch without what is masked, whose labels here are NaN or no class: masks"
                    + " of examples, of time steps or pixels, of outputs where the loss does not couple them, of rows"
                    + " written as outputs, and of everything."),
    JSON(
            "JSON",
            "The configuration comes back from its JSON as it was, and a network made from it does what the first one does:"
                    + " score and step are torch's, or it meets the same notes."),
    GRADIENTS("Gradient check", "DL4J's own `GradientCheckUtil`: the gradient is what differences of the score give.");

    final String title;
    final String meaning;

    LayerCheck(String title, String meaning) {
        this.title = title;
        this.meaning = meaning;
    }
}
