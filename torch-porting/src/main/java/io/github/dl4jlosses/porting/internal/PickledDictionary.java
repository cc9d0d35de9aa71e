/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A dictionary of a pickle: what its texts lead to, in the order of the file, and its numbers, which lead to nothing that is
 * read.
 *
 * <p>Texts and numbers lie apart. Java finds a key among others of the same hash quickly only if all can be compared, and a
 * file can give all of its keys one hash.
 */
final class PickledDictionary {

    private Map<String, Object> texts = Map.of();
    private Set<Long> numbers = Set.of();

    /** Keys are texts and numbers: the hash of a list that contains itself would never end. */
    void put(Object key, Object value) {
        boolean isNew;
        if (key instanceof String text) {
            texts = texts.isEmpty() ? new LinkedHashMap<>() : texts;
            isNew = !texts.containsKey(text);
            texts.put(text, value);
        } else if (key instanceof Integer || key instanceof Long) {
            numbers = numbers.isEmpty() ? new HashSet<>() : numbers;
            isNew = numbers.add(((Number) key).longValue());
        } else {
            throw new Refused("A dictionary of the pickle has a key that is neither text nor number");
        }
        if (!isNew) {
            throw Refused.damaged(
                    "A dictionary of the pickle has the key '" + Refused.shown(String.valueOf(key)) + "' twice");
        }
    }

    Map<String, Object> texts() {
        return Collections.unmodifiableMap(texts);
    }

    Collection<Long> numbers() {
        return Collections.unmodifiableSet(numbers);
    }
}
