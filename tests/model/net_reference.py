#!/usr/bin/env python3
"""Loss curves of PyTorch for test_net_reference.c: 50 steps of Adam from the same weights on the same batches.

    python3 net_reference.py > net_reference_data.h        (PyTorch 2.15.0)

Weights and examples follow from a hash of their number, which the test works out likewise. Sequences have different lengths
(packed sequences); weights are laid out as src/model/net_rnn.h and net_conv.h say and turned into PyTorch's layouts here.
"""
import numpy as np
import torch
from torch import nn

torch.set_num_threads(1)
N, BATCH, STEPS, CODES, WIDE, NUMBERS, STATICS, HIDDEN, LENGTH = 256, 64, 50, 30, 6, 2, 3, 20, 12
CHANNELS, KERNEL, DAYS = 8, 5, 22


def draw(n, key):
    x = (np.arange(n, dtype=np.uint64) * 2654435761 + key * 40503) & 0xFFFFFFFF
    x ^= x >> np.uint64(15)
    x = (x * np.uint64(2246822519)) & 0xFFFFFFFF
    x ^= x >> np.uint64(13)
    x = (x * np.uint64(3266489917)) & 0xFFFFFFFF
    x ^= x >> np.uint64(16)
    return x.astype(np.float64) / 4294967296.0


def weights(rows, columns, key, scale):
    return torch.tensor(((draw(rows * columns, key) * 2 - 1) * scale).astype(np.float32).reshape(rows, columns))


def examples(length, days, outputs):
    lengths = np.full(N, days) if days else (draw(N, 90) * (length + 1)).astype(int)
    events = int(lengths.sum())
    codes = (draw(events, 91) * CODES).astype(np.int64)
    numbers = (draw(events * NUMBERS, 92) * 4 - 2).astype(np.float32).reshape(events, NUMBERS)
    statics = (draw(N * STATICS, 93) * 2 - 1).astype(np.float32).reshape(N, STATICS)
    labels = (draw(N, 94) * max(outputs, 2)).astype(np.int64)
    at = np.concatenate([[0], np.cumsum(lengths)])
    return lengths, at, codes, numbers, statics, labels


def bands(w, order, hidden):
    """Columns of the layout in C, in blocks of `hidden`, in PyTorch's order."""
    return torch.cat([w[:, b * hidden:(b + 1) * hidden] for b in order], 1).t().contiguous()


class Net(nn.Module):
    def __init__(self, kind, outputs):
        super().__init__()
        wide = WIDE + NUMBERS
        self.kind = kind
        self.embedding = nn.Embedding(CODES, WIDE)
        self.embedding.weight.data = weights(CODES, WIDE, 12, 1.0)
        if kind == "cnn":
            self.conv1 = nn.Conv1d(wide, CHANNELS, KERNEL, padding=KERNEL // 2)
            self.conv2 = nn.Conv1d(CHANNELS, CHANNELS, KERNEL, padding=KERNEL // 2)
            flat = DAYS // 2 // 2 * CHANNELS
            self.dense = nn.Linear(flat, HIDDEN)
            for layer, w, key in ((self.conv1, wide, 4), (self.conv2, CHANNELS, 6)):
                layer.weight.data = weights(KERNEL * w, CHANNELS, key, 0.3).reshape(KERNEL, w, CHANNELS).permute(2, 1, 0).contiguous()
                layer.bias.data = weights(1, CHANNELS, key + 1, 0.1)[0]
            # C: places by channels, PyTorch: channels by places
            d = weights(flat, HIDDEN, 8, 0.2).reshape(-1, CHANNELS, HIDDEN).permute(1, 0, 2).reshape(flat, HIDDEN)
            self.dense.weight.data = d.t().contiguous()
            self.dense.bias.data = weights(1, HIDDEN, 9, 0.1)[0]
        else:
            blocks = 3 if kind == "gru" else 4
            of_x, of_h = ((1, 2, 0), (0, 1, 2)) if kind == "gru" else (range(4), range(4))
            self.rnn = (nn.GRU if kind == "gru" else nn.LSTM)(wide, HIDDEN, batch_first=True)
            self.rnn.weight_ih_l0.data = bands(weights(wide, blocks * HIDDEN, 0, 0.2), of_x, HIDDEN)
            self.rnn.weight_hh_l0.data = bands(weights(HIDDEN, blocks * HIDDEN, 1, 0.2), of_h, HIDDEN)
            self.rnn.bias_ih_l0.data = bands(weights(1, blocks * HIDDEN, 2, 0.2), of_x, HIDDEN)[:, 0].contiguous()
            self.rnn.bias_hh_l0.data = bands(weights(1, blocks * HIDDEN, 3, 0.2), of_h, HIDDEN)[:, 0].contiguous()
        self.head = nn.Linear(HIDDEN + STATICS, outputs)
        self.head.weight.data = weights(HIDDEN + STATICS, outputs, 10, 0.2).t().contiguous()
        self.head.bias.data = weights(1, outputs, 11, 0.2)[0]

    def forward(self, x, lengths, statics):
        if self.kind == "cnn":
            y = torch.relu(self.conv1(x.transpose(1, 2)))
            y = torch.relu(self.conv2(torch.max_pool1d(y, 2)))
            state = torch.relu(self.dense(torch.max_pool1d(y, 2).flatten(1)))
        else:
            state = torch.zeros(len(lengths), HIDDEN)
            some = torch.tensor(np.nonzero(lengths)[0])
            packed = nn.utils.rnn.pack_padded_sequence(x[some], torch.tensor(lengths)[some], batch_first=True,
                                                       enforce_sorted=False)
            last = self.rnn(packed)[1]
            last = last if self.kind == "gru" else last[0]
            state = state.index_put((some,), last[0])
        return self.head(torch.cat([state, statics], 1))


def curve(kind, outputs):
    lengths, at, codes, numbers, statics, labels = examples(LENGTH, DAYS if kind == "cnn" else 0, outputs)
    net = Net(kind, outputs)
    adam = torch.optim.Adam(net.parameters(), lr=0.01)
    most, losses = int(lengths.max()), []
    for step in range(STEPS):
        rows = np.arange(step * BATCH, (step + 1) * BATCH) % N
        c = np.zeros((BATCH, most), np.int64)
        v = np.zeros((BATCH, most, NUMBERS), np.float32)
        for i, r in enumerate(rows):
            c[i, :lengths[r]] = codes[at[r]:at[r + 1]]
            v[i, :lengths[r]] = numbers[at[r]:at[r + 1]]
        x = torch.cat([net.embedding(torch.tensor(c)), torch.tensor(v)], 2)
        logits = net(x, lengths[rows], torch.tensor(statics[rows]))
        y = torch.tensor(labels[rows])
        if outputs == 1:
            loss = nn.functional.binary_cross_entropy_with_logits(logits[:, 0], y.float())
        else:
            loss = nn.functional.cross_entropy(logits, y)
        adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 0.5)
        adam.step()
        losses.append(float(loss.detach()))
    return losses


print("/* Made by net_reference.py with PyTorch %s. */" % torch.__version__)
for kind, outputs in (("gru", 1), ("gru", 4), ("lstm", 1), ("lstm", 4), ("cnn", 1), ("cnn", 4)):
    print("static const double %s_%d[] = {" % (kind, outputs))
    c = curve(kind, outputs)
    for i in range(0, STEPS, 5):
        print("    " + " ".join("%.8f," % v for v in c[i:i + 5]))
    print("};")
