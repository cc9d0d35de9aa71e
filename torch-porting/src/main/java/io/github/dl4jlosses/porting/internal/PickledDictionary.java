/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A dictionary of a pickle: what its texts and its numbers lead to, in the order of the file. Numbers count the parameters of an
 * optimizer.
 *
 * <p>Texts and numbers lie apart. Java finds a key among others of the same hash quickly only if all can be compared, and a
 * file can give all of its keys one hash.
 */
final class PickledDictionary {

    private Map<String, Object> texts = Map.of();
    private Map<Long, Object> numbers = Map.of();

    /** Keys are texts and numbers: the hash of a list that contains itself would never end. */
    void put(Object key, Object value) {
        boolean isNew;
        if (key instanceof String text) {
            texts = texts.isEmpty() ? new LinkedHashMap<>() : texts;
            isNew = !texts.containsKey(text);
            texts.put(text, value);
        } else if (key instanceof Integer || key instanceof Long) {
            numbers = numbers.isEmpty() ? new LinkedHashMap<>() : numbers;
            long number = ((Number) key).longValue();
            isNew = !numbers.containsKey(number);
            numbers.put(number, value);
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

    /** The values with numbers as keys, in the order of the file. */
    Map<Long, Object> numbers() {
        return Collections.unmodifiableMap(numbers);
    }
}
