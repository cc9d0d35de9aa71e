"""Small models of many building blocks, traced and trained by PyTorch, and models that must be refused.

    /usr/bin/python3 generate.py     needs torch (made with Debian's python3-torch 1.13), writes beside this file

Per model of cases.csv: NAME.pt        torch.jit.trace(model, x).save
                        NAME.check.pt  torch.save of the batches x0, x1.. and y0, y1.. [K, N, ..], the outputs before0.. and after0.. for
                                       the first batch in eval mode, and the loss before each step; MSELoss summed over the outputs,
                                       SGD(lr .05, momentum .9), float64
cases.csv has name; the input types as DL4J says them; for each output its positions per example and the order of torch's
dimensions in DL4J's (012 for [N, C, T] or as they are, 021 for [N, T, C]); the weight decay if there is one. refused.csv has name; input types; what the refusal names.
"""
import os, warnings
import torch
from torch import nn
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
warnings.filterwarnings("ignore")
BATCHES, N = 3, 4
CASES, REFUSED = [], []


def worn(model):
    for m in model.modules():
        if isinstance(m, nn.modules.batchnorm._BatchNorm):
            for t, low, high in ((m.weight, .5, 2), (m.bias, -.5, .5), (m.running_mean, -.3, .3), (m.running_var, .5, 2)):
                if t is not None:
                    nn.init.uniform_(t, low, high)


class Fn(nn.Module):
    """A model as a function of its modules."""

    def __init__(self, forward, **modules):
        super().__init__()
        for k, v in modules.items():
            setattr(self, k, v)
        self.f = forward

    def forward(self, *x):
        return self.f(self, *x)


def batches(spec):
    kind, *sizes = spec.split()
    sizes = [int(s) for s in sizes]
    shape, high = {
        "ff": lambda n: ((N, n), 0), "nct": lambda c, t: ((N, c, t), 0), "ntc": lambda c, t: ((N, t, c), 0), "tnc": lambda c, t: ((t, N, c), 0),
        "image": lambda h, w, c: ((N, c, h, w), 0), "volume": lambda d, h, w, c: ((N, c, d, h, w), 0),
        "tokens": lambda v, t: ((N, t), v), "token": lambda v: ((N,), v)}[kind](*sizes)
    return [torch.randint(0, high, shape) if high else torch.randn(shape) for _ in range(BATCHES)]


def as_tuple(v):
    return tuple(v) if isinstance(v, (tuple, list)) else (v,)


def case(name, model, inputs, outputs, steps=10, train=False, decay=0):
    """inputs: specs by ';'. outputs: per output 'positions order' by ';'."""
    torch.manual_seed(len(CASES))
    xs = [batches(s) for s in inputs.split(";")]
    worn(model)
    model.train(train)
    at = lambda k: tuple(x[k] for x in xs)
    script = torch.jit.trace(model, at(0), check_trace=False)
    script.save(os.path.join(HERE, name + ".pt"))
    model.eval()
    run = lambda: [o.detach().clone() for o in as_tuple(model(*at(0)))]
    before = run()
    ys = [[torch.rand(o.shape) for _ in range(BATCHES)] for o in before]
    model.train()
    opt = torch.optim.SGD(model.parameters(), lr=.05, momentum=.9, weight_decay=decay)
    losses = []
    for s in range(steps):
        loss = sum(F.mse_loss(o, y[s % BATCHES]) for o, y in zip(as_tuple(model(*at(s % BATCHES))), ys))
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    model.eval()
    check = {"losses": torch.tensor(losses)}
    for key, group in (("x", [torch.stack(x).double() for x in xs]), ("y", [torch.stack(y) for y in ys]), ("before", before), ("after", run())):
        check.update({key + str(i): t for i, t in enumerate(group)})
    torch.save(check, os.path.join(HERE, name + ".check.pt"))
    CASES.append(f"{name},{inputs},{outputs}" + (f",{decay}" if decay else ""))


def refuse(name, model, inputs, names, script=None):
    xs = [batches(s)[0] for s in inputs.split(";")]
    worn(model)
    made = script(model) if script else torch.jit.trace(model.eval(), tuple(xs), check_trace=False)
    made.save(os.path.join(HERE, "refused_" + name + ".pt"))
    REFUSED.append(f"{name},{inputs},{names}")


def in_one_storage(module):
    """As flatten_parameters does on a GPU."""
    parameters = list(module.parameters())
    flat = torch.cat([p.detach().flatten() for p in parameters])
    for p, part in zip(parameters, flat.split([p.numel() for p in parameters])):
        p.data = part.view_as(p)
    return module


def with_weight(model, part):
    """The weight of b is a part of that of a."""
    model.b.weight = nn.Parameter(part(model.a.weight))
    return model


class Own(nn.Module):
    """Parameters without modules."""

    def __init__(self):
        super().__init__()
        self.kernel = nn.Parameter(torch.randn(4, 2, 3, 3) / 4)
        self.weight = nn.Parameter(torch.randn(3, 4) / 2)

    def forward(self, x):
        return F.linear(F.relu(F.conv2d(x, self.kernel, padding=1)).mean((2, 3)), self.weight)


class SqueezeExcite(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.conv = nn.Conv2d(c, c, 3, padding=1, groups=c)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.down = nn.Conv2d(c, 2, 1)
        self.up = nn.Conv2d(2, c, 1)

    def forward(self, x):
        y = F.silu(self.conv(x))
        return y * torch.sigmoid(self.up(F.silu(self.down(self.pool(y))))) + x


def own_attention(m, x):
    n, t, c = x.shape
    q, k, v = m.qkv(x).reshape(n, t, 3, 2, c // 2).permute(2, 0, 3, 1, 4)
    weights = ((q @ k.transpose(-2, -1)) * 3 ** -.5).softmax(-1)
    return m.proj((weights @ v).transpose(1, 2).reshape(n, t, c))


def flat_attention(m, x):
    n, t, c = x.size()
    q, k, v = m.qkv(x).split(c, dim=2)
    q, k, v = (a.view(n, t, 3, c // 3).transpose(1, 2) for a in (q, k, v))
    weights = F.softmax((q @ k.transpose(-2, -1)) / 2 ** .5, dim=-1)
    return m.proj((weights @ v).transpose(1, 2).contiguous().view(n, t, c))


class Residual(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.conv = nn.Conv2d(c, c, 3, padding=1)

    def forward(self, x):
        return F.relu(self.conv(x)) + x


def main():
    L, C = nn.Linear, nn.Conv2d
    case("functional", Fn(lambda m, x: m.b(torch.tanh(m.a(x.view(x.size(0), -1)))), a=L(24, 5), b=L(5, 3)), "image 3 4 2", "1 01")
    case("own_parameters", Own(), "image 5 6 2", "1 01")
    for a in (nn.SiLU(), nn.ELU(), nn.SELU(), nn.Softplus(), nn.Mish(), nn.Softsign(), nn.Hardtanh(), nn.LeakyReLU(), nn.ReLU6(), nn.Tanh(), nn.Sigmoid()):
        case(type(a).__name__.lower(), nn.Sequential(L(6, 8), a, L(8, 3)), "ff 6", "1 01")
    case("bn_flat", nn.Sequential(L(6, 8), nn.BatchNorm1d(8), nn.ReLU(), L(8, 3)), "ff 6", "1 01")
    case("bn_without_affine", nn.Sequential(L(6, 8), nn.BatchNorm1d(8, affine=False, eps=1e-3, momentum=.2), nn.Tanh(), L(8, 3)), "ff 6", "1 01")
    case("bn_traced_in_training", nn.Sequential(C(2, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), L(48, 3)), "image 6 5 2", "1 01", train=True)
    case("bn_sequence", nn.Sequential(nn.Conv1d(3, 5, 3, padding=1), nn.BatchNorm1d(5), nn.ReLU(), nn.AdaptiveAvgPool1d(1), nn.Flatten(), L(5, 2)), "nct 3 7", "1 01")
    case("conv1d_flatten", nn.Sequential(nn.Conv1d(3, 5, 3, stride=2, dilation=2, padding=2), nn.ReLU(), nn.MaxPool1d(2), nn.Flatten(), L(10, 2)), "nct 3 9", "1 01")
    case("pool1d", nn.Sequential(nn.AvgPool1d(3, 2), nn.Conv1d(3, 4, 2), nn.MaxPool1d(2, 1), nn.Flatten(), L(4 * 2, 2)), "nct 3 9", "1 01")
    case("conv1d_output", nn.Sequential(nn.Conv1d(3, 5, 3, padding=1), nn.Tanh(), nn.Conv1d(5, 2, 1)), "nct 3 7", "7 012")
    case("conv3d", nn.Sequential(nn.Conv3d(2, 3, 2, padding=1), nn.ReLU(), nn.MaxPool3d(2), nn.Flatten(), L(3 * 2 * 2 * 3, 2)), "volume 3 4 5 2", "1 01")
    case("conv_same_even", nn.Sequential(C(2, 4, 4, padding="same"), nn.ReLU(), C(4, 3, 3, padding="same", dilation=2), nn.ReLU(), nn.Flatten(), L(90, 2)), "image 6 5 2", "1 01")
    case("depthwise", nn.Sequential(C(2, 4, 3, padding=1), nn.ReLU6(), C(4, 8, 3, stride=2, padding=1, groups=4), nn.ReLU6(), C(8, 5, 1), Fn(lambda m, x: x.mean([2, 3])), L(5, 2)), "image 7 6 2", "1 01")
    case("conv_transpose", nn.Sequential(C(2, 4, 3, stride=2, padding=1), nn.ReLU(), nn.ConvTranspose2d(4, 3, 4, 2, 1, bias=False), nn.Tanh(), C(3, 2, 1)), "image 6 8 2", "48 0123")
    case("decoder", nn.Sequential(L(5, 24), nn.ReLU(), Fn(lambda m, x: x.view(-1, 4, 3, 2)), nn.ConvTranspose2d(4, 2, 2, 2), nn.Sigmoid()), "ff 5", "24 0123")
    case("pools", nn.Sequential(nn.AvgPool2d(3, 2, 1), C(2, 3, 2), nn.AvgPool2d(3, 1, 1, count_include_pad=False), nn.ReLU(), nn.MaxPool2d(2, 1, ceil_mode=True), nn.Flatten(), L(3 * 2 * 3, 2)), "image 7 9 2", "1 01")
    case("adaptive", nn.Sequential(C(2, 3, 3, padding=1), nn.Tanh(), nn.AdaptiveAvgPool2d((2, 3)), nn.Flatten(), L(18, 2)), "image 4 9 2", "1 01")
    case("adaptive_max", Fn(lambda m, x: m.fc(F.adaptive_max_pool2d(m.conv(x), 1).squeeze(-1).squeeze(-1)), conv=C(2, 3, 3), fc=L(3, 2)), "image 5 6 2", "1 01")
    case("upsample", nn.Sequential(C(2, 3, 3), nn.Upsample(scale_factor=2), nn.ZeroPad2d((1, 2, 0, 1)), C(3, 2, 3), nn.Flatten(), L(2 * 7 * 9, 2)), "image 6 6 2", "1 01")
    case("permuted_flatten", Fn(lambda m, x: m.fc(m.conv(x).permute(0, 2, 3, 1).flatten(1)), conv=C(2, 3, 2), fc=L(36, 2)), "image 4 5 2", "1 01")
    case("residual", nn.Sequential(C(2, 3, 3), Residual(3), Residual(3), nn.Flatten(), L(36, 2)), "image 5 6 2", "1 01")
    case("squeeze_excite", nn.Sequential(C(2, 4, 3), SqueezeExcite(4), SqueezeExcite(4), nn.Flatten(), L(48, 2)), "image 5 6 2", "1 01")
    case("pooled_by_mean", Fn(lambda m, x: m.b(x * torch.sigmoid(m.a(x.mean((2, 3), keepdim=True)))), a=C(3, 3, 1), b=C(3, 2, 1)), "image 3 4 3", "12 0123")
    case("concatenated", Fn(lambda m, x: m.fc(torch.cat([torch.tanh(m.a(x)), m.b(x) * 2 - 1, x], 1)), a=L(5, 3), b=L(5, 4), fc=L(12, 2)), "ff 5", "1 01")
    case("gated", Fn(lambda m, x: (lambda a, b: m.fc(a * torch.sigmoid(b)))(*m.a(x).chunk(2, 1)), a=L(5, 8), fc=L(4, 2)), "ff 5", "1 01")
    case("split_sequence", Fn(lambda m, x: (lambda a, b: m.out(a - torch.tanh(b)))(*m.a(x).split([3, 3], 1)), a=nn.Conv1d(2, 6, 3), out=nn.Conv1d(3, 2, 1)), "nct 2 7", "5 012")
    case("sliced", Fn(lambda m, x: m.a(x[:, :3]) + m.b(x[:, 3:]), a=L(3, 4), b=L(2, 4)), "ff 5", "1 01")
    case("softmax_output", nn.Sequential(L(5, 4), nn.Softmax(1)), "ff 5", "1 01")
    case("log_softmax_middle", nn.Sequential(L(5, 4), nn.LogSoftmax(dim=-1), L(4, 2)), "ff 5", "1 01")
    case("softmax_of_pixels", nn.Sequential(C(2, 3, 1), nn.Softmax(1)), "image 3 4 2", "12 0123")
    case("two_inputs", Fn(lambda m, x, y: m.fc(torch.relu(m.a(x) + m.b(y.flatten(1)))), a=L(5, 4), b=L(12, 4), fc=L(4, 2)), "ff 5;image 2 3 2", "1 01")
    case("two_outputs", Fn(lambda m, x: (lambda h: (m.a(h[:, -1]), m.b(h)))(m.lstm(x)[0]), lstm=nn.LSTM(3, 4, batch_first=True), a=L(4, 2), b=L(4, 3)), "ntc 3 5", "1 01;5 021")
    case("lstm_last", Fn(lambda m, x: m.fc(m.lstm(x)[0][:, -1]), lstm=nn.LSTM(3, 4, num_layers=2, batch_first=True), fc=L(4, 2)), "ntc 3 5", "1 01")
    case("lstm_last_slices", Fn(lambda m, x: m.fc(m.lstm(x)[0][:, -1, :]), lstm=nn.LSTM(3, 4, batch_first=True), fc=L(4, 2)), "ntc 3 5", "1 01")
    case("lstm_state", Fn(lambda m, x: m.fc(m.lstm(x)[1][0][-1]), lstm=nn.LSTM(3, 4, num_layers=2, batch_first=True), fc=L(4, 2)), "ntc 3 5", "1 01")
    case("lstm_state_squeezed", Fn(lambda m, x: m.fc(m.lstm(x)[1][0].squeeze(0)), lstm=nn.LSTM(3, 4, batch_first=True), fc=L(4, 2)), "ntc 3 5", "1 01")
    case("bilstm_states", Fn(lambda m, x: (lambda h: m.fc(torch.cat((h[-2], h[-1]), dim=1)))(m.lstm(x)[1][0]), lstm=nn.LSTM(3, 4, num_layers=2, batch_first=True, bidirectional=True), fc=L(8, 2)), "ntc 3 5", "1 01")
    case("bilstm_last", Fn(lambda m, x: m.fc(m.lstm(x)[0][:, -1]), lstm=nn.LSTM(3, 4, batch_first=True, bidirectional=True), fc=L(8, 2)), "ntc 3 5", "1 01")
    case("lstm_first", Fn(lambda m, x: m.fc(m.lstm(x)[0][:, 0]), lstm=nn.LSTM(3, 4, batch_first=True, bidirectional=True), fc=L(8, 2)), "ntc 3 5", "1 01")
    case("lstm_time_first", Fn(lambda m, x: m.fc(m.lstm(x)[0][-1]), lstm=nn.LSTM(3, 4), fc=L(4, 2)), "tnc 3 5", "1 01")
    case("lstm_flatten", Fn(lambda m, x: m.fc(m.lstm(x)[0].reshape(x.shape[0], -1)), lstm=nn.LSTM(3, 4, batch_first=True), fc=L(20, 2)), "ntc 3 5", "1 01")
    case("lstm_mean", Fn(lambda m, x: m.fc(m.lstm(x)[0].mean(1)), lstm=nn.LSTM(3, 4, batch_first=True), fc=L(4, 2)), "ntc 3 5", "1 01")
    case("lstm_steps", Fn(lambda m, x: m.b(torch.tanh(m.a(m.lstm(x)[0]))), lstm=nn.LSTM(3, 4, batch_first=True), a=L(4, 5), b=L(5, 2)), "ntc 3 5", "5 021")
    case("rnn", Fn(lambda m, x: m.fc(m.rnn(x)[0]), rnn=nn.RNN(3, 4, num_layers=2, batch_first=True, bidirectional=True), fc=L(8, 2)), "ntc 3 5", "5 021")
    case("rnn_relu", Fn(lambda m, x: m.fc(m.rnn(x)[1][0]), rnn=nn.RNN(3, 4, nonlinearity="relu", batch_first=True), fc=L(4, 2)), "ntc 3 5", "1 01")
    case("conv_lstm", Fn(lambda m, x: m.fc(m.lstm(torch.relu(m.conv(x)).transpose(1, 2))[0][:, -1]), conv=nn.Conv1d(3, 4, 3), lstm=nn.LSTM(4, 5, batch_first=True), fc=L(5, 2)), "nct 3 7", "1 01")
    case("steps_of_linear", nn.Sequential(L(3, 6), nn.ReLU(), L(6, 2)), "ntc 3 5", "5 021")
    case("embedding_mean", Fn(lambda m, x: m.fc(m.e(x).mean(dim=1)), e=nn.Embedding(11, 4, padding_idx=2), fc=L(4, 2)), "tokens 11 6", "1 01")
    case("embedding_single", Fn(lambda m, x: m.fc(torch.tanh(m.e(x))), e=nn.Embedding(11, 4), fc=L(4, 2)), "token 11", "1 01")
    case("dropout_eval", nn.Sequential(L(5, 8), nn.Dropout(.3), L(8, 2)), "ff 5", "1 01", steps=0)
    case("dropout2d_eval", nn.Sequential(C(2, 3, 2), nn.Dropout2d(.3), nn.Flatten(), L(36, 2)), "image 4 5 2", "1 01", steps=0)
    case("module_twice", Fn(lambda m, x: m.b(torch.tanh(m.a(torch.tanh(m.a(torch.tanh(m.a(x))))))), a=L(5, 5), b=L(5, 2)), "ff 5", "1 01")
    case("siamese", Fn(lambda m, x, y: m.fc(m.conv(x) * m.conv(y)), conv=nn.Sequential(C(2, 3, 3), nn.ReLU(), nn.Flatten(), L(18, 4)), fc=L(4, 2)), "image 4 5 2;image 4 5 2", "1 01")
    case("tied_embedding", Fn(lambda m, x: F.linear(m.lstm(m.e(x))[0], m.e.weight), e=nn.Embedding(7, 4), lstm=nn.LSTM(4, 4, batch_first=True)), "tokens 7 5", "5 021")
    case("lstm_twice", Fn(lambda m, x: m.fc(m.lstm(m.lstm(x)[0])[0]), lstm=nn.LSTM(4, 4, batch_first=True), fc=L(4, 2)), "ntc 4 5", "5 021")
    case("bilstm_twice", Fn(lambda m, x: m.fc(m.lstm(m.lstm(x)[0])[0]), lstm=nn.LSTM(4, 2, batch_first=True, bidirectional=True), fc=L(4, 2)), "ntc 4 5", "5 021")
    case("output_is_tied", Fn(lambda m, x: m.a(torch.tanh(m.a(x))), a=L(5, 5)), "ff 5", "1 01")
    case("unused", Fn(lambda m, x: m.a(x), a=L(5, 2), b=L(7, 7)), "ff 5", "1 01")

    for a, name in ((nn.GELU(), "gelu"), (nn.GELU("tanh"), "gelu_tanh"), (nn.Hardswish(), "hardswish"), (nn.Hardsigmoid(), "hardsigmoid"), (nn.LeakyReLU(.2), "leaky_relu_slope")):
        case(name, nn.Sequential(L(6, 8), a, L(8, 3)), "ff 6", "1 01")
    case("functional_activations", Fn(lambda m, x: m.b(F.gelu(m.a(x)) + F.hardswish(m.a2(x)) * F.hardsigmoid(F.leaky_relu(m.a3(x), .3))), a=L(6, 8), a2=L(6, 8), a3=L(6, 8), b=L(8, 3)), "ff 6", "1 01")
    case("gelu_of_pictures", nn.Sequential(C(2, 4, 3), nn.GELU(), C(4, 3, 3), nn.Hardswish(), nn.Flatten(), L(18, 2)), "image 6 7 2", "1 01")
    case("grouped", nn.Sequential(C(4, 6, 3, groups=2, stride=2, padding=1), nn.ReLU(), C(6, 9, 3, groups=3, padding=2, dilation=2, bias=False), nn.Flatten(), L(9 * 9, 2)), "image 5 6 4", "1 01")
    case("layer_norm", nn.Sequential(L(5, 4), nn.LayerNorm(4), nn.Tanh(), L(4, 2), nn.LayerNorm(2, eps=1e-2, elementwise_affine=False)), "ff 5", "1 01")
    case("layer_norm_functional", Fn(lambda m, x: m.b(F.layer_norm(torch.tanh(m.a(x)), (6,), m.ln.weight, m.ln.bias)), a=L(5, 6), ln=nn.LayerNorm(6), b=L(6, 2)), "ff 5", "1 01")
    case("layer_norm_sequence", nn.Sequential(L(3, 6), nn.LayerNorm(6), nn.GELU(), L(6, 2)), "ntc 3 5", "5 021")
    case("layer_norm_time_first", Fn(lambda m, x: m.fc(m.ln(m.lstm(x)[0])[-1]), lstm=nn.LSTM(3, 4), ln=nn.LayerNorm(4), fc=L(4, 2)), "tnc 3 5", "1 01")
    case("layer_norm_of_pixels", Fn(lambda m, x: m.fc(m.ln(m.conv(x).permute(0, 2, 3, 1)).permute(0, 3, 1, 2).flatten(1)), conv=C(2, 3, 2), ln=nn.LayerNorm(3), fc=L(36, 2)), "image 4 5 2", "1 01")
    case("bn_decayed", nn.Sequential(C(2, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), L(48, 5), nn.BatchNorm1d(5), nn.Tanh(), L(5, 3)), "image 6 5 2", "1 01", decay=.1)
    case("layer_norm_decayed", nn.Sequential(L(3, 6), nn.LayerNorm(6), nn.GELU(), L(6, 2)), "ntc 3 5", "5 021", decay=.1)
    mha = lambda **k: nn.MultiheadAttention(8, k.pop("heads", 2), **k)
    case("attention", Fn(lambda m, x: m.a(x, x, x)[0], a=mha(batch_first=True)), "ntc 8 5", "5 021")
    case("attention_time_first", Fn(lambda m, x: m.fc(m.a(x, x, x, need_weights=False)[0].mean(0)), a=mha(heads=4), fc=L(8, 2)), "tnc 8 5", "1 01")
    case("attention_without_bias", Fn(lambda m, x: m.fc(m.a(x, x, x)[0]), a=mha(batch_first=True, bias=False), fc=L(8, 2)), "ntc 8 5", "5 021")
    case("attention_one_head", Fn(lambda m, x: m.fc(m.a(x, x, x)[0]), a=mha(heads=1, batch_first=True), fc=L(8, 2)), "ntc 8 5", "5 021")
    case("attention_heads_of_one", Fn(lambda m, x: m.fc(m.a(x, x, x)[0]), a=mha(heads=8, batch_first=True), fc=L(8, 2)), "ntc 8 5", "5 021")
    case("attention_by_hand", Fn(own_attention, qkv=L(6, 18), proj=L(6, 6)), "ntc 6 5", "5 021")
    case("attention_by_hand_flat", Fn(flat_attention, qkv=L(6, 18), proj=L(6, 6)), "ntc 6 5", "5 021")
    case("attention_twice", Fn(lambda m, x: (lambda y: m.fc(m.a(y, y, y)[0]))(torch.tanh(m.a(x, x, x)[0])), a=mha(batch_first=True), fc=L(8, 2)), "ntc 8 5", "5 021")
    for name, options in (("post", {}), ("pre", {"norm_first": True, "activation": "gelu"})):
        layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0, batch_first=True, **options)
        case("encoder_layer_" + name, nn.Sequential(layer, L(8, 3)), "ntc 8 5", "5 021")
    case("encoder_traced_in_training", nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, dropout=0, batch_first=True), 2), "ntc 8 5", "5 021", train=True)
    case("encoder_time_first", nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 4, 12, dropout=0), 2, nn.LayerNorm(8)), "tnc 8 5", "5 120")
    case("encoder_dropout_eval", nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), "ntc 8 5", "5 021", steps=0)
    case("text_encoder", Fn(lambda m, x: m.fc(m.ln(m.enc(m.e(x))).mean(1)), e=nn.Embedding(11, 8), enc=nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, dropout=0, batch_first=True, activation="gelu"), 2), ln=nn.LayerNorm(8), fc=L(8, 2)), "tokens 11 6", "1 01")
    case("picture_encoder", Fn(lambda m, x: m.fc(m.enc(m.patches(x).flatten(2).transpose(1, 2)).mean(1)), patches=C(2, 8, 3, 3), enc=nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, dropout=0, batch_first=True, norm_first=True), 2, nn.LayerNorm(8)), fc=L(8, 2)), "image 6 9 2", "1 01")

    bert = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, dropout=0, batch_first=True, activation="gelu"), 2)
    case("bert", Fn(lambda m, x: m.fc(m.enc(m.ln(m.e(x) + m.p(torch.arange(x.size(1)))))), e=nn.Embedding(11, 8), p=nn.Embedding(9, 8), ln=nn.LayerNorm(8), enc=bert, fc=L(8, 3)), "tokens 11 6", "6 021", decay=.01)
    vit = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, dropout=0, batch_first=True, norm_first=True, activation="gelu"), 2, nn.LayerNorm(8))
    case("vit", Vit(vit), "image 6 9 2", "1 01")

    case("activated_input", Fn(lambda m, x: m.b(torch.sigmoid(x)) + m.a(x), a=L(6, 3), b=L(6, 3)), "ff 6", "1 01")
    case("activated_view_of_input", Fn(lambda m, x: m.b(torch.tanh(x.flatten(1))) + m.a(x).flatten(1), a=C(2, 1, 1), b=L(24, 12)), "image 3 4 2", "1 01")
    case("subtracted_from", Fn(lambda m, x: m.b(torch.rsub(torch.tanh(m.a(x)), 1., alpha=2)), a=L(6, 8), b=L(8, 3)), "ff 6", "1 01")
    case("changed_in_place", nn.Sequential(C(2, 3, 2), nn.Flatten(), nn.ReLU(inplace=True), L(36, 2)), "image 4 5 2", "1 01")
    case("untrained", Untrained(), "image 4 5 2", "1 01", steps=0)
    case("dropout_traced_in_training", nn.Sequential(L(5, 8), nn.Dropout(.3), L(8, 2)), "ff 5", "1 01", steps=0, train=True)
    case("prelu", nn.Sequential(L(6, 8), nn.PReLU(), L(8, 5), nn.PReLU(5), L(5, 3)), "ff 6", "1 01", decay=.1)
    case("prelu_of_pictures", nn.Sequential(C(2, 4, 3), nn.PReLU(4, init=-.5), C(4, 3, 3), nn.PReLU(), nn.Flatten(), L(18, 2)), "image 6 7 2", "1 01")
    case("prelu_of_sequences", nn.Sequential(nn.Conv1d(3, 4, 3), nn.PReLU(4), nn.Conv1d(4, 2, 1)), "nct 3 9", "7 012")
    case("prelu_of_steps", nn.Sequential(L(3, 6), nn.PReLU(), L(6, 2)), "ntc 3 5", "5 021")
    case("prelu_twice", Fn(lambda m, x: m.c(m.p(m.b(m.p(m.a(x))))), a=L(6, 8), b=L(8, 5), c=L(5, 3), p=nn.PReLU()), "ff 6", "1 01")
    for mode in ("sum", "mean"):
        case("embedding_bag_" + mode, nn.Sequential(nn.EmbeddingBag(11, 4, mode=mode), L(4, 2)), "tokens 11 6", "1 01")

    case("softplus_beyond", nn.Sequential(L(6, 8), nn.Softplus(), Fn(lambda m, x: x * 3e4), nn.Softplus(), Fn(lambda m, x: x * 3e-5), L(8, 3)), "ff 6", "1 01")
    case("softplus_beta", Fn(lambda m, x: m.b(F.softplus(m.a(x) * 4, 1.5, 3)), a=L(6, 8), b=L(8, 3)), "ff 6", "1 01")
    case("lstm_of_one_storage", Fn(lambda m, x: m.fc(m.lstm(x)[0][:, -1]), lstm=in_one_storage(nn.LSTM(3, 4, batch_first=True)), fc=L(4, 2)), "ntc 3 5", "1 01")
    case("type_of_the_model", Fn(lambda m, x: m.b(F.softmax(m.a(x).mean((2, 3), dtype=torch.float64).double(), 1, dtype=torch.float64).type_as(m.b.weight)), a=C(2, 5, 1), b=L(5, 3)), "image 3 4 2", "1 01")
    case("part_changed_in_place", Fn(lambda m, x: (lambda y: (lambda a, b: m.b(F.relu(a, inplace=True)) + m.c(b))(y[:, :4], y[:, 4:]))(m.a(x)), a=L(6, 8), b=L(4, 3), c=L(4, 3)), "ff 6", "1 01")

    refuse("prelu_of_steps", nn.Sequential(L(3, 5), nn.PReLU(5), L(5, 2)), "ntc 3 5", "1 torch.prelu channel")
    refuse("bag_max", nn.Sequential(nn.EmbeddingBag(11, 4, mode="max"), L(4, 2)), "tokens 11 6", "0 torch.embedding_bag mean")
    refuse("bag_padded", nn.Sequential(nn.EmbeddingBag(11, 4, padding_idx=0), L(4, 2)), "tokens 11 6", "0 torch.embedding_bag padding_idx")

    refuse("gru", Fn(lambda m, x: m.gru(x)[0], gru=nn.GRU(3, 4, batch_first=True)), "ntc 3 5", "gru torch.gru")
    refuse("output_padding", nn.Sequential(nn.ConvTranspose2d(2, 3, 3, 2, output_padding=1)), "image 5 5 2", "0 torch._convolution output_padding")
    refuse("elu", nn.Sequential(L(5, 4), nn.ELU(.5)), "ff 5", "1 torch.elu")
    refuse("pool1d_padding", nn.Sequential(nn.Conv1d(2, 3, 1), nn.AvgPool1d(3, 1, 1)), "nct 2 5", "1 torch.avg_pool1d")
    refuse("ceil_mode", nn.Sequential(C(2, 3, 1), nn.MaxPool2d(3, 2, ceil_mode=True)), "image 6 6 2", "1 torch.max_pool2d ceil_mode")
    refuse("one_axis", Fn(lambda m, x: m.fc(x.mean(2).mean(2)), fc=L(2, 2)), "image 4 5 2", "torch.mean")
    refuse("bn_twice", Fn(lambda m, x: m.fc(m.bn(torch.tanh(m.bn(x)))), bn=nn.BatchNorm1d(5), fc=L(5, 2)), "ff 5", "bn torch.batch_norm bn.weight")
    refuse("tied_conv_and_linear", Fn(lambda m, x: F.linear(torch.relu(m.conv(x)).mean((2, 3)), m.conv.weight.view(3, 2)), conv=C(3, 2, 1)), "image 4 5 3", "torch.view")
    refuse("fixed_batch", Fn(lambda m, x: m.fc(x.view(4, 12)), fc=L(12, 2)), "image 2 3 2", "torch.view batch")
    refuse("softmax_of_batch", nn.Sequential(L(5, 4), nn.Softmax(0)), "ff 5", "1 torch.softmax")
    refuse("cell_state", Fn(lambda m, x: m.fc(m.lstm(x)[1][1][-1]), lstm=nn.LSTM(3, 4, batch_first=True), fc=L(4, 2)), "ntc 3 5", "torch.select not give")
    refuse("initial_state", Fn(lambda m, x: m.lstm(x, (torch.ones(1, 4, 4), torch.ones(1, 4, 4)))[0], lstm=nn.LSTM(3, 4, batch_first=True)), "ntc 3 5", "torch.ones")
    refuse("packed", Fn(lambda m, x: m.lstm(nn.utils.rnn.pack_padded_sequence(x, torch.tensor([5, 4, 3, 2]), batch_first=True))[1][0][-1], lstm=nn.LSTM(3, 4, batch_first=True)), "ntc 3 5", "pack_padded_sequence")
    refuse("constant", Fn(lambda m, x: m.fc(x) + torch.tensor([1., 2.]), fc=L(5, 2)), "ff 5", "torch.add CONSTANTS")
    refuse("detached", Fn(lambda m, x: m.b(m.a(x).detach()), a=L(5, 4), b=L(4, 2)), "ff 5", "torch.detach")
    refuse("lstm_without_bias", Fn(lambda m, x: m.lstm(x)[0], lstm=nn.LSTM(3, 4, bias=False, batch_first=True)), "ntc 3 5", "lstm torch.lstm")
    refuse("scripted", nn.Sequential(L(5, 4), nn.ReLU()), "ff 5", "1 __torch__", script=torch.jit.script)
    refuse("frozen", nn.Sequential(L(5, 4), nn.ReLU()), "ff 5", "freeze", script=lambda m: torch.jit.freeze(torch.jit.trace(m.eval(), torch.randn(4, 5))))
    refuse("reflected", nn.Sequential(nn.ReflectionPad2d(1), C(2, 3, 3)), "image 5 5 2", "0 torch.pad")
    refuse("groupnorm", nn.Sequential(C(2, 4, 3), nn.GroupNorm(2, 4)), "image 5 5 2", "1 torch.group_norm")
    mask = torch.triu(torch.full((5, 5), -torch.inf), 1)
    refuse("attention_masked", Fn(lambda m, x: m.a(x, x, x, attn_mask=mask)[0], a=mha(batch_first=True)), "ntc 8 5", "a torch.unsqueeze constant")
    refuse("attention_to_another", Fn(lambda m, x, y: m.a(x, y, y)[0], a=mha(batch_first=True)), "ntc 8 5;ntc 8 4", "a torch.")
    refuse("attention_scaled_otherwise", Fn(lambda m, x: (lambda q, k, v: m.proj((q @ k.transpose(1, 2)).softmax(-1) @ v))(*m.qkv(x).chunk(3, -1)), qkv=L(6, 18), proj=L(6, 6)), "ntc 6 5", "torch.matmul scores")
    refuse("positions_of_a_part", Fn(lambda m, x: x + m.p(torch.arange(1, 6)), p=nn.Embedding(9, 8)), "ntc 8 5", "torch.arange")
    refuse("multiplied_by_parameter", Own2(), "ff 5", "torch.mul scale")
    refuse("quotient_rounded", Fn(lambda m, x: torch.div(m.a(x), .3, rounding_mode="floor"), a=L(6, 8)), "ff 6", "torch.div rounds")
    refuse("whole_numbers", Fn(lambda m, x: m.b(m.a(x).mul(3).long().double()), a=L(6, 8), b=L(8, 3)), "ff 6", "torch.to float64")
    refuse("changed_through_a_view", Fn(lambda m, x: (lambda y: m.b(F.relu(y[:, :4], inplace=True)) + m.c(y))(m.a(x)), a=L(6, 8), b=L(4, 3), c=L(8, 3)), "ff 6", "torch.relu_ view")
    refuse("flattened_sequence", nn.Sequential(nn.Flatten(), L(15, 3)), "nct 3 5", "feedForward different")
    views = lambda part, b: with_weight(Fn(lambda m, x: m.fc(m.b(torch.tanh(m.a(x))[:, :b.in_features])), a=L(5, 8), b=b, fc=L(b.out_features, 2)), part)
    refuse("tied_transposed", views(lambda w: w.t(), L(8, 5)), "ff 5", "a.weight b.weight")
    refuse("tied_rows", views(lambda w: w[:4], L(5, 4)), "ff 5", "a.weight b.weight")
    refuse("mean_in_float32", Fn(lambda m, x: m.fc(x.mean((2, 3), dtype=torch.float32).double()), fc=L(2, 2)), "image 4 5 2", "torch.mean float32 float64")
    refuse("softmax_in_float32", Fn(lambda m, x: m.b(F.softmax(m.a(x), 1, dtype=torch.float32).double()), a=L(6, 8), b=L(8, 3)), "ff 6", "torch.softmax float32 float64")
    refuse("attention_in_float32", Fn(lambda m, x: (lambda q, k, v: m.proj((q @ k.transpose(1, 2) / 6 ** .5).softmax(-1, dtype=torch.float32).type_as(v) @ v))(*m.qkv(x).chunk(3, -1)), qkv=L(6, 18), proj=L(6, 6)), "ntc 6 5", "torch.softmax float32 float64")
    refuse("float32_between", Fn(lambda m, x: m.b(m.a(x).float().double()), a=L(6, 8), b=L(8, 3)), "ff 6", "torch.to float32 float64")
    refuse("float32_as_another", Fn(lambda m, x: m.b(m.a(x).type_as(m.single).double()), a=L(6, 8), b=L(8, 3), single=nn.Parameter(torch.ones(1, dtype=torch.float32))), "ff 6", "torch.type_as float32 float64")
    refuse("states_squeezed", Fn(lambda m, x: m.fc(m.lstm(x)[1][0].squeeze()), lstm=nn.LSTM(3, 4, batch_first=True), fc=L(4, 2)), "ntc 3 5", "torch.squeeze squeeze(0)")
    refuse("changed_beside", Fn(lambda m, x: (lambda y: (lambda a, b: m.b(F.relu(a, inplace=True)) + m.c(b))(y[:, :4], y[:, 2:]))(m.a(x)), a=L(6, 8), b=L(4, 3), c=L(6, 3)), "ff 6", "torch.relu_ view")
    refuse("cell_state_added", Fn(lambda m, x: (lambda h, c: m.fc(h[-1] + c[-1]))(*m.lstm(x)[1]), lstm=nn.LSTM(3, 4, batch_first=True), fc=L(4, 2)), "ntc 3 5", "torch.select not give")
    refuse("states_handed_on", Fn(lambda m, x: m.b(m.a(x)[0], m.a(x)[1])[0], a=nn.LSTM(3, 4, batch_first=True), b=nn.LSTM(4, 4, batch_first=True)), "ntc 3 5", "b torch.lstm initial state")
    refuse("zeros_added", Fn(lambda m, x: m.a(x) + torch.zeros(x.size(0), 4), a=L(6, 4)), "ff 6", "torch.add initial")

    open(os.path.join(HERE, "cases.csv"), "w").write("\n".join(CASES) + "\n")
    open(os.path.join(HERE, "refused.csv"), "w").write("\n".join(REFUSED) + "\n")


class Vit(nn.Module):
    def __init__(self, encoder):
        super().__init__()
        self.patches = nn.Conv2d(2, 8, 3, 3)
        self.position = nn.Parameter(torch.randn(1, 6, 8) / 2)
        self.encoder = encoder
        self.fc = nn.Linear(8, 2)

    def forward(self, x):
        return self.fc(self.encoder(self.patches(x).flatten(2).transpose(1, 2) + self.position).mean(1))


class Untrained(nn.Module):
    """A filter that is no parameter, and a layer that is frozen."""

    def __init__(self):
        super().__init__()
        self.register_buffer("blur", torch.ones(3, 2, 2, 2) / 8)
        self.frozen = nn.Linear(3, 4).requires_grad_(False)
        self.fc = nn.Linear(4, 2)

    def forward(self, x):
        return self.fc(torch.tanh(self.frozen(F.conv2d(x, self.blur).mean((2, 3)))))


class Own2(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(5))

    def forward(self, x):
        return x * self.scale


if __name__ == "__main__":
    torch.manual_seed(7)
    main()
