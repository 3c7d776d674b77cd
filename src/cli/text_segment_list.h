/* X(name, english, chinese): the texts of segments. Included by text_list.h. */
X(CHANGE_SEGMENT, "segment", "人群")
X(SEGMENT_UNKNOWN_IDS, "segment {0}: {1} of {2} ids belong to no customer\n", "人群 {0}：{2} 个标识中有 {1} 个不属于任何客户\n")
