/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import java.util.List;

/** What is compared with torch. */
interface ParitySubject {

    /** The results for a case, already divided as the settings say. */
    List<Quantity> quantities(ParityCase example, ParitySettings settings);

    /** Whether one of the results is a gradient. */
    boolean hasGradient();

    /** The name for messages. */
    @Override
    String toString();
}
