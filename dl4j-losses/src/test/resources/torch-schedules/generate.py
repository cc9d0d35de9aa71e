"""Writes what torch's own schedulers do, step by step: python3 generate.py, in this folder."""

import csv
import math

import torch
from torch.optim import SGD, Adagrad, Adam, AdamW, NAdam, RMSprop
from torch.optim import lr_scheduler as s

# the product of the momenta of NAdam has the default dtype, whatever the parameters have
torch.set_default_dtype(torch.float64)


def optimizer(lr=0.1, kind=SGD, **options):
    return kind([torch.zeros(1, dtype=torch.float64, requires_grad=True)], lr=lr, **options)


def warmed(o):
    return s.SequentialLR(
        o, [s.LinearLR(o, start_factor=0.01, total_iters=7), s.CosineAnnealingLR(o, T_max=23, eta_min=0.001)], [7])


def three(o):
    return s.SequentialLR(
        o, [s.LinearLR(o), s.StepLR(o, step_size=4, gamma=0.5), s.ExponentialLR(o, gamma=0.9)], [3, 20])


SCHEDULES = {
    "cosine": lambda o: s.CosineAnnealingLR(o, T_max=20),
    "cosine_eta_min": lambda o: s.CosineAnnealingLR(o, T_max=7, eta_min=0.02),
    "linear": lambda o: s.LinearLR(o),
    "linear_down": lambda o: s.LinearLR(o, start_factor=1.0, end_factor=0.05, total_iters=31),
    "one_cycle": lambda o: s.OneCycleLR(o, max_lr=0.3, total_steps=40),
    "one_cycle_uneven": lambda o: s.OneCycleLR(o, max_lr=0.3, total_steps=39, pct_start=0.23),
    "one_cycle_three_phase_linear": lambda o: s.OneCycleLR(
        o, max_lr=0.2, total_steps=37, pct_start=0.4, anneal_strategy="linear", three_phase=True,
        base_momentum=0.6, max_momentum=0.8, div_factor=10, final_div_factor=100),
    "one_cycle_rate_only": lambda o: s.OneCycleLR(o, max_lr=0.3, total_steps=40, cycle_momentum=False),
    "warm_up_then_cosine": warmed,
    "three_in_a_row": three,
}

STEPS = 40


def write(file, header, rows):
    with open(file, "w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def rates():
    for name, make in SCHEDULES.items():
        o = optimizer(momentum=0.9)
        schedule = make(o)
        for step in range(STEPS):
            group = o.param_groups[0]
            yield name, step, repr(float(group["lr"])), repr(float(group["momentum"]))
            o.step()
            try:
                schedule.step()
            except ValueError:  # a cycle is over
                break


TRAININGS = {
    "adam": lambda p: Adam(p, lr=0.1),
    "adam_decay": lambda p: Adam(p, lr=0.1, betas=(0.7, 0.95), weight_decay=0.1),
    "adamw": lambda p: AdamW(p, lr=0.1, weight_decay=0.3),
    "sgd": lambda p: SGD(p, lr=0.1),
    "sgd_nesterov": lambda p: SGD(p, lr=0.1, momentum=0.5, nesterov=True),
    "adam_amsgrad": lambda p: Adam(p, lr=0.1, betas=(0.5, 0.6), amsgrad=True, weight_decay=0.1),
    "adamw_amsgrad": lambda p: AdamW(p, lr=0.1, betas=(0.9, 0.5), amsgrad=True),
    "rmsprop": lambda p: RMSprop(p, lr=0.1),
    "rmsprop_centered_momentum": lambda p: RMSprop(
        p, lr=0.1, alpha=0.9, eps=0.01, momentum=0.7, centered=True, weight_decay=0.1),
    "nadam": lambda p: NAdam(p, lr=0.1, foreach=True),
    "nadam_decay": lambda p: NAdam(p, lr=0.1, betas=(0.7, 0.95), eps=0.01, momentum_decay=0.1, weight_decay=0.1, foreach=True),
    "adagrad": lambda p: Adagrad(p, lr=0.1),
    "adagrad_decay": lambda p: Adagrad(
        p, lr=0.1, lr_decay=0.1, initial_accumulator_value=0.5, eps=0.01, weight_decay=0.1),
    "sgd_dampening_decay": lambda p: SGD(p, lr=0.1, momentum=0.5, dampening=0.25, weight_decay=0.05),
}


def trainings():
    for name, make in TRAININGS.items():
        for schedule in ("none", "one_cycle", "one_cycle_three_phase_linear", "warm_up_then_cosine"):
            if "adagrad" in name and "cycle" in schedule:
                continue  # torch refuses it
            p = torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64, requires_grad=True)
            o = make([p])
            scheduler = SCHEDULES[schedule](o) if schedule != "none" else None
            for step in range(30):
                p.grad = p.detach() * 0.5 + math.sin(step + 1)
                o.step()
                if scheduler:
                    scheduler.step()
                yield (name, schedule, step, *(repr(float(v)) for v in p))


PLATEAUS = {
    "defaults": {},
    "patient": {"patience": 2, "factor": 0.5, "min_lr": 0.02},
    "cooling": {"patience": 1, "factor": 0.3, "cooldown": 3},
    "absolute": {"patience": 2, "threshold": 0.05, "threshold_mode": "abs", "factor": 0.5},
    "rising": {"mode": "max", "patience": 2, "factor": 0.5, "threshold": 0.01},
    "rising_absolute": {"mode": "max", "patience": 0, "factor": 0.5, "threshold": 0.1, "threshold_mode": "abs"},
    "eps": {"patience": 0, "factor": 0.5, "eps": 0.01},
}


def plateaus():
    for name, options in PLATEAUS.items():
        o = optimizer()
        schedule = s.ReduceLROnPlateau(o, **options)
        for step in range(STEPS):
            metric = 1 / (1 + step % 23) + 0.3 * math.sin(step)
            if step == 17:
                metric = math.nan
            schedule.step(metric)
            yield name, step, repr(metric), repr(float(o.param_groups[0]["lr"]))


write("rates.csv", ["schedule", "step", "lr", "momentum"], rates())
write("trainings.csv", ["optimizer", "schedule", "step", "p0", "p1", "p2"], trainings())
write("plateaus.csv", ["plateau", "step", "metric", "lr"], plateaus())
