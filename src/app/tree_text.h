/* Rules of a decision tree as conditions of the language, and as the tiers of a tag. */
#ifndef PT_APP_TREE_TEXT_H
#define PT_APP_TREE_TEXT_H

#include "model/tree_rules.h"
#include "project/project.h"

/* "orders_90d <= 2.5 and (city is missing or city in ('北京'))"; true of whom the rule is about. "true" for a rule of no conditions. */
void pt_tree_when(pt_str *out, const pt_tree_rule *rule, const pt_project *p);
/* One condition of it. `alone`: without brackets. */
void pt_tree_term(pt_str *out, const pt_tree_condition *c, const pt_project *p, bool alone);
/* The type of the tag that a feature is of; PT_TYPE_NUMBER when the project no longer has it. */
pt_type pt_tree_type(const char *feature, const pt_project *p);
/* A tag, as YAML, whose tiers are the rules, in their order: each tier is named by `names[i]`, and `notes[i]` stands behind
 * it as a comment. */
void pt_tree_tiers(pt_str *out, const pt_tree_rule_set *rules, const char *tag, const pt_label *label,
                   const char *const *names, const char *const *notes, const pt_project *p);

#endif
