/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.porting.ArchiveWriter;
import io.github.dl4jlosses.porting.PickleWriter;
import io.github.dl4jlosses.porting.SafetensorsWriter;
import io.github.dl4jlosses.porting.TorchWeights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.razorvine.pickle.Opcodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Tensors come back as torch saved them: every type, and every kind of view. */
class SavedTensorsTest {

    private static final TorchTensor COUNT = TorchTensor.of(
            TorchType.FLOAT64, IntStream.range(0, 24).asDoubleStream().toArray(), 2, 3, 4);

    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("file.pt");
    }

    @ParameterizedTest
    @EnumSource
    void everyTypeKeepsItsValues(TorchType type) {
        double[] values = type == TorchType.BOOL
                ? new double[] {0, 1, 1}
                : type.isFloatingPoint()
                        ? new double[] {-0., 1e-7, -65504, 1. / 3, Double.NaN, Double.NEGATIVE_INFINITY}
                        : new double[] {0, 1, 127};
        TorchTensor tensor = TorchTensor.of(type, values, values.length);
        TorchSave.tensors(file(), Map.of("t", tensor));

        assertThat(TorchTensor.of(TorchWeights.load(file()).tensors().get("t"))).isEqualTo(tensor);
    }

    @ParameterizedTest
    @CsvSource({
        "INT64, -9223372036854775808, 9223372036854775807",
        "INT32, -2147483648, 2147483647",
        "INT16, -32768, 32767",
        "INT8, -128, 127",
        "UINT8, 0, 255"
    })
    void integersReachTheirEnds(TorchType type, long smallest, long largest) {
        TorchTensor tensor = TorchTensor.of(type, new long[] {smallest, largest}, 2);
        TorchSave.tensors(file(), Map.of("t", tensor));

        assertThat(TorchTensor.of(TorchWeights.load(file()).tensors().get("t"))).isEqualTo(tensor);
    }

    /** torch itself says what the 65536 values of 16 bits are. */
    @ParameterizedTest
    @CsvSource({"HalfStorage, 5", "BFloat16Storage, 15"})
    void everyValueOf16BitsIsTorchs(String storage, int code) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(2 << 16).order(ByteOrder.LITTLE_ENDIAN);
        IntStream.range(0, 1 << 16).forEach(bits -> bytes.putShort((short) bits));
        byte[] pickle = PickleWriter.stateDict(new PickleWriter().tensor(storage, 1 << 16, 0, new long[] {1 << 16}, 1));
        new ArchiveWriter()
                .stored("archive/data.pkl", pickle)
                .stored("archive/data/0", bytes.array())
                .write(folder);

        double[] ours =
                TorchTensor.of(TorchWeights.load(file()).tensors().get("t")).toDoubles();
        Path raw = Files.write(folder.resolve("raw"), bytes.array());
        String read = "torch.from_file(\"%s\", False, 65536, dtype=%d)".formatted(TorchSave.path(raw), code);
        double[] torchs =
                TorchFunction.of("torch.to(" + read + ", 7)").call().value().toDoubles();

        assertThat(ours).isEqualTo(torchs);
    }

    @Test
    void viewsAndSharedStoragesKeepTheirValues() {
        Map<String, String> views = new LinkedHashMap<>();
        views.put("whole", "x");
        views.put("transposed", "torch.transpose(x, 0, 2)");
        views.put("permuted", "torch.permute(x, [1, 2, 0])");
        views.put("part", "torch.slice(x, 1, 1, 3)");
        views.put("every second", "torch.slice(x, 2, 1, 4, 2)");
        views.put("row", "torch.select(torch.select(x, 0, 1), 0, 2)");
        views.put("number", "torch.select(torch.select(torch.select(x, 0, 1), 0, 2), 0, 3)");
        views.put("expanded", "torch.expand(torch.slice(x, 1, 0, 1), [2, 5, 4])");
        views.put("diagonal", "torch.diagonal(torch.select(x, 0, 1))");
        views.put("empty", "torch.slice(x, 1, 3, 3)");
        views.put("empty alone", "torch.zeros([0, 3], dtype=7)");
        views.put("copy", "torch.clone(x)");
        views.put("alone", "torch.sum(x)");
        TorchSave.expressions(file(), COUNT, views);

        Map<String, INDArray> tensors = TorchWeights.load(file()).tensors();

        assertThat(new ArrayList<>(tensors.keySet())).isEqualTo(new ArrayList<>(views.keySet()));
        views.forEach((name, expression) -> {
            TorchTensor expected = TorchFunction.of(expression, "x").call(COUNT).value();
            assertThat(TorchTensor.of(tensors.get(name))).as(name).isEqualTo(expected);
        });
    }

    @Test
    void tensorsOfOneStorageAreArraysOfTheirOwn() {
        TorchSave.expressions(file(), COUNT, Map.of("a", "x", "b", "torch.select(x, 0, 0)"));
        Map<String, INDArray> tensors = TorchWeights.load(file()).tensors();

        tensors.get("a").assign(-1);

        assertThat(tensors.get("b").getDouble(0, 1)).isEqualTo(1);
    }

    @Test
    void emptyTensorsAndNumbersComeFromSafetensorsToo() {
        Path file = folder.resolve("file.safetensors");
        TorchSave.safetensors(
                file,
                Map.of(
                        "empty", TorchTensor.of(TorchType.FLOAT64, new double[0], 0, 3),
                        "number", TorchTensor.scalar(TorchType.FLOAT64, 2.5)));

        Map<String, INDArray> tensors = TorchWeights.load(file).tensors();

        assertThat(tensors.get("empty").shape()).containsExactly(0, 3);
        assertThat(TorchTensor.of(tensors.get("number"))).isEqualTo(TorchTensor.scalar(TorchType.FLOAT64, 2.5));
    }

    @ParameterizedTest
    @CsvSource({
        "F32, FLOAT, 0000803f",
        "F16, HALF, 003c",
        "BF16, BFLOAT16, 803f",
        "I64, LONG, 0100000000000000",
        "I32, INT, 01000000",
        "I16, SHORT, 0100",
        "I8, BYTE, 01",
        "U8, UBYTE, 01",
        "BOOL, BOOL, 01"
    })
    void safetensorsHasEveryType(String name, DataType type, String hex) {
        byte[] one = HexFormat.of().parseHex(hex);
        Path file = folder.resolve("file.safetensors");
        SafetensorsWriter.write(
                file,
                "{\"t\":{\"data_offsets\":[0,%d],\"shape\":[1],\"dtype\":\"%s\"}}".formatted(one.length, name),
                one);

        INDArray tensor = TorchWeights.load(file).tensors().get("t");

        assertThat(tensor.dataType()).isEqualTo(type);
        assertThat(tensor.getDouble(0)).isEqualTo(1);
    }

    /** What Python's pickle makes of the protocols above 2. */
    @Test
    void aPickleOfProtocol4IsRead() {
        byte[] pickle = new PickleWriter()
                .raw(Opcodes.PROTO, 4, Opcodes.FRAME, 0, 0, 0, 0, 0, 0, 0, 0)
                .emptyDict()
                .raw(Opcodes.MEMOIZE, Opcodes.SHORT_BINUNICODE, 1, 't')
                .text("torch._utils")
                .text("_rebuild_parameter")
                .raw(Opcodes.STACK_GLOBAL)
                .goodTensor()
                .raw(Opcodes.NEWTRUE)
                .orderedDict()
                .raw(Opcodes.TUPLE3, Opcodes.REDUCE, Opcodes.SETITEM)
                .end();
        Path file = ArchiveWriter.with(pickle).write(folder);

        assertThat(TorchWeights.load(file).tensors().get("t").toDoubleVector()).containsExactly(1, 2, 3);
    }

    /** As torch.save of {"epoch": 3, "model": .., "optimizer": {"state": {0: {"step": 1.0}}, ..}}. */
    @Test
    void aCheckpointMayHoldOtherThingsBesideItsStateDict() {
        byte[] pickle = new PickleWriter()
                .emptyDict()
                .mark()
                .text("epoch")
                .number(3)
                .text("model")
                .orderedDict()
                .mark()
                .text("t")
                .goodTensor()
                .items()
                .text("optimizer")
                .emptyDict()
                .mark()
                .number(0)
                .raw(Opcodes.BINFLOAT, 0x3F, 0xF0, 0, 0, 0, 0, 0, 0)
                .number(1)
                .raw(Opcodes.EMPTY_LIST, Opcodes.NONE, Opcodes.APPEND)
                .items()
                .items()
                .end();
        Path file = ArchiveWriter.with(pickle).write(folder);

        TorchWeights weights = TorchWeights.load(file, "model");

        assertThat(weights.tensors()).containsOnlyKeys("t");
        assertThat(weights).hasToString("TorchWeights[t]");
    }

    /** Two modules may be one, as tied weights are; torch's state_dict has both names. */
    @Test
    void modulesKeepTheirNamesAndOrder() {
        byte[] pickle = new PickleWriter()
                .module()
                .emptyDict()
                .mark()
                .text("training")
                .raw(Opcodes.NEWTRUE)
                .text("z")
                .module()
                .raw(Opcodes.BINPUT, 9)
                .emptyDict()
                .mark()
                .text("weight")
                .goodTensor()
                .text("bias")
                .raw(Opcodes.NONE)
                .items()
                .raw(Opcodes.BUILD)
                .text("a")
                .raw(Opcodes.BINGET, 9)
                .items()
                .raw(Opcodes.BUILD)
                .end();
        Path file = ArchiveWriter.with(pickle).scripted().write(folder);

        List<String> names = new ArrayList<>(TorchWeights.load(file).tensors().keySet());

        assertThat(names).containsExactly("z.weight", "a.weight");
    }
}
