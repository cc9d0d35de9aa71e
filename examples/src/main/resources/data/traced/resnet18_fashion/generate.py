"""ResNet-18 with an eighth of its channels, traced and trained by PyTorch on Fashion-MNIST.

    /usr/bin/python3 generate.py     needs torch (made with Debian's python3-torch 1.13), writes beside this file, takes half a minute

The README says what each file has. One thread, so that the numbers are the same each time.
"""
import csv, gzip, os, sys
import torch
from torch import nn
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
from resnet import BasicBlock

BATCH, EPOCHS = 40, 8


class ResNet18(nn.Module):
    """torchvision's resnet18 with 8 to 64 channels, not 64 to 512, and one channel of input."""

    def __init__(self, width=8, num_classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(1, width, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        self.layer1 = nn.Sequential(BasicBlock(width, width), BasicBlock(width, width))
        self.layer2 = nn.Sequential(BasicBlock(width, 2 * width, 2), BasicBlock(2 * width, 2 * width))
        self.layer3 = nn.Sequential(BasicBlock(2 * width, 4 * width, 2), BasicBlock(4 * width, 4 * width))
        self.layer4 = nn.Sequential(BasicBlock(4 * width, 8 * width, 2), BasicBlock(8 * width, 8 * width))
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(8 * width, num_classes)
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(torch.flatten(self.avgpool(x), 1))


def fashion(part):
    with gzip.open(os.path.join(HERE, "../../fashion_mnist", part + ".csv.gz"), "rt") as f:
        rows = torch.tensor([[float(v) for v in r] for r in list(csv.reader(f))[1:]], dtype=torch.float64)
    return (rows[:, 1:] / 255).reshape(-1, 1, 28, 28), rows[:, 0].long()


def main():
    torch.set_num_threads(1)
    torch.manual_seed(18)
    x, y = fashion("train")
    unseen, classes = fashion("test")

    model = ResNet18()
    torch.jit.trace(model.eval(), x[:BATCH].float()).save(os.path.join(HERE, "model.pt"))    # float32, as models are saved

    model = model.double()
    evaluate = lambda: model.eval()(unseen).detach().clone()
    accuracy = lambda outputs: (outputs.argmax(1) == classes).double().mean().item()
    before = evaluate()
    batches = len(x) // BATCH
    steps = EPOCHS * batches
    optimizer = torch.optim.SGD(model.parameters(), lr=.05, momentum=.9)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=steps)
    losses = []
    model.train()
    for step in range(steps):
        at = slice(step % batches * BATCH, (step % batches + 1) * BATCH)
        loss = F.cross_entropy(model(x[at]), y[at])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        scheduler.step()
        losses.append(loss.item())
    after = evaluate()

    with open(os.path.join(HERE, "trace.csv"), "w") as f:
        f.writelines(f"{s},{l:.17g}\n" for s, l in enumerate(losses))
    torch.save({"before": before, "after": after}, os.path.join(HERE, "outputs.pt"))
    print(f"torch {torch.__version__}, {sum(p.numel() for p in model.parameters())} parameters, {steps} steps, "
          f"loss {losses[0]:.4f} .. {losses[-1]:.4f}, accuracy {accuracy(before):.1%} .. {accuracy(after):.1%}")


if __name__ == "__main__":
    main()
