/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import java.util.stream.Stream;

/** Each loss of the library with torch's defaults: the list that the tests of what all losses share go through. */
final class AllLosses {
    private AllLosses() {}

    static Stream<LossBuilder<?>> builders() {
        return Stream.of(
                BCELoss.builder(),
                BCEWithLogitsLoss.builder(),
                NLLLoss.builder(),
                CrossEntropyLoss.builder(),
                KLDivLoss.builder(),
                HuberLoss.builder());
    }

    static Stream<TorchLoss> defaults() {
        return builders().map(LossBuilder::build);
    }
}
