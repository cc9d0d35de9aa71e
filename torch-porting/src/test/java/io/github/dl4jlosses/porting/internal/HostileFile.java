/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import io.github.dl4jlosses.porting.ArchiveWriter;
import io.github.dl4jlosses.porting.SafetensorsWriter;
import io.github.dl4jlosses.porting.SavedModel;
import io.github.dl4jlosses.porting.TorchWeights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A file to be read, and what it was made of.
 *
 * @param parts the entries of an archive whose pickle is {@code core}; null if {@code core} is the whole file
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record HostileFile(Kind kind, byte[] core, Map<String, byte[]> parts) {

    /** How it was made, and which files its changed copies are mixed with. */
    enum Kind {
        ARCHIVE("archives, changed"),
        DIRECTORY("archives with another directory"),
        PICKLE("pickles, changed"),
        MADE_UP_PICKLE("pickles, made up"),
        SAFETENSORS("safetensors, changed"),
        MADE_UP_SAFETENSORS("safetensors, made up");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }

        /** The kind whose changes its interesting files are given to. */
        Kind changed() {
            return switch (this) {
                case ARCHIVE, DIRECTORY -> ARCHIVE;
                case PICKLE, MADE_UP_PICKLE -> PICKLE;
                case SAFETENSORS, MADE_UP_SAFETENSORS -> SAFETENSORS;
            };
        }
    }

    static HostileFile whole(Kind kind, byte... file) {
        return new HostileFile(kind, file, null);
    }

    /** The files of a model, none of them changed, in each kind that changes are made of; one is written into the folder. */
    static List<HostileFile> of(SavedModel model, Path folder) throws IOException {
        List<HostileFile> files = new ArrayList<>();
        for (Path file : List.of(model.scripted(), model.stateDict())) {
            Map<String, byte[]> parts = ArchiveWriter.entries(file);
            byte[] pickle = parts.entrySet().stream()
                    .filter(entry -> entry.getKey().endsWith("/data.pkl"))
                    .findFirst()
                    .orElseThrow()
                    .getValue();
            files.add(whole(Kind.ARCHIVE, Files.readAllBytes(file)));
            files.add(new HostileFile(Kind.PICKLE, pickle, parts));
        }
        Path file = folder.resolve("file");
        SafetensorsWriter.write(file, TorchWeights.load(model.stateDict()).tensors());
        files.add(whole(Kind.SAFETENSORS, Files.readAllBytes(file)));
        return files;
    }

    boolean isScripted() {
        return parts != null && parts.keySet().stream().anyMatch(name -> name.endsWith("/constants.pkl"));
    }

    /** How many bytes of the file are no numbers: pickle and directory, or header; all where that cannot be told. */
    long describedBytes(long fileBytes) {
        if (parts != null) {
            return fileBytes
                    - parts.entrySet().stream()
                            .filter(part -> !part.getKey().endsWith("/data.pkl"))
                            .mapToLong(part -> part.getValue().length)
                            .sum();
        }
        if (kind.changed() != Kind.SAFETENSORS || core.length < Long.BYTES) {
            return fileBytes;
        }
        long header = ByteBuffer.wrap(core).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        return header < 0 || header > fileBytes - Long.BYTES ? fileBytes : Long.BYTES + header;
    }

    /** With checksums that fit, so that the pickle is reached. */
    byte[] bytes() {
        if (parts == null) {
            return core;
        }
        ArchiveWriter archive = new ArchiveWriter();
        parts.forEach((name, content) -> archive.stored(name, name.endsWith("/data.pkl") ? core : content));
        return archive.bytes();
    }
}
