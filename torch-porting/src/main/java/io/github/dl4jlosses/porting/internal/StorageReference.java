/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

/** A storage as a pickle describes it: its type, the name of its entry and its number of elements. */
record StorageReference(ElementType type, String key, long elements) {}
