X(OPT_CUSTOMERS, "how many invented customers (templates bank and b2b)", "虚构客户的数量（模板 bank 和 b2b）")
X(OPT_SEED, "another number makes other customers (default: 1)", "换一个数就换一批虚构客户（默认：1）")
X(INIT_DATA, "Its data is in data/: {0} invented customers, with the faults of real files.\n",
  "数据在 data/：{0} 个虚构客户，文件里有真实数据常见的毛病。\n")
