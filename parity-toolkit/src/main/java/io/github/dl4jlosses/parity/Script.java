/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A compiled module of TorchScript, shared by all callers that run the same methods.
 *
 * <p>Only the most recently used modules are kept, because a grid of options written into the text compiles a module
 * for each. A module that is dropped is freed after its last running call.
 */
final class Script {

    private static final int KEPT = 256;

    /** Ordered by use; its lock guards all access, also to the counts of users. */
    private static final Map<String, Script> SCRIPTS = new LinkedHashMap<>(16, 0.75f, true);

    private final PtSymbolBlock module;
    private int users;
    private boolean dropped;

    private Script(PtSymbolBlock module) {
        this.module = module;
    }

    /** Runs the module's {@code forward}; the results belong to the manager, the inputs remain the caller's. */
    static NDList run(String methods, PtNDManager manager, IValue... inputs) {
        Script script = enter(methods);
        try {
            return script.forward(manager, inputs);
        } catch (EngineException e) {
            throw new TorchException(e);
        } finally {
            leave(script);
        }
    }

    private NDList forward(PtNDManager manager, IValue... inputs) {
        // both are settings of the thread; the graph optimizer would use its own formulas for gradients
        boolean gradMode = JniUtils.isGradMode();
        JniUtils.setGradMode(true);
        JniUtils.setGraphExecutorOptimize(false);
        try (IValue result = NativeCall.forward(module, inputs)) {
            return result.toNDList(manager);
        } finally {
            JniUtils.setGradMode(gradMode);
        }
    }

    private static Script enter(String methods) {
        synchronized (SCRIPTS) {
            Script script = SCRIPTS.get(methods);
            if (script == null) {
                script = compile(methods);
                SCRIPTS.put(methods, script);
                if (SCRIPTS.size() > KEPT) {
                    dropOldest();
                }
            }
            script.users++;
            return script;
        }
    }

    private static void leave(Script script) {
        synchronized (SCRIPTS) {
            script.users--;
            script.freeIfUnused();
        }
    }

    private static void dropOldest() {
        String oldest = SCRIPTS.keySet().iterator().next();
        Script script = SCRIPTS.remove(oldest);
        script.dropped = true;
        script.freeIfUnused();
    }

    private void freeIfUnused() {
        if (dropped && users == 0) {
            module.close();
        }
    }

    private static Script compile(String methods) {
        try {
            byte[] archive = ScriptArchive.of(methods);
            return new Script(JniUtils.loadModule(Torch.manager(), new ByteArrayInputStream(archive), false, false));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (EngineException e) {
            throw new TorchException(e);
        }
    }
}
