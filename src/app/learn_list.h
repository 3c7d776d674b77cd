/* X(task): each is an extern const pt_learn_kind pt_learn_<task> in src/app/learn_<task>.c. In order of name. */
X(classify)
X(cluster)
X(lookalike)
X(recommend)
X(regress)
X(sequence)
X(survival)
X(value)
