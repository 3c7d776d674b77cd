/* X(name, english, chinese): the texts of rfm, flow, regions, channels and pyramid. Included by text_list.h. */
X(OPT_GRID_SEGMENT, "only customers for whom this condition holds", "只看满足此条件的客户")
X(GRID_HIDDEN, "{0} groups of fewer than {1} customers are not shown\n", "有{0}组不足{1}位客户，未列出\n")
X(GRID_YES, "yes", "是")
X(GRID_NO, "no", "否")
X(OPT_PYRAMID_AGE, "the tag for age: bands, or years (default: age_band, else age)",
  "表示年龄的标签：年龄段或岁数（默认：age_band，其次 age）")
X(OPT_PYRAMID_GENDER, "the tag for gender (default: gender)", "表示性别的标签（默认：gender）")
X(PYRAMID_SUMMARY, "ages by gender: the population pyramid", "年龄与性别：人口金字塔")
X(PYRAMID_ABOUT,
  "Draws how many customers of each age are men and women, back to back, as of the last build; those of another or no "
  "known gender stand apart. Shares are of all members. Which tags say age and gender follows from the catalogue's names "
  "(docs/grids.md), or from the options: any tag of two values may stand for gender.",
  "以上次构建为准，左右对照列出各年龄段的男女客户数；性别为其他值或未知的另列一栏。占比以全部成员为分母。年龄和性别取自哪些标签，"
  "由目录中的模板名决定（见 docs/grids.md），也可用选项指定：任何两值标签都可代替性别。")
X(PYRAMID_OTHER, "other or unknown", "其他或未知")
