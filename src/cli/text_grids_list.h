/* X(name, english, chinese): the texts of rfm, flow, regions, channels and pyramid. Included by text_list.h. */
X(OPT_GRID_SEGMENT, "only customers for whom this condition holds", "只看满足此条件的客户")
X(GRID_HIDDEN, "{0} groups of fewer than {1} customers are not shown\n", "另有 {0} 个分组不足 {1} 位客户，未列出\n")
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
X(LEVELS_NONE, "nobody has a value of '{0}'\n", "没有客户有“{0}”的取值\n")
X(OPT_REGIONS_LEVEL, "down to this level (default: province)", "细分到哪一级（默认：province，即省份）")
X(OPT_REGIONS_TAG, "the tag of that level", "该级所用的标签")
X(REGIONS_SUMMARY, "where customers are: country, province, city, county", "客户来自哪里：国家、省份、城市、区县")
X(REGIONS_ABOUT,
  "Counts customers by region as of the last build, a city below its province. With --segment, beside the share of the "
  "members stands that of all customers, and the TGI: share among members / share of all x 100, so that 120 means a fifth "
  "more than usual. Which tags say region follows from the catalogue's names (docs/grids.md).",
  "以上次构建为准，按地域统计客户数，城市列在所属省份之下。给出 --segment 时，成员占比旁边列出总体占比和 TGI（成员占比 / 总体占比 × "
  "100，120 即比总体高两成）。地域取自哪些标签，由目录中的模板名决定（见 docs/grids.md）。")
X(OPT_CHANNEL, "the tag for channel (default: acquisition_channel)", "渠道标签（默认：acquisition_channel）")
X(OPT_SUB_CHANNEL, "the tag for sub-channel (default: acquisition_sub_channel)",
  "子渠道标签（默认：acquisition_sub_channel）")
X(OPT_CAMPAIGN, "the tag for campaign (default: acquisition_campaign)", "活动标签（默认：acquisition_campaign）")
X(CHANNELS_SUMMARY, "where customers come from: channel, sub-channel, campaign", "客户的来源：渠道、子渠道、活动")
X(CHANNELS_ABOUT,
  "Counts customers by the channel that brought them as of the last build: sub-channels below their channel, campaigns "
  "below those; levels that the project has no tag for are left out. With --segment, beside the share of the members "
  "stands that of all customers, and the TGI: share among members / share of all x 100.",
  "以上次构建为准，按来源渠道统计客户数：子渠道列在渠道之下，活动列在子渠道之下；项目没有对应标签的层级略去。给出 --segment "
  "时，成员占比旁边列出总体占比和 TGI（成员占比 / 总体占比 × 100）。")
