/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The format of the safetensors library: the length of a header as 8 bytes, the header in JSON, then the numbers of all
 * tensors without a gap between them.
 */
final class SafetensorsFile {

    static final int MOST_HEADER_BYTES = 16 << 20;

    private static final int LENGTH_BYTES = Long.BYTES;

    private SafetensorsFile() {}

    private record Entry(String name, ElementType type, List<Long> shape, long begin, long end) {}

    static Map<String, INDArray> read(FileChannel file) throws IOException {
        ByteBuffer length = bytes(file, 0, LENGTH_BYTES);
        long headerBytes = length.getLong(0);
        long dataBytes = file.size() - LENGTH_BYTES - headerBytes;
        if (headerBytes < 2 || headerBytes > MOST_HEADER_BYTES || dataBytes < 0) {
            throw RefusedFileException.damaged("The header claims " + Long.toUnsignedString(headerBytes)
                    + " bytes in a file of " + file.size() + "; " + MOST_HEADER_BYTES + " are the limit");
        }
        List<Entry> entries = entries(text(bytes(file, LENGTH_BYTES, (int) headerBytes)));
        checkExtents(entries, dataBytes);
        return tensors(file, LENGTH_BYTES + headerBytes, entries);
    }

    private static Map<String, INDArray> tensors(FileChannel file, long start, List<Entry> entries) throws IOException {
        Budget budget = new Budget(file.size());
        Map<String, INDArray> tensors = new LinkedHashMap<>();
        for (Entry entry : entries) {
            StridedTensor tensor = StridedTensor.contiguous(
                    entry.name(),
                    entry.type(),
                    entry.shape().stream().mapToLong(size -> size).toArray());
            long bytes = entry.end() - entry.begin();
            if (tensor.bytes() != bytes) {
                throw RefusedFileException.damaged("Tensor " + entry.name() + " of shape " + entry.shape() + " takes "
                        + tensor.bytes() + " bytes, but its place has " + bytes);
            }
            tensors.put(entry.name(), tensor.read(bytes(file, start + entry.begin(), (int) bytes), budget));
        }
        return tensors;
    }

    private static ByteBuffer bytes(FileChannel file, long position, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (file.read(buffer, position + buffer.position()) < 0) {
                throw RefusedFileException.damaged("The file ends too early");
            }
        }
        return buffer;
    }

    private static String text(ByteBuffer header) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(header.flip()).toString();
        } catch (CharacterCodingException e) {
            throw RefusedFileException.damaged("The header is no UTF-8", e);
        }
    }

    /** Every byte of the data belongs to exactly one tensor, as the format asks; else files could hide things. */
    private static void checkExtents(List<Entry> entries, long dataBytes) {
        List<Entry> inOrder = new ArrayList<>(entries);
        inOrder.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long end = 0;
        for (Entry entry : inOrder) {
            if (entry.begin() != end || entry.end() < end || entry.end() > dataBytes) {
                throw RefusedFileException.damaged(
                        "Tensor " + entry.name() + " claims the bytes " + entry.begin() + " to "
                                + entry.end() + " of " + dataBytes + ", where those from " + end
                                + " are the next ones: an overlap, a gap or an end beyond the file");
            }
            end = entry.end();
        }
        if (end != dataBytes) {
            throw RefusedFileException.damaged(
                    "The last " + (dataBytes - end) + " bytes of the file belong to no tensor");
        }
    }

    private static List<Entry> entries(String header) throws IOException {
        try (JsonReader json = new JsonReader(new StringReader(header))) {
            json.setStrictness(Strictness.STRICT);
            List<Entry> entries = new ArrayList<>();
            Set<String> names = new HashSet<>();
            json.beginObject();
            while (json.hasNext()) {
                String name = json.nextName();
                Budget.checkName(name.length());
                if (!names.add(name)) {
                    throw RefusedFileException.damaged("The header has '" + name + "' twice");
                }
                if (name.equals("__metadata__")) {
                    json.skipValue();
                } else {
                    entries.add(entry(name, json));
                }
            }
            json.endObject();
            if (json.peek() != JsonToken.END_DOCUMENT) {
                throw RefusedFileException.damaged("Something follows the header's JSON");
            }
            return entries;
        } catch (IOException | IllegalStateException | NumberFormatException e) {
            throw new RefusedFileException("The header is not the JSON that it should be: " + e.getMessage(), e);
        }
    }

    private static Entry entry(String name, JsonReader json) throws IOException {
        String type = null;
        List<Long> shape = null;
        List<Long> place = null;
        json.beginObject();
        while (json.hasNext()) {
            String field = json.nextName();
            if (field.equals("dtype") && type == null) {
                type = json.nextString();
            } else if (field.equals("shape") && shape == null) {
                shape = numbers(json);
            } else if (field.equals("data_offsets") && place == null) {
                place = numbers(json);
            } else {
                throw RefusedFileException.damaged("Tensor " + name + " has an unknown or second '" + field + "'");
            }
        }
        json.endObject();
        if (type == null || shape == null || place == null || place.size() != 2) {
            throw RefusedFileException.damaged("Tensor " + name + " has no dtype, no shape or no two data_offsets");
        }
        return new Entry(name, ElementType.ofSafetensorsName(type), shape, place.get(0), place.get(1));
    }

    private static List<Long> numbers(JsonReader json) throws IOException {
        List<Long> numbers = new ArrayList<>();
        json.beginArray();
        while (json.hasNext()) {
            JsonToken token = json.peek();
            String digits = json.nextString();
            if (token != JsonToken.NUMBER || !digits.matches("\\d{1,18}")) {
                throw RefusedFileException.damaged("'" + digits + "' is no size or offset");
            }
            numbers.add(Long.valueOf(digits));
        }
        json.endArray();
        return numbers;
    }
}
