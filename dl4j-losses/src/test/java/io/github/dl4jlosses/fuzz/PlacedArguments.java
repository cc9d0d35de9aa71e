/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.fuzz;

import io.github.dl4jlosses.spec.memory.Layout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The arguments of a call in random layouts, and whether it left them as they were. */
final class PlacedArguments {
    private final Random random;
    private final List<Layout.Placed> placed = new ArrayList<>();
    private final List<byte[]> before = new ArrayList<>();

    PlacedArguments(Random random) {
        this.random = random;
    }

    /** The same numbers in a layout of their own; null stays null. */
    INDArray place(INDArray array) {
        if (array == null) {
            return null;
        }
        Layout[] layouts = Layout.values();
        Layout.Placed argument = array.isEmpty() || array.rank() == 0
                ? new Layout.Placed(array, array)
                : layouts[random.nextInt(layouts.length)].place(array);
        placed.add(argument);
        before.add(bytes(argument));
        return argument.array();
    }

    boolean areUnchanged() {
        for (int i = 0; i < placed.size(); i++) {
            if (!Arrays.equals(before.get(i), bytes(placed.get(i)))) {
                return false;
            }
        }
        return true;
    }

    private static byte[] bytes(Layout.Placed argument) {
        return argument.array().isEmpty() ? new byte[0] : argument.bytes();
    }
}
