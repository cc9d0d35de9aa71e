/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.dl4jlosses.porting.ArchiveWriter;
import io.github.dl4jlosses.porting.PickleWriter;
import io.github.dl4jlosses.porting.TorchWeights;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;
import net.razorvine.pickle.Opcodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Pickles that would run code, take memory or time, or lie about tensors are refused before they do. */
@Timeout(60)
class RefusedPickleTest {

    /** INST is refused by the name of its class. */
    private static final Set<Short> NEEDED = Set.of(
            Opcodes.PROTO,
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
            Opcodes.SHORT_BINUNICODE,
            Opcodes.BINUNICODE,
            Opcodes.EMPTY_TUPLE,
            Opcodes.TUPLE1,
            Opcodes.TUPLE2,
            Opcodes.TUPLE3,
            Opcodes.TUPLE,
            Opcodes.EMPTY_LIST,
            Opcodes.APPEND,
            Opcodes.APPENDS,
            Opcodes.EMPTY_DICT,
            Opcodes.SETITEM,
            Opcodes.SETITEMS,
            Opcodes.BINPUT,
            Opcodes.LONG_BINPUT,
            Opcodes.MEMOIZE,
            Opcodes.BINGET,
            Opcodes.LONG_BINGET,
            Opcodes.BINPERSID,
            Opcodes.GLOBAL,
            Opcodes.STACK_GLOBAL,
            Opcodes.INST,
            Opcodes.REDUCE,
            Opcodes.NEWOBJ,
            Opcodes.BUILD);

    @TempDir
    private Path folder;

    private void assertRefused(byte[] pickle, String... reasons) {
        assertRefused(ArchiveWriter.with(pickle), reasons);
    }

    private void assertRefused(ArchiveWriter archive, String... reasons) {
        RefusedArchiveTest.assertRefused(archive.write(folder), reasons);
    }

    private void assertTensorRefused(PickleWriter tensor, String... reasons) {
        assertRefused(PickleWriter.stateDict(tensor), reasons);
    }

    /** A view of a storage of three numbers. */
    private static PickleWriter numbers(long offset, long[] sizes, long... strides) {
        return new PickleWriter().tensor("DoubleStorage", 3, offset, sizes, strides);
    }

    @Test
    void theSameWriterMakesFilesThatAreRead() {
        TorchWeights read = TorchWeights.load(ArchiveWriter.good().write(folder));

        assertThat(read.tensors().get("t").toDoubleVector()).containsExactly(1, 2, 3);
    }

    @ParameterizedTest
    @CsvSource({
        "posix, system",
        "nt, system",
        "subprocess, Popen",
        "builtins, eval",
        "__builtin__, exec",
        "builtins, bytearray",
        "operator, attrgetter",
        "datetime, datetime",
        "__main__, Net",
        "__torch__, Net",
        "torch.nn.modules.linear, Linear",
        "torch._utils, _rebuild_tensor_v3",
        "torch._utils, _rebuild_qtensor",
        "numpy.core.multiarray, _reconstruct",
        "collections, Counter"
    })
    void aClassThatTensorsDoNotNeedIsRefusedByName(String module, String name) {
        byte[] called = new PickleWriter()
                .global(module, name)
                .mark()
                .text("echo")
                .tuple()
                .call()
                .end();
        byte[] instance = new PickleWriter()
                .mark()
                .raw(Opcodes.INST)
                .raw(module + "\n" + name + "\n")
                .end();
        byte[] protocol4 = new PickleWriter()
                .text(module)
                .text(name)
                .raw(Opcodes.STACK_GLOBAL)
                .end();

        assertRefused(called, module + "." + name, "nothing of it was run", "model.state_dict()");
        assertRefused(instance, module + "." + name, "nothing of it was run");
        assertRefused(protocol4, module + "." + name, "nothing of it was run");
    }

    @Test
    void theCommandOfAMaliciousPickleIsNotRun() {
        Path proof = folder.resolve("proof");
        byte[] pickle = new PickleWriter()
                .global("posix", "system")
                .mark()
                .text("touch " + proof)
                .tuple()
                .call()
                .end();

        assertRefused(pickle, "posix.system");

        assertThat(Files.exists(proof)).isFalse();
    }

    @Test
    void everyInstructionThatIsNotNeededIsRefused() {
        for (int opcode = 0; opcode < 256; opcode++) {
            if (!NEEDED.contains((short) opcode)) {
                PickleWriter pickle =
                        new PickleWriter().text("1").text("2").raw(opcode).raw("1\n1\n");
                assertRefused(pickle.end(), String.format("0x%02x", opcode), "nothing of it was run");
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"pickles", "tensors", "modules"})
    void whatTorchWouldNotWriteIsRefused(String what, ArchiveWriter archive, String... reasons) {
        assertRefused(archive, reasons);
    }

    private static Arguments pickle(String what, PickleWriter pickle, String... reasons) {
        return arguments(what, ArchiveWriter.with(pickle.end()), reasons);
    }

    private static Arguments tensor(String what, PickleWriter value, String... reasons) {
        return arguments(what, ArchiveWriter.with(PickleWriter.stateDict(value)), reasons);
    }

    private static Arguments module(String what, PickleWriter pickle, String... reasons) {
        return arguments(what, ArchiveWriter.with(pickle.end()).scripted(), reasons);
    }

    static Stream<Arguments> pickles() {
        PickleWriter twice = new PickleWriter().orderedDict().goodTensors("t", "t");
        PickleWriter itself = new PickleWriter()
                .emptyDict()
                .raw(Opcodes.EMPTY_LIST, Opcodes.BINPUT, 0, Opcodes.BINGET, 0, Opcodes.APPEND)
                .number(1)
                .raw(Opcodes.SETITEM);
        PickleWriter longName = new PickleWriter().orderedDict().goodTensors("t".repeat(1001));
        return Stream.of(
                pickle(
                        "no dictionary as a state",
                        new PickleWriter().orderedDict().number(1).raw(Opcodes.BUILD),
                        "no dictionary"),
                pickle(
                        "a text beyond the end",
                        new PickleWriter().textLength(Integer.MAX_VALUE).raw("abc"),
                        "claims a text of 2147483647"),
                pickle("a text of 4 GB", new PickleWriter().textLength(-1).raw("abc"), "claims a text of 4294967295"),
                pickle(
                        "a text that is no UTF-8",
                        new PickleWriter().textLength(2).raw("\u00ff\u00fe"),
                        "UTF-8"),
                // its hash would take the stack of the JVM
                pickle("a key that contains itself", itself, "neither text nor number"),
                pickle("a name that is there twice", twice, "'t' twice"),
                pickle("a name beyond the limit", longName, "has 1001 characters; 1000 are the limit"),
                pickle("a missing memo", new PickleWriter().raw(Opcodes.BINGET, 7), "cannot be read near its byte"),
                pickle("a number", new PickleWriter().number(5), "holds the number or truth value 5"),
                pickle("None", new PickleWriter().raw(Opcodes.NONE), "holds None"),
                pickle("a tensor alone", new PickleWriter().goodTensor(), "holds a tensor", "state_dict"));
    }

    static Stream<Arguments> tensors() {
        long half = 1L << 32;
        PickleWriter hugeSize = new PickleWriter()
                .global("torch._utils", "_rebuild_tensor_v2")
                .mark()
                .storage("DoubleStorage", "0", 3)
                .number(0)
                .mark()
                .number(BigInteger.TWO.pow(64))
                .tuple()
                .numbers(1)
                .tuple()
                .call();
        return Stream.of(
                tensor(
                        "a state of a tensor",
                        new PickleWriter().goodTensor().emptyDict().raw(Opcodes.BUILD),
                        "has none"),
                tensor("a negative size", numbers(0, new long[] {-1}, 1), "is negative", "[-1]"),
                tensor("a negative stride", numbers(2, new long[] {2}, -1), "is negative"),
                tensor("a negative offset", numbers(-1, new long[] {2}, 1), "is negative"),
                tensor("sizes that overflow", numbers(0, new long[] {half, half}, 0, 0), "larger than any array"),
                tensor(
                        "such sizes beside a 0",
                        numbers(0, new long[] {0, half, half}, 0, 0, 0),
                        "larger than any array"),
                tensor("a stride that overflows", numbers(0, new long[] {3}, Long.MAX_VALUE), "beyond any memory"),
                tensor("an offset that overflows", numbers(Long.MAX_VALUE, new long[] {2}, 1), "beyond any memory"),
                tensor("a size of 65 bits", hugeSize, "no number of 64 bits"),
                tensor(
                        "a size beyond the storage",
                        numbers(0, new long[] {4}, 1),
                        "Tensor t",
                        "number 3 of a storage of 3"),
                tensor("an offset beyond the storage", numbers(3, new long[] {}), "number 3"),
                tensor("rows beyond the storage", numbers(0, new long[] {2, 2}, 2, 1), "number 3"),
                tensor("sizes without strides", numbers(0, new long[] {1, 1}, 1), "belong together"),
                tensor("too many dimensions", numbers(0, new long[33], new long[33]), "more than 32"),
                // a file of 1 kB asks for 8 GB
                tensor("an expanded tensor", numbers(0, new long[] {1 << 30}, 0), "67108864", ".contiguous()"),
                tensor("a longer storage", ofStorage("DoubleStorage", 4), "should have 4 elements"),
                tensor("a storage of another type", ofStorage("FloatStorage", 3), "of 4 bytes", "24 bytes"),
                tensor("a negative storage", ofStorage("DoubleStorage", -3), "should have -3"),
                tensor("a number for a tensor", new PickleWriter().number(5), "'t' is the number", "only tensors"),
                tensor(
                        "a dictionary for a tensor",
                        new PickleWriter().emptyDict(),
                        "'t' is a dictionary",
                        "give load the key",
                        "[t]"));
    }

    private static PickleWriter ofStorage(String type, long elements) {
        return new PickleWriter().tensor(type, elements, 0, new long[] {3}, 1);
    }

    static Stream<Arguments> modules() {
        PickleWriter itself = new PickleWriter()
                .module()
                .raw(Opcodes.BINPUT, 0)
                .emptyDict()
                .text("self")
                .raw(Opcodes.BINGET, 0, Opcodes.SETITEM, Opcodes.BUILD);
        PickleWriter longName = new PickleWriter()
                .module()
                .emptyDict()
                .text("m".repeat(1 << 20))
                .module()
                .raw(Opcodes.SETITEM, Opcodes.BUILD);
        PickleWriter withArgument =
                new PickleWriter().global("__torch__", "Net").number(1).raw(Opcodes.TUPLE1, Opcodes.NEWOBJ);
        return Stream.of(
                module("a module that contains itself", itself, "more than 64 deep"),
                // in front of a hundred thousand short ones it would be a hundred gigabytes
                module("a long name of a module", longName, "1000 are the limit"),
                module("a module without tensors", new PickleWriter().module(), "torch.jit.freeze"),
                module("a module made with an argument", withArgument, "no scripted module"));
    }

    @Test
    void whatFollowsTheEndIsRefused() {
        byte[] good = PickleWriter.stateDict(new PickleWriter().goodTensor());
        assertRefused(Arrays.copyOf(good, good.length + 1), "goes on after its end");
    }

    @Test
    void everyTruncatedPickleIsRefused() {
        byte[] good = PickleWriter.stateDict(new PickleWriter().goodTensor());
        for (int length = 0; length < good.length; length++) {
            assertRefused(Arrays.copyOf(good, length), "save");
        }
    }

    @Test
    void aPickleBeyondTheLimitIsRefused() {
        assertRefused(new byte[(4 << 20) + 1], "claims 4194305 bytes", "4194304 are the limit");
    }

    /** The library's own form takes a time that grows with the square of the length. */
    @Test
    void manyAppendsTakeLittleTime() {
        PickleWriter pickle = new PickleWriter().raw(Opcodes.EMPTY_LIST);
        for (int i = 0; i < 1_000_000; i++) {
            pickle.raw(Opcodes.MARK, Opcodes.NONE, Opcodes.APPENDS);
        }
        assertRefused(pickle.end(), "holds another object where a state_dict is expected");
    }

    @Test
    void manyTensorsBeyondTheBudgetAreRefused() {
        PickleWriter pickle = new PickleWriter().orderedDict().mark();
        for (int i = 0; i < 5; i++) {
            pickle.text("t" + i).tensor("DoubleStorage", 3, 0, new long[] {1 << 21}, 0);
        }
        assertRefused(pickle.items().end(), "tensor t3", "67108864");
    }

    @ParameterizedTest
    @CsvSource({"ComplexFloatStorage", "ComplexDoubleStorage", "QInt8Storage", "QUInt4x2Storage", "UntypedStorage"})
    void aTypeThatNd4jLacksIsRefused(String storage) {
        assertTensorRefused(
                new PickleWriter().tensor(storage, 3, 0, new long[] {3}, 1), "torch." + storage, "torch.bfloat16");
    }

    @ParameterizedTest
    @CsvSource({"../0", "/0", "0/../0", "a", "''", "0000000000"})
    void aStorageIsNamedByANumber(String key) {
        assertRefused(new PickleWriter().storage("DoubleStorage", key, 3).end(), "names a storage '" + key + "'");
    }

    /** Each module holds the one before it ten times: 10^30 paths in a few kilobytes. */
    @Test
    void modulesThatMultiplyAreRefused() {
        PickleWriter pickle = new PickleWriter().module().raw(Opcodes.BINPUT, 0);
        for (int level = 0; level < 30; level++) {
            pickle.module().emptyDict().mark();
            for (int i = 0; i < 10; i++) {
                pickle.text("m" + i).raw(Opcodes.BINGET, level);
            }
            pickle.items().raw(Opcodes.BUILD, Opcodes.BINPUT, level + 1);
        }
        assertRefused(ArchiveWriter.with(pickle.end()).scripted(), "more than 100000 attributes");
    }
}
