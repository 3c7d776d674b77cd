/* X(kind): each is an extern const pt_model_kind pt_<kind>_kind in src/project. In order of name. */
X(classify)
X(cluster)
X(lookalike)
X(recommend)
X(regress)
X(sequence)
X(survival)
X(value)
