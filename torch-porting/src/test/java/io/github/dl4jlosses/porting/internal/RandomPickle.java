/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import io.github.dl4jlosses.porting.PickleWriter;
import java.math.BigInteger;
import java.util.Random;
import net.razorvine.pickle.Opcodes;

/**
 * Pickles by a grammar: values as torch and as Python write them, in all protocols from 0 to 5, with wrong numbers, names and
 * nestings now and then, and bombs: what a few bytes repeat, nest or share.
 */
final class RandomPickle {

    /** What a pickle may ask for, and what must never be made. */
    static final String[][] CLASSES = {
        {"collections", "OrderedDict"},
        {"torch._utils", "_rebuild_tensor_v2"},
        {"torch._utils", "_rebuild_parameter"},
        {"torch.jit._pickle", "restore_type_tag"},
        {"torch.jit._pickle", "build_intlist"},
        {"torch", "FloatStorage"},
        {"torch", "DoubleStorage"},
        {"torch", "QInt8Storage"},
        {"__torch__", "Net"},
        {"__torch__.torch.nn", "Linear"},
        {"posix", "system"},
        {"os", "system"},
        {"builtins", "eval"},
        {"builtins", "getattr"},
        {"builtins", "bytearray"},
        {"subprocess", "Popen"},
        {"operator", "attrgetter"},
        {"datetime", "datetime"},
        {"array", "array"},
        {"numpy.core.multiarray", "_reconstruct"},
        {"torch.storage", "_load_from_bytes"},
        {"torch._utils", "_rebuild_qtensor"},
        {"__main__", "Net"}
    };

    private static final String[] STORAGES = {
        "FloatStorage",
        "DoubleStorage",
        "HalfStorage",
        "BFloat16Storage",
        "LongStorage",
        "IntStorage",
        "ShortStorage",
        "CharStorage",
        "ByteStorage",
        "BoolStorage",
        "ComplexFloatStorage"
    };

    private static final int DEEPEST = 6;
    private static final int STORAGE_BYTES = 64;

    private final Random random;
    private final ByteChanges changes;
    private final PickleWriter pickle = new PickleWriter();
    private final boolean wild;

    private RandomPickle(Random random) {
        this.random = random;
        this.changes = new ByteChanges(random);
        this.wild = random.nextInt(3) > 0;
    }

    static byte[] next(Random random) {
        RandomPickle next = new RandomPickle(random);
        next.write();
        byte[] bytes = next.pickle.end();
        bytes[1] = (byte) random.nextInt(random.nextInt(20) == 0 ? 256 : 6);
        return bytes;
    }

    private boolean rarely() {
        return wild && random.nextInt(40) == 0;
    }

    private void write() {
        if (random.nextInt(4) == 0) {
            pickle.raw(Opcodes.FRAME).raw(new String(new char[] {(char) random.nextInt(256), 0, 0, 0, 0, 0, 0, 0}));
        }
        switch (random.nextInt(8)) {
            case 0 -> value(0);
            case 1 -> module(0);
            case 2 -> bomb();
            default -> stateDict();
        }
    }

    private void stateDict() {
        pickle.orderedDict();
        memo();
        pickle.mark();
        int count = random.nextInt(6);
        for (int i = 0; i < count; i++) {
            key(i);
            if (rarely()) {
                value(1);
            } else {
                tensor();
            }
        }
        pickle.items();
        if (random.nextInt(3) == 0) {
            pickle.emptyDict().text("_metadata");
            value(2);
            pickle.raw(Opcodes.SETITEM, Opcodes.BUILD);
        }
    }

    private void key(int number) {
        if (rarely()) {
            value(DEEPEST);
        } else {
            pickle.text(rarely() ? name() : "layer" + number + ".weight");
        }
    }

    private String name() {
        return switch (random.nextInt(5)) {
            case 0 -> "";
            case 1 -> "n".repeat(990 + random.nextInt(20));
            case 2 -> "\u001b[2J\r\n\u202e\u0000".repeat(1 << random.nextInt(6)) + random.nextInt(100);
            case 3 -> "\u00e9\u4e2d\ud83d\ude00.";
            default -> "a" + random.nextInt(4);
        };
    }

    private void tensor() {
        if (random.nextInt(10) == 0) {
            get();
            return;
        }
        boolean parameter = random.nextInt(6) == 0;
        if (parameter) {
            pickle.global("torch._utils", "_rebuild_parameter").mark();
        }
        int rank = rarely() ? random.nextInt(40) : random.nextInt(4);
        long[] sizes = new long[rank];
        long[] strides = new long[rarely() ? random.nextInt(40) : rank];
        long stride = 1;
        for (int i = rank - 1; i >= 0; i--) {
            sizes[i] = rarely() ? changes.edge() : random.nextInt(3);
            if (i < strides.length) {
                strides[i] = rarely() ? changes.edge() : random.nextInt(8) == 0 ? 0 : stride;
            }
            stride *= Math.max(1, sizes[i]);
        }
        String type = STORAGES[random.nextInt(rarely() ? STORAGES.length : STORAGES.length - 1)];
        long width = type.startsWith("ComplexFloat")
                ? 8
                : ElementType.ofStorageClass(type).bytes();
        pickle.tensor(
                type,
                rarely() ? changes.edge() : STORAGE_BYTES / width,
                rarely() ? changes.edge() : random.nextInt(3),
                sizes,
                strides);
        memo();
        if (parameter) {
            pickle.raw(Opcodes.NEWTRUE).orderedDict().tuple().call();
        }
    }

    private void module(int depth) {
        String[] name = rarely() ? anyClass() : CLASSES[8 + random.nextInt(2)];
        pickle.global(name[0], name[1]).raw(Opcodes.EMPTY_TUPLE, Opcodes.NEWOBJ);
        memo();
        pickle.emptyDict().mark();
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            key(i);
            if (depth < DEEPEST && random.nextInt(3) == 0) {
                module(depth + 1);
            } else if (random.nextBoolean()) {
                tensor();
            } else {
                value(depth);
            }
        }
        pickle.items().raw(Opcodes.BUILD);
    }

    private String[] anyClass() {
        return CLASSES[random.nextInt(CLASSES.length)];
    }

    private void value(int depth) {
        int kinds = depth < DEEPEST ? 22 : 11;
        switch (random.nextInt(kinds)) {
            case 0 -> pickle.raw(Opcodes.NONE);
            case 1 -> pickle.raw(random.nextBoolean() ? Opcodes.NEWTRUE : Opcodes.NEWFALSE);
            case 2 -> pickle.raw(Opcodes.BININT1, random.nextInt(256));
            case 3 -> pickle.number(changes.edge());
            case 4 -> pickle.number(new BigInteger(random.nextInt(2000), random));
            case 5 -> pickle.raw(Opcodes.BINFLOAT, random.nextInt(256), 1, 2, 3, 4, 5, 6, 7);
            case 6 -> pickle.text(name());
            case 7 -> get();
            case 8 -> pickle.raw(Opcodes.EMPTY_TUPLE);
            case 9 -> pickle.raw(Opcodes.BININT, random.nextInt(256), random.nextInt(256), 0, random.nextInt(256));
            case 10 -> unneeded();
            case 11 -> pickle.orderedDict();
            case 12 -> tensor();
            case 13 -> module(depth + 1);
            case 14 -> named(depth);
            case 15 -> {
                pickle.raw(Opcodes.EMPTY_LIST);
                memo();
                value(depth + 1);
                pickle.raw(Opcodes.APPEND);
            }
            case 16 -> {
                pickle.raw(Opcodes.EMPTY_LIST).mark();
                values(depth);
                pickle.raw(Opcodes.APPENDS);
            }
            case 17 -> {
                pickle.emptyDict();
                memo();
                key(0);
                value(depth + 1);
                pickle.raw(Opcodes.SETITEM);
            }
            case 18 -> {
                value(depth + 1);
                value(depth + 1);
                pickle.raw(Opcodes.TUPLE2);
            }
            case 19 -> {
                pickle.mark();
                values(depth);
                pickle.tuple();
            }
            case 20 -> {
                value(depth + 1);
                pickle.raw(Opcodes.BINPERSID);
            }
            default -> {
                pickle.mark();
                values(depth);
                pickle.items();
            }
        }
    }

    private void values(int depth) {
        int count = random.nextInt(5);
        for (int i = 0; i < count; i++) {
            value(depth + 1);
        }
    }

    private void named(int depth) {
        String[] name = anyClass();
        switch (random.nextInt(4)) {
            case 0 -> pickle.text(name[0]).text(name[1]).raw(Opcodes.STACK_GLOBAL);
            case 1 -> pickle.mark().raw(Opcodes.INST).raw(name[0] + "\n" + name[1] + "\n");
            default -> pickle.global(name[0], name[1]);
        }
        pickle.mark();
        values(depth);
        pickle.tuple();
        switch (random.nextInt(3)) {
            case 0 -> pickle.raw(Opcodes.NEWOBJ);
            case 1 -> pickle.call();
            default -> {
                pickle.call();
                value(depth + 1);
                pickle.raw(Opcodes.BUILD);
            }
        }
    }

    /** Instructions that torch does not write, as Python does, and any at all. */
    private void unneeded() {
        if (!wild) {
            return;
        }
        switch (random.nextInt(16)) {
            case 0 -> pickle.raw(Opcodes.INT).raw(changes.edge() + "\n");
            case 1 -> pickle.raw(Opcodes.LONG).raw(changes.edge() + "L\n");
            case 2 -> pickle.raw(Opcodes.STRING).raw("'text'\n");
            case 3 -> pickle.raw(Opcodes.UNICODE).raw("text\n");
            case 4 -> pickle.mark().raw(Opcodes.LIST);
            case 5 -> pickle.mark().raw(Opcodes.DICT);
            case 6 -> pickle.raw(Opcodes.EMPTY_SET);
            case 7 -> pickle.mark().raw(Opcodes.FROZENSET);
            case 8 -> pickle.raw(Opcodes.SHORT_BINBYTES, 3).raw("abc");
            case 9 ->
                pickle.raw(Opcodes.BYTEARRAY8, 3, 0, 0, 0, 0, 0, 0, random.nextInt(20) == 0 ? 127 : 0)
                        .raw("abc");
            case 10 ->
                pickle.raw(Opcodes.BINBYTES, 3, 0, 0, random.nextInt(20) == 0 ? 127 : 0)
                        .raw("abc");
            case 11 -> {
                String[] name = anyClass();
                pickle.mark().global(name[0], name[1]).raw(Opcodes.OBJ);
            }
            case 12 -> {
                String[] name = anyClass();
                pickle.global(name[0], name[1]).raw(Opcodes.EMPTY_TUPLE, Opcodes.EMPTY_DICT, Opcodes.NEWOBJ_EX);
            }
            case 13 -> pickle.raw(Opcodes.DUP);
            default -> pickle.raw(random.nextInt(256));
        }
    }

    private void memo() {
        switch (random.nextInt(4)) {
            case 0 -> pickle.raw(Opcodes.BINPUT, random.nextInt(8));
            case 1 -> pickle.raw(Opcodes.MEMOIZE);
            case 2 -> pickle.raw(Opcodes.LONG_BINPUT, random.nextInt(8), 0, 0, rarely() ? random.nextInt(256) : 0);
            default -> {}
        }
    }

    private void get() {
        if (random.nextBoolean()) {
            pickle.raw(Opcodes.BINGET, random.nextInt(8));
        } else {
            pickle.raw(Opcodes.LONG_BINGET, random.nextInt(8), 0, 0, rarely() ? random.nextInt(256) : 0);
        }
    }

    private void bomb() {
        int times = 1 << random.nextInt(15);
        switch (random.nextInt(8)) {
            case 0 -> {
                pickle.raw(Opcodes.NONE);
                repeat(times, Opcodes.TUPLE1);
            }
            case 1 -> {
                repeat(times, Opcodes.EMPTY_LIST);
                repeat(times - 1, Opcodes.APPEND);
            }
            case 2 -> repeat(times, Opcodes.EMPTY_DICT, Opcodes.MEMOIZE);
            case 3 -> repeat(times, Opcodes.MARK);
            case 4 -> {
                pickle.text("__torch__." + "n".repeat(times)).raw(Opcodes.BINPUT, 0);
                pickle.text("N").raw(Opcodes.BINPUT, 1);
                repeat(times, Opcodes.BINGET, 0, Opcodes.BINGET, 1, Opcodes.STACK_GLOBAL);
            }
            case 5 -> {
                pickle.raw(Opcodes.EMPTY_TUPLE, Opcodes.BINPUT, 0);
                for (int i = 0; i < 40; i++) {
                    repeat(1, Opcodes.BINGET, 0, Opcodes.BINGET, 0, Opcodes.TUPLE2, Opcodes.BINPUT, 0);
                }
            }
            case 6 -> manyNames(Math.min(times, 1 << 11));
            default -> {
                pickle.orderedDict().mark();
                long half = 1L << random.nextInt(12);
                pickle.text("t").tensor("ByteStorage", STORAGE_BYTES, 0, new long[] {half, half, 1}, 0, 0, 0);
                pickle.items();
            }
        }
    }

    private void manyNames(int count) {
        pickle.orderedDict().mark();
        pickle.text("t").tensor("DoubleStorage", 8, 0, new long[] {random.nextInt(3)}, 1);
        pickle.raw(Opcodes.BINPUT, 0);
        boolean dictionaries = random.nextInt(3) == 0;
        String prefix = random.nextInt(3) == 0 ? name() : "t";
        for (int i = 0; i < count; i++) {
            pickle.text(prefix + i);
            if (dictionaries) {
                pickle.emptyDict();
            } else {
                pickle.raw(Opcodes.BINGET, 0);
            }
        }
        pickle.items();
    }

    private void repeat(int times, int... instructions) {
        for (int i = 0; i < times; i++) {
            pickle.raw(instructions);
        }
    }
}
