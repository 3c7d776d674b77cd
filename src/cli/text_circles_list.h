/* Texts of circles. No include guard: included as a list. */
X(BUILD_CIRCLE, "  {0}: {2} of several customers (the largest has {3}); {1} customers have what it asks for\n",
  "  {0}：{2} 个不止一位客户（最大的有 {3} 位）；{1} 位客户有相应信息\n")
X(BUILD_CIRCLE_LEFT, "  {0}: {1} values are shared by more than {2} customers, or would join more, and were left out\n",
  "  {0}：{1} 个值的客户超过或会超过 {2} 位，不作为依据\n")
X(OPT_EXPORT_PURPOSE, "for this purpose: each person once, sure identifiers alone",
  "用于 identity.yaml 中的这一用途：每人一行，只用足够确定的标识")
X(OPT_EXPORT_IDENTIFIERS, "the strongest identifiers of these types too", "增加这些类型中最强的标识，用于触达客户")
X(OPT_SHOW_PURPOSE, "what this purpose withholds, and who is the same person for it",
  "说明 identity.yaml 中的这一用途不使用哪些标识，以及哪些客户视为同一人")
X(SHOW_PURPOSE, "for the purpose {0}: {1} identifiers may be used, {2} are withheld\n",
  "用途 {0}：可用标识 {1} 个，不可用 {2} 个\n")
X(SHOW_PURPOSE_PERSON, "for the purpose {0} the same person as {1}\n", "用途 {0}：与 {1} 视为同一人\n")
