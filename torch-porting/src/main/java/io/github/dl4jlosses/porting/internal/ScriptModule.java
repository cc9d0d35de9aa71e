/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import java.util.Map;

/**
 * An object of a scripted module: its attributes, among them parameters, buffers and other modules.
 *
 * @since 0.1.0
 */
public final class ScriptModule {

    private final PythonClass.Script type;
    private Map<String, Object> attributes = Map.of();

    ScriptModule(PythonClass.Script type) {
        this.type = type;
    }

    void set(PickledDictionary state) {
        attributes = state.texts();
    }

    /**
     * The package of its class.
     *
     * @return such as {@code __torch__.torch.nn.modules.linear}
     */
    public String packageName() {
        return type.module();
    }

    /**
     * The name of its class within the package.
     *
     * @return such as {@code Linear}
     */
    public String className() {
        return type.name();
    }

    /**
     * The attributes.
     *
     * @return modules, tensors, numbers, texts by their names
     */
    public Map<String, Object> attributes() {
        return attributes;
    }
}
