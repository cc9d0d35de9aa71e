/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jlosses.porting.ArchiveWriter;
import io.github.dl4jlosses.porting.PickleWriter;
import io.github.dl4jlosses.porting.TorchWeights;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import net.razorvine.pickle.Opcodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        assertThatThrownBy(() -> TorchWeights.load(ArchiveWriter.with(pickle).write(folder)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(reasons)
                .hasMessageContaining("file.pt");
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

    @Test
    void aStateThatIsNoDictionaryIsRefused() {
        assertRefused(
                new PickleWriter().orderedDict().number(1).raw(Opcodes.BUILD).end(), "no dictionary");
        assertTensorRefused(new PickleWriter().goodTensor().emptyDict().raw(Opcodes.BUILD), "has none");
    }

    @Test
    void aTextLongerThanThePickleIsRefused() {
        assertRefused(
                new PickleWriter().textLength(Integer.MAX_VALUE).raw("abc").end(), "claims a text of 2147483647");
        assertRefused(new PickleWriter().textLength(-1).raw("abc").end(), "claims a text of 4294967295");
    }

    @Test
    void textThatIsNoUtf8IsRefused() {
        assertRefused(new PickleWriter().textLength(2).raw("\u00ff\u00fe").end(), "UTF-8");
    }

    /** Its hash would take the stack of the JVM. */
    @Test
    void aKeyThatContainsItselfIsRefused() {
        byte[] pickle = new PickleWriter()
                .emptyDict()
                .raw(Opcodes.EMPTY_LIST, Opcodes.BINPUT, 0, Opcodes.BINGET, 0, Opcodes.APPEND)
                .number(1)
                .raw(Opcodes.SETITEM)
                .end();
        assertRefused(pickle, "neither text nor number");
    }

    @Test
    void aNameThatIsThereTwiceIsRefused() {
        byte[] pickle = new PickleWriter()
                .orderedDict()
                .mark()
                .text("t")
                .goodTensor()
                .text("t")
                .goodTensor()
                .items()
                .end();
        assertRefused(pickle, "'t' twice");
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
    void aMissingMemoIsRefused() {
        assertRefused(new PickleWriter().raw(Opcodes.BINGET, 7).end(), "cannot be read near its byte");
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
    void sizesAndStridesBelowZeroAreRefused() {
        assertTensorRefused(numbers(0, new long[] {-1}, 1), "is negative", "[-1]");
        assertTensorRefused(numbers(2, new long[] {2}, -1), "is negative");
        assertTensorRefused(numbers(-1, new long[] {2}, 1), "is negative");
    }

    @Test
    void sizesAndStridesThatOverflowAreRefused() {
        long half = 1L << 32;
        assertTensorRefused(numbers(0, new long[] {half, half}, 0, 0), "larger than any array");
        assertTensorRefused(numbers(0, new long[] {0, half, half}, 0, 0, 0), "larger than any array");
        assertTensorRefused(numbers(0, new long[] {3}, Long.MAX_VALUE), "beyond any memory");
        assertTensorRefused(numbers(Long.MAX_VALUE, new long[] {2}, 1), "beyond any memory");
        assertTensorRefused(
                new PickleWriter()
                        .global("torch._utils", "_rebuild_tensor_v2")
                        .mark()
                        .storage("DoubleStorage", "0", 3)
                        .number(0)
                        .mark()
                        .number(BigInteger.TWO.pow(64))
                        .tuple()
                        .mark()
                        .number(1)
                        .tuple()
                        .tuple()
                        .call(),
                "no number of 64 bits");
    }

    @Test
    void aViewBeyondItsStorageIsRefused() {
        assertTensorRefused(numbers(0, new long[] {4}, 1), "Tensor t", "number 3 of a storage of 3");
        assertTensorRefused(numbers(3, new long[] {}), "number 3");
        assertTensorRefused(numbers(0, new long[] {2, 2}, 2, 1), "number 3");
    }

    @Test
    void sizesWithoutStridesAreRefused() {
        assertTensorRefused(numbers(0, new long[] {1, 1}, 1), "belong together");
        assertTensorRefused(numbers(0, new long[33], new long[33]), "more than 32");
    }

    /** A file of 1 kB that asks for 8 GB. */
    @Test
    void anExpandedTensorBeyondTheBudgetIsRefused() {
        assertTensorRefused(numbers(0, new long[] {1 << 30}, 0), "67108864", ".contiguous()");
    }

    @Test
    void manyTensorsBeyondTheBudgetAreRefused() {
        PickleWriter pickle = new PickleWriter().orderedDict().mark();
        for (int i = 0; i < 5; i++) {
            pickle.text("t" + i).tensor("DoubleStorage", 3, 0, new long[] {1 << 21}, 0);
        }
        assertRefused(pickle.items().end(), "tensor t3", "67108864");
    }

    @Test
    void aNameBeyondTheLimitIsRefused() {
        PickleWriter pickle =
                new PickleWriter().orderedDict().mark().text("t".repeat(1001)).goodTensor();
        assertRefused(pickle.items().end(), "has 1001 characters; 1000 are the limit");
    }

    @Test
    void aStorageOfAnotherLengthThanItSaysIsRefused() {
        assertTensorRefused(
                new PickleWriter().tensor("DoubleStorage", 4, 0, new long[] {3}, 1), "should have 4 elements");
        assertTensorRefused(
                new PickleWriter().tensor("FloatStorage", 3, 0, new long[] {3}, 1), "of 4 bytes", "24 bytes");
        assertTensorRefused(new PickleWriter().tensor("DoubleStorage", -3, 0, new long[] {3}, 1), "should have -3");
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

    @Test
    void anObjectThatHoldsNoTensorsIsRefused() {
        assertRefused(new PickleWriter().number(5).end(), "holds the number or truth value 5");
        assertRefused(new PickleWriter().raw(Opcodes.NONE).end(), "holds None");
        assertRefused(new PickleWriter().goodTensor().end(), "holds a tensor", "state_dict");
        assertTensorRefused(new PickleWriter().number(5), "'t' is the number", "only tensors");
        assertTensorRefused(new PickleWriter().emptyDict(), "'t' is a dictionary", "give load the key", "[t]");
    }

    @Test
    void modulesThatContainThemselvesAreRefused() {
        byte[] pickle = new PickleWriter()
                .module()
                .raw(Opcodes.BINPUT, 0)
                .emptyDict()
                .text("self")
                .raw(Opcodes.BINGET, 0, Opcodes.SETITEM, Opcodes.BUILD)
                .end();
        assertModuleRefused(pickle, "more than 64 deep");
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
        assertModuleRefused(pickle.end(), "more than 100000 attributes");
    }

    /** A long name in front of a hundred thousand short ones would be a hundred gigabytes. */
    @Test
    void aLongNameOfAModuleIsRefused() {
        byte[] pickle = new PickleWriter()
                .module()
                .emptyDict()
                .text("m".repeat(1 << 20))
                .module()
                .raw(Opcodes.SETITEM, Opcodes.BUILD)
                .end();
        assertModuleRefused(pickle, "1000 are the limit");
    }

    @Test
    void aModuleWithoutTensorsIsRefused() {
        assertModuleRefused(new PickleWriter().module().end(), "torch.jit.freeze");
    }

    @Test
    void aModuleMadeWithArgumentsIsRefused() {
        assertModuleRefused(
                new PickleWriter()
                        .global("__torch__", "Net")
                        .number(1)
                        .raw(Opcodes.TUPLE1, Opcodes.NEWOBJ)
                        .end(),
                "no scripted module");
    }

    private void assertModuleRefused(byte[] pickle, String reason) {
        assertThatThrownBy(() ->
                        TorchWeights.load(ArchiveWriter.with(pickle).scripted().write(folder)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }
}
