/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.github.dl4jlosses.porting.internal.StoredTensors.ReadTensors;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The format of the safetensors library: the length of a header as 8 bytes, the header in JSON, then the numbers of all
 * tensors without a gap between them.
 */
final class SafetensorsFile {

    static final int MOST_HEADER_BYTES = 16 << 20;

    private static final int LENGTH_BYTES = Long.BYTES;

    private SafetensorsFile() {}

    private record Entry(StridedTensor tensor, long begin, long end) {

        String shownName() {
            return Refused.shown(tensor.name());
        }
    }

    static void read(FileBytes file, Budget budget, ReadTensors tensors) throws IOException {
        long headerBytes = file.read(0, LENGTH_BYTES).getLong(0);
        long dataBytes = file.size() - LENGTH_BYTES - headerBytes;
        if (headerBytes < 2 || headerBytes > MOST_HEADER_BYTES || dataBytes < 0) {
            throw Refused.damaged("The header claims " + Long.toUnsignedString(headerBytes) + " bytes in a file of "
                    + file.size() + "; " + MOST_HEADER_BYTES + " are the limit");
        }
        List<Entry> entries = entries(file.bytes(LENGTH_BYTES, headerBytes), budget);
        checkExtents(entries, dataBytes);
        for (Entry entry : entries) {
            long bytes = entry.end() - entry.begin();
            if (entry.tensor().bytes() != bytes) {
                throw Refused.damaged("Tensor " + entry.shownName() + " of shape "
                        + entry.tensor().shape() + " takes " + entry.tensor().bytes() + " bytes, but its place has "
                        + bytes);
            }
            tensors.add(entry.tensor(), file.read(LENGTH_BYTES + headerBytes + entry.begin(), bytes));
        }
    }

    /** Every byte of the data belongs to exactly one tensor, as the format asks; else files could hide things. */
    private static void checkExtents(List<Entry> entries, long dataBytes) {
        List<Entry> inOrder = new ArrayList<>(entries);
        inOrder.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long end = 0;
        for (Entry entry : inOrder) {
            if (entry.begin() != end || entry.end() < end || entry.end() > dataBytes) {
                throw Refused.damaged("Tensor " + entry.shownName()
                        + " claims the bytes " + entry.begin() + " to "
                        + entry.end() + " of " + dataBytes + ", where those from " + end
                        + " are the next ones: an overlap, a gap or an end beyond the file");
            }
            end = entry.end();
        }
        if (end != dataBytes) {
            throw Refused.damaged("The last " + (dataBytes - end) + " bytes of the file belong to no tensor");
        }
    }

    private static List<Entry> entries(byte[] header, Budget budget) {
        // a decoder refuses what is no UTF-8, where a charset would put question marks
        Reader text = new InputStreamReader(new ByteArrayInputStream(header), StandardCharsets.UTF_8.newDecoder());
        String name = null;
        try (JsonReader json = new JsonReader(text)) {
            json.setStrictness(Strictness.STRICT);
            List<Entry> entries = new ArrayList<>();
            Set<String> names = new HashSet<>();
            json.beginObject();
            while (json.hasNext()) {
                name = json.nextName();
                budget.takeName(name);
                if (!names.add(name)) {
                    throw Refused.damaged("The header has '" + Refused.shown(name) + "' twice");
                }
                if (name.equals("__metadata__")) {
                    json.skipValue();
                } else if (entries.size() == Budget.MOST_TENSORS) {
                    throw Budget.tooMany();
                } else {
                    entries.add(entry(name, json));
                }
            }
            json.endObject();
            if (json.peek() != JsonToken.END_DOCUMENT) {
                throw Refused.damaged("Something follows the header's JSON");
            }
            return entries;
        } catch (CharacterCodingException e) {
            throw Refused.damaged("The header is not UTF-8", e);
        } catch (IOException | IllegalStateException | NumberFormatException e) {
            throw Refused.damaged(
                    "The header is not the JSON that it should be"
                            + (name == null ? "" : ", in tensor " + Refused.shown(name)) + ": "
                            + Refused.shown(String.valueOf(e.getMessage())),
                    e);
        }
    }

    private static Entry entry(String name, JsonReader json) throws IOException {
        String type = null;
        long[] shape = null;
        long[] place = null;
        String tensor = "Tensor " + Refused.shown(name);
        json.beginObject();
        while (json.hasNext()) {
            String field = json.nextName();
            if (field.equals("dtype") && type == null) {
                type = json.nextString();
            } else if (field.equals("shape") && shape == null) {
                shape = numbers(
                        tensor,
                        json,
                        StridedTensor.MOST_DIMENSIONS,
                        tensor + " has more than " + StridedTensor.MOST_DIMENSIONS + " sizes");
            } else if (field.equals("data_offsets") && place == null) {
                place = numbers(tensor, json, 2, tensor + " has no two data_offsets");
            } else {
                throw Refused.damaged(tensor + " has an unknown or second '" + Refused.shown(field) + "'");
            }
        }
        json.endObject();
        if (type == null || shape == null || place == null || place.length != 2) {
            throw Refused.damaged(tensor + " has no dtype, no shape or no two data_offsets");
        }
        return new Entry(
                StridedTensor.contiguous(name, ElementType.ofSafetensorsName(Refused.shown(name), type), shape),
                place[0],
                place[1]);
    }

    private static long[] numbers(String tensor, JsonReader json, int most, String ifMore) throws IOException {
        long[] numbers = new long[most];
        int count = 0;
        json.beginArray();
        while (json.hasNext()) {
            JsonToken token = json.peek();
            String digits =
                    token == JsonToken.NUMBER || token == JsonToken.STRING ? json.nextString() : token.toString();
            if (token != JsonToken.NUMBER
                    || digits.length() > 18
                    || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
                throw Refused.damaged(tensor + " has '" + Refused.shown(digits) + "', which is no size or offset");
            }
            if (count == most) {
                throw Refused.damaged(ifMore);
            }
            numbers[count++] = Long.parseLong(digits);
        }
        json.endArray();
        return Arrays.copyOf(numbers, count);
    }
}
