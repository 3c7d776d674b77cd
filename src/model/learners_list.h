/* X(learner): each is an extern const pt_learner pt_<learner>_learner in src/model/<learner>.c. In order of name. */
X(majority)
X(logistic)
X(kmeans)
X(tree)
X(svm)
X(xgboost)
