/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleUtils;
import net.razorvine.pickle.Unpickler;

/**
 * Reads pickles of tensors, and refuses all others.
 *
 * <p>Every instruction that is not listed here is an error. The library's own implementation of the others calls
 * methods by reflection, takes any class for a dictionary, trusts every length, and loses the order of dictionaries.
 */
final class TensorUnpickler extends Unpickler {

    private final ByteArrayInputStream bytes;
    private final int size;
    private final boolean scripted;

    private TensorUnpickler(byte[] pickle, boolean scripted) {
        this.bytes = new ByteArrayInputStream(pickle);
        this.size = pickle.length;
        this.scripted = scripted;
    }

    /**
     * The object of a pickle, built from {@link PickledDictionary}s, lists, arrays for tuples, strings, numbers,
     * {@link TensorReference}s and {@link ScriptModule}s. Lists and dictionaries may contain themselves.
     */
    static Object read(byte[] pickle, boolean scripted) {
        TensorUnpickler unpickler = new TensorUnpickler(pickle, scripted);
        try {
            Object root = unpickler.load(unpickler.bytes);
            if (unpickler.bytes.available() > 0) {
                throw Refused.damaged("The pickle goes on after its end");
            }
            return root;
        } catch (Refused e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw Refused.damaged("The pickle cannot be read near its byte " + unpickler.position(), e);
        }
    }

    private int position() {
        return size - bytes.available();
    }

    @Override
    protected Object dispatch(short key) throws IOException {
        switch (key) {
            case Opcodes.PROTO,
                    Opcodes.FRAME,
                    Opcodes.MARK,
                    Opcodes.STOP,
                    Opcodes.NONE,
                    Opcodes.NEWTRUE,
                    Opcodes.NEWFALSE,
                    Opcodes.BININT,
                    Opcodes.BININT1,
                    Opcodes.BININT2,
                    Opcodes.LONG1,
                    Opcodes.BINFLOAT,
                    Opcodes.EMPTY_TUPLE,
                    Opcodes.TUPLE1,
                    Opcodes.TUPLE2,
                    Opcodes.TUPLE3,
                    Opcodes.TUPLE,
                    Opcodes.EMPTY_LIST,
                    Opcodes.APPEND,
                    Opcodes.BINPUT,
                    Opcodes.LONG_BINPUT,
                    Opcodes.MEMOIZE,
                    Opcodes.BINGET,
                    Opcodes.LONG_BINGET,
                    Opcodes.BINPERSID -> {
                return super.dispatch(key);
            }
            case Opcodes.SHORT_BINUNICODE -> stack.add(text(PickleUtils.readbyte(bytes)));
            case Opcodes.BINUNICODE -> stack.add(text(PickleUtils.bytes_to_uint(PickleUtils.readbytes(bytes, 4), 0)));
            case Opcodes.APPENDS -> appendAll();
            case Opcodes.EMPTY_DICT -> stack.add(new PickledDictionary());
            case Opcodes.SETITEM -> setItem();
            case Opcodes.SETITEMS -> setItems();
            case Opcodes.GLOBAL -> nameClass(PickleUtils.readline(bytes), PickleUtils.readline(bytes));
            case Opcodes.STACK_GLOBAL -> nameClassOfStack();
            case Opcodes.INST -> PythonClass.of(PickleUtils.readline(bytes), PickleUtils.readline(bytes), false);
            case Opcodes.REDUCE -> call();
            case Opcodes.NEWOBJ -> newModule();
            case Opcodes.BUILD -> build();
            default -> throw unneeded(key);
        }
        if (key == Opcodes.INST) {
            throw unneeded(key);
        }
        return NO_RETURN_VALUE;
    }

    private Refused unneeded(short key) {
        return new Refused(String.format(
                "The pickle has the instruction 0x%02x before its byte %d, which tensors do not need; nothing of it was "
                        + "run. Save the state_dict again with torch.save",
                key, position()));
    }

    private String text(long length) throws IOException {
        if (length < 0 || length > bytes.available()) {
            throw Refused.damaged(
                    "The pickle claims a text of " + length + " bytes where " + bytes.available() + " are left");
        }
        return Refused.decoded("A text of the pickle", ByteBuffer.wrap(PickleUtils.readbytes(bytes, length)));
    }

    private void appendAll() {
        List<Object> items = stack.pop_all_since_marker();
        @SuppressWarnings("unchecked") // of a pickle that appends to anything else the library says so too
        List<Object> list = (List<Object>) stack.peek();
        list.addAll(items);
    }

    private void setItem() {
        Object value = stack.pop();
        Object key = stack.pop();
        ((PickledDictionary) stack.peek()).put(key, value);
    }

    private void setItems() {
        List<Object> items = stack.pop_all_since_marker();
        PickledDictionary dictionary = (PickledDictionary) stack.peek();
        for (int i = 0; i < items.size(); i += 2) {
            dictionary.put(items.get(i), items.get(i + 1));
        }
    }

    private void nameClass(String module, String name) {
        stack.add(PythonClass.of(module, name, scripted));
    }

    private void nameClassOfStack() {
        String name = (String) stack.pop();
        nameClass((String) stack.pop(), name);
    }

    private void call() {
        Object[] arguments = (Object[]) stack.pop();
        stack.add(((PythonClass.Function) stack.pop()).call(arguments));
    }

    private void newModule() {
        Object[] arguments = (Object[]) stack.pop();
        if (!(stack.pop() instanceof PythonClass.Script type) || arguments.length > 0) {
            throw new Refused("The pickle makes an object that is no scripted module");
        }
        stack.add(new ScriptModule(type));
    }

    /** Attributes of a module; those of a dictionary, which hold the versions of the modules, are left out. */
    private void build() {
        Object state = stack.pop();
        if (!(state instanceof PickledDictionary attributes)) {
            throw new Refused("The pickle gives an object a state that is no dictionary, as packed "
                    + "(quantized) parameters have; only plain tensors are read");
        }
        if (stack.peek() instanceof ScriptModule module) {
            module.set(attributes);
        } else if (!(stack.peek() instanceof PickledDictionary)) {
            throw new Refused("The pickle gives a state to something that has none");
        }
    }

    @Override
    protected Object persistentLoad(Object id) {
        Object[] parts = (Object[]) id;
        String key = (String) parts[2];
        if (parts.length != 5 || !parts[0].equals("storage") || !key.matches("\\d{1,9}")) {
            throw new Refused("The pickle names a storage '" + Refused.shown(key) + "' as torch never does");
        }
        return new StorageReference(((PythonClass.Storage) parts[1]).type(), key, ((Number) parts[4]).longValue());
    }
}
