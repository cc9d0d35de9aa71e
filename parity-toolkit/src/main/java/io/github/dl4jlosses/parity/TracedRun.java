/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import io.github.dl4jlosses.porting.TorchSteps;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs TorchScript archives in torch, and the calls read from them. */
final class TracedRun {

    private TracedRun() {}

    /**
     * Runs an archive and returns its outputs.
     *
     * @param archive the file that torch.jit saved
     * @param type the type of inputs that are not integers
     * @param inputs in torch's order
     * @return the outputs
     * @throws TorchException if torch refuses the archive or the inputs
     */
    static List<TorchTensor> outputs(Path archive, TorchType type, List<INDArray> inputs) {
        List<IValue> values = new ArrayList<>();
        try (PtNDManager manager = Torch.manager().newSubManager(Device.cpu())) {
            inputs.forEach(input -> values.add(IValue.from(toTorch(manager, input, type))));
            boolean trains = false;
            String[] none = new String[0];
            try (PtSymbolBlock module = JniUtils.loadModule(manager, archive, trains, none, none, trains)) {
                JniUtils.enableInferenceMode(module);
                JniUtils.setGraphExecutorOptimize(false);
                try (IValue result = NativeCall.forward(module, values.toArray(IValue[]::new))) {
                    return tensors(result.toNDList(manager));
                }
            }
        } catch (EngineException e) {
            throw new TorchException(e);
        } finally {
            values.forEach(IValue::close);
        }
    }

    /**
     * Runs the calls of an archive, one after the other, and returns their values.
     *
     * @param steps the calls
     * @param type the type of inputs that are not integers
     * @param inputs in torch's order
     * @return a tensor for each of the steps' values
     * @throws TorchException if torch refuses the calls or the inputs
     */
    static List<TorchTensor> values(TorchSteps steps, TorchType type, List<INDArray> inputs) {
        try (PtNDManager manager = Torch.manager().newSubManager(Device.cpu());
                IValue x = list(manager, inputs, type);
                IValue w = list(manager, steps.weights(), null)) {
            return tensors(Script.run(steps.code(), manager, x, w));
        }
    }

    private static IValue list(PtNDManager manager, List<INDArray> arrays, TorchType type) {
        return IValue.listFrom(
                arrays.stream().map(array -> toTorch(manager, array, type)).toArray(PtNDArray[]::new));
    }

    /** An array in torch's memory; floating-point numbers are cast to the type, or keep their own if it is null. */
    private static PtNDArray toTorch(PtNDManager manager, INDArray array, TorchType type) {
        TorchTensor tensor = TorchTensor.of(array);
        PtNDArray wide = Transfer.toTorch(manager, tensor);
        if (!tensor.type().isFloatingPoint()) {
            return wide;
        }
        TorchType wanted = type == null ? tensor.type() : type;
        return switch (wanted) {
            case FLOAT64 -> wide;
            case FLOAT32 -> wide.toType(DataType.FLOAT32, true);
            default ->
                throw new IllegalArgumentException(
                        "Models of float64 and float32 can be compared, this one has " + wanted);
        };
    }

    private static List<TorchTensor> tensors(NDList list) {
        List<TorchTensor> tensors = new ArrayList<>();
        for (NDArray array : list) {
            NDArray wide = array.toType(DataType.FLOAT64, true);
            tensors.add(Transfer.fromTorch(wide, TorchType.FLOAT64));
        }
        return tensors;
    }
}
