/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import java.util.Arrays;

/** A class or function that a pickle may name; what stands for it here only makes data. */
sealed interface PythonClass {

    /** The class of a storage, which is never called. */
    record Storage(ElementType type) implements PythonClass {}

    /** The class of a scripted module. The two stay apart: put together they would take memory for each use. */
    record Script(String module, String name) implements PythonClass {}

    /** The functions that a pickle may call with arguments. */
    enum Function implements PythonClass {
        ORDERED_DICT,
        REBUILD_TENSOR,
        REBUILD_PARAMETER,
        /** Marks the first argument with a type of TorchScript. */
        TAG;

        Object call(Object... arguments) {
            return switch (this) {
                case ORDERED_DICT -> {
                    if (arguments.length > 0) {
                        throw new Refused("The pickle calls OrderedDict with arguments, as torch never does");
                    }
                    yield new PickledDictionary();
                }
                case REBUILD_TENSOR ->
                    new TensorReference(
                            (StorageReference) arguments[0],
                            ((Number) arguments[1]).longValue(),
                            Arrays.asList((Object[]) arguments[2]),
                            Arrays.asList((Object[]) arguments[3]),
                            !(arguments.length > 4 && Boolean.FALSE.equals(arguments[4])));
                case REBUILD_PARAMETER -> (TensorReference) arguments[0];
                case TAG -> arguments[0];
            };
        }
    }

    /** The class of a name; any that is not needed for tensors is refused. */
    static PythonClass of(String module, String name, boolean scripted) {
        if (module.equals("torch") && name.endsWith("Storage")) {
            return new Storage(ElementType.ofStorageClass(name));
        }
        if (scripted && (module.equals("__torch__") || module.startsWith("__torch__."))) {
            return new Script(module, name);
        }
        // no sooner: a memo can name scripted modules of a megabyte for five bytes each
        return switch (module + "." + name) {
            case "collections.OrderedDict" -> Function.ORDERED_DICT;
            case "torch._utils._rebuild_tensor_v2" -> Function.REBUILD_TENSOR;
            case "torch._utils._rebuild_parameter" -> Function.REBUILD_PARAMETER;
            case "torch.jit._pickle.restore_type_tag",
                    "torch.jit._pickle.build_tensorlist",
                    "torch.jit._pickle.build_intlist",
                    "torch.jit._pickle.build_doublelist",
                    "torch.jit._pickle.build_boollist" -> Function.TAG;
            default ->
                throw new Refused("The pickle asks for " + Refused.shown(module) + "."
                        + Refused.shown(name) + ", which tensors do not need; nothing of "
                        + "it was run. Save only tensors: torch.save(model.state_dict(), file), not torch.save(model, "
                        + "file), or torch.jit.script(model).save(file)");
        };
    }
}
