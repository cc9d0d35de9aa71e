"""Trains, saves a checkpoint in the middle and goes on: python3 generate.py, in this folder."""

import math

import torch
from torch import nn
from torch.optim import SGD, Adagrad, Adam, AdamW, NAdam, RMSprop
from torch.optim.lr_scheduler import CosineAnnealingLR

# numbers beside the parameters have the default dtype, whatever the parameters have
torch.set_default_dtype(torch.float64)


class Tagger(nn.Module):
    """The modules are not in the order of forward, and one of them has buffers."""

    def __init__(self):
        super().__init__()
        self.out = nn.Linear(4, 2)
        self.lstm = nn.LSTM(3, 4, batch_first=True)

    def forward(self, x):
        return self.out(self.lstm(x)[0]).transpose(1, 2)


class Perceptron(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(3, 5)
        self.norm = nn.BatchNorm1d(5)
        self.out = nn.Linear(5, 2)

    def forward(self, x):
        return self.out(torch.tanh(self.norm(self.hidden(x))))


OPTIMIZERS = {
    "adam": lambda p: Adam(p, lr=0.02),
    "adam_amsgrad": lambda p: Adam(p, lr=0.02, betas=(0.8, 0.6), amsgrad=True),
    "adamw": lambda p: AdamW(p, lr=0.02, weight_decay=0.1),
    "sgd": lambda p: SGD(p, lr=0.1),
    "sgd_momentum": lambda p: SGD(p, lr=0.1, momentum=0.9),
    "sgd_dampening": lambda p: SGD(p, lr=0.1, momentum=0.9, dampening=0.5),
    "rmsprop": lambda p: RMSprop(p, lr=0.005, centered=True, momentum=0.5),
    "nadam": lambda p: NAdam(p, lr=0.02, foreach=True),
    "adagrad": lambda p: Adagrad(p, lr=0.05, lr_decay=0.01),
}

BEFORE, AFTER = 12, 12


def batch(model, step):
    """What Java draws, too: sines of counts."""
    shape = (6, 3, 7) if model == "tagger" else (6, 3)
    count = math.prod(shape)
    x = torch.tensor([math.sin(1.7 * i + step) for i in range(count)]).reshape(shape)
    if model == "tagger":
        return x.transpose(1, 2), torch.tensor([[(n + t + step) % 2 for t in range(7)] for n in range(6)])
    return x, torch.tensor([(n + step) % 2 for n in range(6)])


def main():
    with open("traces.csv", "w") as traces:
        traces.write("checkpoint,step,loss\n")
        for name, module in (("tagger", Tagger), ("perceptron", Perceptron)):
            for kind, make in OPTIMIZERS.items():
                torch.manual_seed(1)
                model = module()
                # DL4J does not decay what batch normalisation learns
                optimizer = make(model.parameters())
                if name == "perceptron" and kind == "adamw":
                    continue
                scheduler = CosineAnnealingLR(optimizer, T_max=40) if kind == "adamw" else None
                for step in range(BEFORE + AFTER):
                    if step == BEFORE:
                        torch.save(
                            {
                                "epoch": 3,
                                "model_state_dict": model.state_dict(),
                                "optimizer_state_dict": optimizer.state_dict(),
                                "loss": 0.5,
                            },
                            f"{name}_{kind}.pt",
                        )
                    x, t = batch(name, step)
                    loss = nn.functional.cross_entropy(model(x), t)
                    optimizer.zero_grad()
                    loss.backward()
                    optimizer.step()
                    if scheduler:
                        scheduler.step()
                    if step >= BEFORE:
                        traces.write(f"{name}_{kind},{step},{loss.item()!r}\n")


main()
