/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.razorvine.pickle.Opcodes;

/** Pickles, instruction by instruction: what torch writes, and what an attacker might. */
public final class PickleWriter {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    public PickleWriter() {
        raw(Opcodes.PROTO, 2);
    }

    public PickleWriter raw(int... values) {
        for (int value : values) {
            bytes.write(value);
        }
        return this;
    }

    public PickleWriter raw(String latin1) {
        bytes.writeBytes(latin1.getBytes(ISO_8859_1));
        return this;
    }

    public PickleWriter mark() {
        return raw(Opcodes.MARK);
    }

    public PickleWriter tuple() {
        return raw(Opcodes.TUPLE);
    }

    public PickleWriter call() {
        return raw(Opcodes.REDUCE);
    }

    public PickleWriter text(String text) {
        byte[] utf8 = text.getBytes(UTF_8);
        return textLength(utf8.length).raw(new String(utf8, ISO_8859_1));
    }

    public PickleWriter textLength(int length) {
        raw(Opcodes.BINUNICODE);
        bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(length)
                .array());
        return this;
    }

    public PickleWriter number(long value) {
        return number(BigInteger.valueOf(value));
    }

    public PickleWriter number(BigInteger value) {
        byte[] bigEndian = value.toByteArray();
        raw(Opcodes.LONG1, bigEndian.length);
        for (int i = bigEndian.length - 1; i >= 0; i--) {
            raw(bigEndian[i]);
        }
        return this;
    }

    public PickleWriter global(String module, String name) {
        return raw(Opcodes.GLOBAL).raw(module + "\n" + name + "\n");
    }

    public PickleWriter emptyDict() {
        return raw(Opcodes.EMPTY_DICT);
    }

    public PickleWriter orderedDict() {
        return global("collections", "OrderedDict").raw(Opcodes.EMPTY_TUPLE).call();
    }

    public PickleWriter items() {
        return raw(Opcodes.SETITEMS);
    }

    /** An object of a scripted module, without its attributes. */
    public PickleWriter module() {
        return global("__torch__", "Net").raw(Opcodes.EMPTY_TUPLE, Opcodes.NEWOBJ);
    }

    public PickleWriter storage(String type, String key, long elements) {
        return mark().text("storage")
                .global("torch", type)
                .text(key)
                .text("cpu")
                .number(elements)
                .tuple()
                .raw(Opcodes.BINPERSID);
    }

    /** A tensor in the storage of key 0. */
    public PickleWriter tensor(String type, long elements, long offset, long[] sizes, long... strides) {
        return tensor(type, "0", elements, offset, sizes, strides);
    }

    /** A tensor in the storage of any key. */
    public PickleWriter tensor(String type, String key, long elements, long offset, long[] sizes, long... strides) {
        return global("torch._utils", "_rebuild_tensor_v2")
                .mark()
                .storage(type, key, elements)
                .number(offset)
                .numbers(sizes)
                .numbers(strides)
                .raw(Opcodes.NEWFALSE)
                .orderedDict()
                .tuple()
                .call();
    }

    public PickleWriter numbers(long... values) {
        mark();
        for (long value : values) {
            number(value);
        }
        return tuple();
    }

    /** Three numbers of float64 in the storage of key 0. */
    public PickleWriter goodTensor() {
        return tensor("DoubleStorage", 3, 0, new long[] {3}, 1);
    }

    /** Such a tensor under each name, in the dictionary that was begun. */
    public PickleWriter goodTensors(String... names) {
        mark();
        for (String name : names) {
            text(name).goodTensor();
        }
        return items();
    }

    /** What is written so far as the only tensor of a state_dict. */
    public static byte[] stateDict(PickleWriter value) {
        PickleWriter pickle = new PickleWriter().orderedDict().mark().text("t");
        pickle.bytes.write(value.bytes.toByteArray(), 2, value.bytes.size() - 2);
        return pickle.items().end();
    }

    public byte[] end() {
        return raw(Opcodes.STOP).bytes.toByteArray();
    }
}
