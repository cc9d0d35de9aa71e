/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.training;

import io.github.dl4jlosses.updater.TorchAdagrad;
import io.github.dl4jlosses.updater.TorchAdam;
import io.github.dl4jlosses.updater.TorchAdamW;
import io.github.dl4jlosses.updater.TorchCosineAnnealingLR;
import io.github.dl4jlosses.updater.TorchLinearLR;
import io.github.dl4jlosses.updater.TorchNAdam;
import io.github.dl4jlosses.updater.TorchOneCycleLR;
import io.github.dl4jlosses.updater.TorchRMSprop;
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
    ADAMW_ONE_CYCLE_IN_THREE_PHASES,
    ADAM_AMSGRAD,
    ADAMW_AMSGRAD_DECAY,
    RMSPROP,
    RMSPROP_CENTERED_MOMENTUM_DECAY,
    NADAM,
    NADAM_COUPLED_DECAY,
    NADAM_DECOUPLED_DECAY_ONE_CYCLE,
    ADAGRAD,
    ADAGRAD_RATE_AND_WEIGHT_DECAY;

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
            case ADAM_AMSGRAD ->
                TorchAdam.builder().lr(.02).beta2(.5).amsgrad(true).build();
            case ADAMW_AMSGRAD_DECAY ->
                TorchAdamW.builder()
                        .lr(.02)
                        .beta2(.6)
                        .weightDecay(.1)
                        .amsgrad(true)
                        .build();
            case RMSPROP -> TorchRMSprop.builder().build();
            case RMSPROP_CENTERED_MOMENTUM_DECAY ->
                TorchRMSprop.builder()
                        .lr(.005)
                        .alpha(.9)
                        .eps(1e-3)
                        .momentum(.5)
                        .centered(true)
                        .weightDecay(.1)
                        .build();
            case NADAM -> TorchNAdam.builder().lr(.01).build();
            case NADAM_COUPLED_DECAY ->
                TorchNAdam.builder()
                        .lr(.01)
                        .beta1(.8)
                        .eps(1e-3)
                        .momentumDecay(.05)
                        .weightDecay(.1)
                        .build();
            case NADAM_DECOUPLED_DECAY_ONE_CYCLE ->
                TorchNAdam.builder()
                        .lrSchedule(oneCycle(.02).build())
                        .weightDecay(.1)
                        .decoupledWeightDecay(true)
                        .build();
            case ADAGRAD -> TorchAdagrad.builder().lr(.05).build();
            case ADAGRAD_RATE_AND_WEIGHT_DECAY ->
                TorchAdagrad.builder()
                        .lr(.1)
                        .lrDecay(.05)
                        .initialAccumulatorValue(.1)
                        .eps(1e-3)
                        .weightDecay(.1)
                        .build();
        };
    }

    /** As long as the longest training. */
    private static TorchOneCycleLR.Builder oneCycle(double maxLr) {
        return TorchOneCycleLR.builder().maxLr(maxLr).totalSteps(60);
    }
}
