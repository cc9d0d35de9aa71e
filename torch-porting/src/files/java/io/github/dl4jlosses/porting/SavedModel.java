/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;

/** The models that {@code generate.py} trained and PyTorch saved, among the data of the examples. */
public enum SavedModel {
    LOGISTIC_BCE,
    DIGITS_SOFTMAX_NLL,
    DIGITS_MLP_CE,
    DIGITS_MULTILABEL_BCEL,
    FASHION_CNN_CE,
    TEXT_LSTM_CE,
    DIGITS_DISTILL_KL;

    public String fileName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What torch.jit.script saved. */
    public Path scripted() {
        return path(fileName() + ".pt");
    }

    /** What torch.save made of the state_dict. */
    public Path stateDict() {
        return path(fileName() + "_state.pt");
    }

    private static Path path(String file) {
        try {
            return Path.of(SavedModel.class.getResource("/data/pytorch/" + file).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
