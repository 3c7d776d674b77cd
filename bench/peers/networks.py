"""PyTorch's side of gru_epoch, lstm_epoch, cnn_epoch and gru_latency.

    networks.py NAME CODES DAYS LABELS THREADS      the data as bench/networks.c wrote it

peer NAME SECONDS form=...; the fastest of three epochs, the fastest of five times 100 sequences.
"""
import sys
import time
import warnings

import numpy as np
import torch
from torch import nn

name, codes_file, days_file, labels_file, threads = *sys.argv[1:5], int(sys.argv[5])
torch.set_num_threads(threads)
N, LENGTH, VOCABULARY, WIDE, HIDDEN, BATCH, CHANNELS, DAYS, KERNEL = 25600, 50, 1000, 32, 64, 256, 32, 90, 5
codes = np.fromfile(codes_file, np.uint32).astype(np.int64).reshape(N, LENGTH)
days = np.fromfile(days_file, np.float32).reshape(N, DAYS, -1)
labels = torch.from_numpy(np.fromfile(labels_file, np.uint32).astype(np.float32))


class Recurrent(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, WIDE)
        self.layer = layer(WIDE, HIDDEN)
        self.head = nn.Linear(HIDDEN, 1)

    def forward(self, x):  # [batch][length]; steps come first inside, which is PyTorch's faster order
        last = self.layer(self.embedding(x.t()))[1]
        last = last if torch.is_tensor(last) else last[0]
        return self.head(last[0])[:, 0]


class Convolution(nn.Module):
    def __init__(self):
        super().__init__()
        channels = days.shape[2]
        self.conv1 = nn.Conv1d(channels, CHANNELS, KERNEL, padding=KERNEL // 2)
        self.conv2 = nn.Conv1d(CHANNELS, CHANNELS, KERNEL, padding=KERNEL // 2)
        self.dense = nn.Linear(DAYS // 4 * CHANNELS, HIDDEN)
        self.head = nn.Linear(HIDDEN, 1)

    def forward(self, x):  # [batch][channels][days]
        y = torch.max_pool1d(torch.relu(self.conv1(x)), 2)
        y = torch.max_pool1d(torch.relu(self.conv2(y)), 2)
        return self.head(torch.relu(self.dense(y.flatten(1))))[:, 0]


def epoch(net, x):
    adam = torch.optim.Adam(net.parameters(), lr=0.002, fused=True)
    loss_of = nn.BCEWithLogitsLoss()
    best = 1e9
    for _ in range(3):
        order = torch.randperm(N)
        began = time.perf_counter()
        for first in range(0, N, BATCH):
            rows = order[first:first + BATCH]
            adam.zero_grad(set_to_none=True)
            loss = loss_of(net(x[rows]), labels[rows])
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            adam.step()
        best = min(best, time.perf_counter() - began)
    return best


def latency(net, x):
    torch.set_num_threads(1)  # faster than more for one sequence
    best = 1e9
    with torch.inference_mode():
        for _ in range(5):
            began = time.perf_counter()
            for i in range(100):
                net(x[i:i + 1])
            best = min(best, (time.perf_counter() - began) / 100)
    return best


sequences = torch.from_numpy(codes)
maps = torch.from_numpy(np.ascontiguousarray(days.transpose(0, 2, 1)))
if name == "gru_latency":
    gru = Recurrent(nn.GRU).eval()
    print("peer gru_latency %.9f form=eager" % latency(gru, sequences))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        traced = torch.jit.freeze(torch.jit.trace(gru, sequences[:1]))
    print("peer gru_latency %.9f form=traced" % latency(traced, sequences))
elif name == "cnn_epoch":
    print("peer cnn_epoch %.6f form=ncw" % epoch(Convolution(), maps))
else:
    print("peer %s %.6f form=steps-first" % (name, epoch(Recurrent(nn.LSTM if name == "lstm_epoch" else nn.GRU), sequences)))
