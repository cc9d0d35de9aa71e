/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

/** What a pickle says of a storage: its type, the name of its entry, and how many elements it has. */
record StorageReference(ElementType type, String key, long elements) {}
