/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Safetensors files by a grammar: right ones, and headers that lie about types, shapes, places, lengths and JSON itself. */
final class RandomSafetensors {

    private static final String[] TYPES = {"F64", "F32", "F16", "BF16", "I64", "I32", "I16", "I8", "U8", "BOOL"};
    private static final int[] WIDTHS = {8, 4, 2, 2, 8, 4, 2, 1, 1, 1};

    private static final String[] ODD_NUMBERS = {
        "-1",
        "1.5",
        "1e3",
        "\"3\"",
        "null",
        "true",
        "[]",
        "{}",
        "01",
        "99999999999999999999",
        "9223372036854775807",
        "999999999999999999",
        "4294967296",
        "2147483648",
        "NaN"
    };

    private static final String[] ODD_TEXTS = {
        "U16", "F8_E4M3", "f32", "", "\\u0000", "\\ud800", "\\n\\u001b[31m", "__metadata__", "dtype", "\u00e9\u4e2d"
    };

    private final Random random;
    private final boolean wild;
    private int data;

    private RandomSafetensors(Random random) {
        this.random = random;
        this.wild = random.nextInt(3) > 0;
    }

    static byte[] next(Random random) {
        return new RandomSafetensors(random).file();
    }

    private boolean rarely() {
        return wild && random.nextInt(30) == 0;
    }

    private String odd(String... words) {
        return words[random.nextInt(words.length)];
    }

    private byte[] file() {
        List<String> entries = new ArrayList<>();
        if (random.nextInt(3) == 0) {
            entries.add("\"__metadata__\":" + (rarely() ? json(0) : "{\"format\":\"pt\"}"));
        }
        int count = rarely() ? random.nextInt(300) : random.nextInt(5);
        for (int i = 0; i < count; i++) {
            entries.add(entry(i));
        }
        if (random.nextBoolean()) {
            Collections.shuffle(entries, random);
        }
        String text = "{" + String.join(rarely() ? ",," : ",", entries) + (rarely() ? "" : "}");
        byte[] header = (text + " ".repeat(random.nextInt(9)) + (rarely() ? "{}" : "")).getBytes(UTF_8);
        if (rarely()) {
            header[random.nextInt(header.length)] = (byte) random.nextInt(256);
        }
        int dataBytes = Math.max(0, rarely() ? data + random.nextInt(9) - 4 : data);
        long claimed = rarely() ? ByteChanges.EDGES[random.nextInt(ByteChanges.EDGES.length)] : header.length;
        byte[] numbers = new byte[dataBytes];
        random.nextBytes(numbers);
        return ByteBuffer.allocate(Long.BYTES + header.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(rarely() ? claimed + random.nextInt(9) - 4 : claimed)
                .put(header)
                .put(numbers)
                .array();
    }

    private String entry(int number) {
        int type = random.nextInt(TYPES.length);
        int rank = rarely() ? random.nextInt(50) : random.nextInt(4);
        List<String> shape = new ArrayList<>();
        int bytes = WIDTHS[type];
        for (int i = 0; i < rank; i++) {
            int size = random.nextInt(rank > 6 ? 2 : 5);
            shape.add(rarely() ? odd(ODD_NUMBERS) : String.valueOf(size));
            bytes *= Math.max(size, rank > 6 ? 1 : 0);
        }
        int begin = data;
        data += bytes;
        List<String> fields = new ArrayList<>(List.of(
                "\"dtype\":\"" + (rarely() ? odd(ODD_TEXTS) : TYPES[type]) + "\"",
                "\"shape\":" + (rarely() ? json(0) : shape),
                "\"data_offsets\":[" + (rarely() ? odd(ODD_NUMBERS) : begin) + "," + (rarely() ? begin : data) + "]"));
        if (rarely()) {
            fields.add(fields.get(random.nextInt(3)));
        }
        if (rarely()) {
            fields.remove(random.nextInt(3));
        }
        if (rarely()) {
            fields.add("\"extra\":" + json(0));
        }
        String name = rarely()
                ? odd(ODD_TEXTS)
                : rarely() ? "n".repeat(random.nextInt(2000)) : "layer" + (rarely() ? 0 : number) + ".weight";
        return "\"" + name + "\":{" + String.join(",", fields) + "}";
    }

    private String json(int depth) {
        return switch (random.nextInt(depth > 4 ? 4 : 8)) {
            case 0 -> odd(ODD_NUMBERS);
            case 1 -> "\"" + odd(ODD_TEXTS) + "\"";
            case 2 -> "[".repeat(1 << random.nextInt(17));
            case 3 -> "{\"a\":".repeat(1 << random.nextInt(12));
            case 4 -> {
                int deep = 1 << random.nextInt(10);
                yield "[".repeat(deep) + "]".repeat(deep);
            }
            case 5 -> "[" + "1,".repeat(1 << random.nextInt(12)) + "1]";
            default -> "[" + json(depth + 1) + "," + json(depth + 1) + "]";
        };
    }
}
