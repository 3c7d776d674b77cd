/* Texts of --version, man pages and completion. No include guard: read more than once. */
X(VERSION_NONE, "not found", "未找到")
