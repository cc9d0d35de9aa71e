/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import ai.djl.Device;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A TorchScript archive that torch itself loads and runs. */
public final class ScriptedModel {

    private ScriptedModel() {}

    /** The output of the model's {@code forward} for a float64 input. */
    public static TorchTensor output(Path file, TorchTensor input) throws IOException {
        try (PtNDManager manager = Torch.manager().newSubManager(Device.cpu());
                InputStream archive = Files.newInputStream(file);
                PtSymbolBlock model = JniUtils.loadModule(manager, archive, false, false);
                IValue value = IValue.from(Transfer.toTorch(manager, input));
                IValue output = NativeCall.forward(model, value)) {
            return Transfer.fromTorch(output.toNDList(manager).get(0), TorchType.FLOAT64);
        }
    }
}
