/* Statistics of the base and the mechanics of tags. */
X(OPT_BASE, "statistics of the base (base.txt of a build); default: those of the last build",
  "总体统计文件（某次构建的 base.txt）；默认取上次构建的")
