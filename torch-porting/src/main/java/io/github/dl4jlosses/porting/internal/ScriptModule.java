/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import java.util.Map;

/** An object of a scripted module: its attributes, among them parameters, buffers and other modules. */
final class ScriptModule {

    private Map<String, Object> attributes = Map.of();

    void set(PickledDictionary state) {
        attributes = state.texts();
    }

    Map<String, Object> attributes() {
        return attributes;
    }
}
