/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;

/**
 * Calls DJL's native method that runs a module, which DJL keeps package-private.
 *
 * <p>DJL's public callers of it either turn gradients off or leak the inputs when torch raises an error.
 */
final class NativeCall {

    private static final MethodHandle RUN;
    private static final MethodHandle VALUE_OF_HANDLE;

    static {
        try {
            Class<?> library = Class.forName("ai.djl.pytorch.jni.PyTorchLibrary");
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(library, MethodHandles.lookup());
            MethodType run = MethodType.methodType(
                    long.class, long.class, String.class, long[].class, boolean.class, boolean.class);
            RUN = lookup.findVirtual(library, "moduleRunMethod", run)
                    .bindTo(lookup.findStaticVarHandle(library, "LIB", library).get());
            VALUE_OF_HANDLE = lookup.findConstructor(IValue.class, MethodType.methodType(void.class, long.class));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("This version of DJL has no moduleRunMethod as expected", e);
        }
    }

    private NativeCall() {}

    static IValue forward(PtSymbolBlock module, IValue... inputs) {
        long[] handles = Arrays.stream(inputs).mapToLong(IValue::getHandle).toArray();
        boolean gradients = true;
        boolean ownCudaStream = false;
        try {
            long result =
                    (long) RUN.invokeExact((long) module.getHandle(), "forward", handles, gradients, ownCudaStream);
            return (IValue) VALUE_OF_HANDLE.invokeExact(result);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("The native method declares no checked exception", e);
        }
    }
}
