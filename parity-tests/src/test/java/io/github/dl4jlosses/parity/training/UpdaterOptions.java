/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.training;

import io.github.dl4jlosses.updater.TorchAdam;
import io.github.dl4jlosses.updater.TorchAdamW;
import io.github.dl4jlosses.updater.TorchCosineAnnealingLR;
import io.github.dl4jlosses.updater.TorchLinearLR;
import io.github.dl4jlosses.updater.TorchOneCycleLR;
import io.github.dl4jlosses.updater.TorchSGD;
import io.github.dl4jlosses.updater.TorchSequentialLR;
import io.github.dl4jlosses.updater.TorchUpdater;

/** Updaters with each option in use. */
public enum UpdaterOptions {
    SGD,
    SGD_DECAY,
    SGD_MOMENTUM,
    SGD_MOMENTUM_DAMPENING_DECAY,
    SGD_NESTEROV_DECAY,
    ADAM,
    ADAM_LARGE_EPS_DECAY,
    ADAM_WITHOUT_MOMENTUM,
    ADAMW,
    ADAMW_STRONG_DECAY,
    SGD_WARM_UP_THEN_COSINE,
    SGD_NESTEROV_ONE_CYCLE,
    ADAM_ONE_CYCLE,
    ADAMW_ONE_CYCLE_IN_THREE_PHASES;

    public TorchUpdater updater() {
        return switch (this) {
            case SGD -> TorchSGD.builder().lr(.5).build();
            case SGD_DECAY -> TorchSGD.builder().lr(.2).weightDecay(.05).build();
            case SGD_MOMENTUM -> TorchSGD.builder().lr(.1).momentum(.9).build();
            case SGD_MOMENTUM_DAMPENING_DECAY ->
                TorchSGD.builder()
                        .lr(.1)
                        .momentum(.8)
                        .dampening(.3)
                        .weightDecay(.01)
                        .build();
            case SGD_NESTEROV_DECAY ->
                TorchSGD.builder()
                        .lr(.05)
                        .momentum(.9)
                        .nesterov(true)
                        .weightDecay(.01)
                        .build();
            case ADAM -> TorchAdam.builder().lr(.01).build();
            case ADAM_LARGE_EPS_DECAY ->
                TorchAdam.builder()
                        .lr(.02)
                        .beta1(.8)
                        .beta2(.95)
                        .eps(1e-3)
                        .weightDecay(.1)
                        .build();
            case ADAM_WITHOUT_MOMENTUM -> TorchAdam.builder().lr(.01).beta1(0).build();
            case ADAMW -> TorchAdamW.builder().lr(.01).build();
            case ADAMW_STRONG_DECAY ->
                TorchAdamW.builder().lr(.02).beta1(.5).weightDecay(.5).build();
            case SGD_WARM_UP_THEN_COSINE ->
                TorchSGD.builder()
                        .lrSchedule(TorchSequentialLR.builder()
                                .first(TorchLinearLR.builder()
                                        .lr(.2)
                                        .startFactor(.1)
                                        .build())
                                .then(
                                        5,
                                        TorchCosineAnnealingLR.builder()
                                                .lr(.2)
                                                .tMax(60)
                                                .build())
                                .build())
                        .momentum(.5)
                        .build();
            case SGD_NESTEROV_ONE_CYCLE ->
                TorchSGD.builder()
                        .lrSchedule(oneCycle(.1).build())
                        .momentum(.5)
                        .nesterov(true)
                        .weightDecay(.01)
                        .build();
            case ADAM_ONE_CYCLE ->
                TorchAdam.builder().lrSchedule(oneCycle(.02).build()).build();
            case ADAMW_ONE_CYCLE_IN_THREE_PHASES ->
                TorchAdamW.builder()
                        .lrSchedule(oneCycle(.02).threePhase(true).linear(true).build())
                        .weightDecay(.1)
                        .build();
        };
    }

    /** As long as the longest training. */
    private static TorchOneCycleLR.Builder oneCycle(double maxLr) {
        return TorchOneCycleLR.builder().maxLr(maxLr).totalSteps(60);
    }
}
