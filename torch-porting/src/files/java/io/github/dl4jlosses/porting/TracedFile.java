/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;

/** The models that {@code generate.py} traced and trained, among the data of the examples. */
public enum TracedFile {
    MLP_REGRESSION,
    AUTOENCODER,
    LENET,
    MULTILABEL_CNN,
    RESNET_SMALL,
    RESNET_TORCH2,
    UNET_SMALL,
    TEXT_CNN,
    BILSTM_TAGGER,
    BILSTM_TORCH2;

    /** What torch.jit.trace saved. */
    public Path archive() {
        return path(".pt");
    }

    /** The batches {@code x} and {@code y}. */
    public Path inputs() {
        return path(".inputs.pt");
    }

    /** What the model gives for the first batch {@code before} and {@code after} its training. */
    public Path outputs() {
        return path(".outputs.pt");
    }

    /** The loss before each step. */
    public Path trace() {
        return path(".trace.csv");
    }

    private Path path(String ending) {
        String file = name().toLowerCase(Locale.ROOT) + ending;
        try {
            return Path.of(TracedFile.class.getResource("/data/traced/" + file).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
