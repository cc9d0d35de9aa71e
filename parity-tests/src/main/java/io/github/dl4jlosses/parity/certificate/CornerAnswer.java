/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import io.github.dl4jlosses.LossAndGradient;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.grid.GridCase;
import io.github.dl4jlosses.parity.grid.LossCheck;
import io.github.dl4jlosses.parity.grid.Subject;
import io.github.dl4jlosses.parity.grid.TorchReference;
import io.github.dl4jlosses.spec.GivenCall;
import io.github.dl4jlosses.spec.LossSpecs;
import java.util.List;
import java.util.stream.Stream;

/**
 * What both sides give for a corner of a loss that a reader will ask about.
 *
 * @param corner the corner
 * @param ours value and gradient of ours in float32
 * @param torch those of torch
 * @param differences what differs in float32 or float64; empty: nothing
 */
record CornerAnswer(GivenCall corner, String ours, String torch, List<String> differences) {

    /** Asks about the corners of all descriptions. */
    static List<CornerAnswer> all() {
        return LossSpecs.all().stream()
                .flatMap(spec -> spec.corners().stream())
                .map(CornerAnswer::of)
                .toList();
    }

    private static CornerAnswer of(GivenCall corner) {
        GridCase example = GridCase.of(corner, TorchType.FLOAT32);
        LossAndGradient ours = corner.loss.valueAndGradient(example.input(), example.target());
        TorchResult torch = TorchReference.of(corner.loss).evaluate(example.torchInput(), example.torchTarget(), false);
        List<String> differences = Stream.of(example, GridCase.of(corner, TorchType.FLOAT64))
                .flatMap(both -> LossCheck.differences(both, Subject.of(both)).stream())
                .toList();
        return new CornerAnswer(
                corner,
                CellText.of(ours.value(), 4) + "; " + CellText.of(ours.gradient()),
                CellText.of(torch.value().item(), 4) + "; " + CellText.of(torch.gradient("x")),
                differences);
    }
}
