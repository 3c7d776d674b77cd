/* Shared by the files of the resolve stage: stage_resolve.c (the steps), resolve_sql.c (the statements),
 * resolve_decisions.c (what people decided), resolve_state.c (between tables and the graph). */
#ifndef PT_APP_RESOLVE_INT_H
#define PT_APP_RESOLVE_INT_H

#include "app/decisions.h"
#include "app/stage_resolve.h"

/* The identifier types of one source, strongest first. */
typedef struct resolve_types {
    const char *names[PT_ID_TYPES_MAX];
    size_t n;
} resolve_types;

/* Whether the first of two identifiers, each a type of the project's and a value, is the stronger (docs/identity.md, "Words"). */
bool resolve_is_stronger(const pt_project *p, uint32_t a_type, pt_sv a, uint32_t b_type, pt_sv b);
int resolve_type_of(const pt_project *p, pt_sv name); /* -1: the project has no such type */
bool resolve_has_customers(const pt_source *s);       /* events, records and links: whatever has identifiers */
void resolve_source_types(resolve_types *out, const pt_project *p, size_t source);
/* Appends the type, or the value, of the strongest identifier of a row of the table named `s`. */
void resolve_add_strongest(pt_sql *q, const resolve_types *t, bool value);
/* The column of `clean.<source>` with a row's identifier of a type; `table` may be NULL. */
void resolve_add_identifier(pt_sql *q, const char *table, const char *type);

/* --- statements --------------------------------------------------------------------------------------------------- */

pt_rc resolve_prepare(pt_conn *c, pt_err *err); /* schema, tables, view */
/* Fills temp.resolve_links and temp.resolve_lone: what the rows of all sources say now. */
pt_rc resolve_gather(const pt_project *p, pt_conn *c, pt_cancel *cancel, pt_err *err);
/* Compares them (the sure ones, or the others) with the links that stand, and appends to identity.edges and identity.withdrawn. */
pt_rc resolve_record(pt_resolve_stats *stats, bool sure, uint32_t build, pt_conn *c, pt_err *err);
pt_rc resolve_drop_gathered(pt_conn *c, pt_err *err);

/* --- decisions ---------------------------------------------------------------------------------------------------- */

#define RESOLVE_HAND "hand" /* in identity.edges: the source of links that people made */
#define RESOLVE_LINK "link" /* of links that follow from likenesses of records */

/* The decisions that stand, as text. */
void resolve_add_decisions(pt_str *out, const pt_decisions *d);
/* Adds those that two are the same to temp.resolve_links. */
pt_rc resolve_gather_decisions(const pt_decisions *d, const pt_project *p, pt_conn *c, pt_err *err);
/* The decisions that stand, into the graph. What is about a type that no source has any more waits until one does. */
pt_rc resolve_decide(pt_identity *g, const pt_decisions *d, const pt_project *p, pt_err *err);

/* --- tables and the graph ----------------------------------------------------------------------------------------- */

/* What the tables held, to write back only what changed. */
typedef struct resolve_state {
    pt_identity *graph;
    const pt_project *project;
    uint32_t *forward; /* by customer of earlier builds */
    uint32_t *home;    /* by node known before */
    size_t n_customers, n_nodes, cap_forward, cap_home;
    double least; /* score of links that are taken */
} resolve_state;

/* An empty graph with the project's identifier types and limits. */
pt_rc resolve_new_graph(pt_identity **out, const pt_project *p, pt_err *err);
/* Links with a score of at least `least`; 0: those that stand, else also likely ones. */
pt_rc resolve_load(resolve_state *s, const pt_project *p, const pt_decisions *d, double least, pt_conn *c,
                   pt_cancel *cancel, pt_err *err);
pt_rc resolve_save(const resolve_state *s, const pt_id_result *r, uint32_t build, pt_conn *c, pt_err *err);
void resolve_state_free(resolve_state *s);

/* --- likenesses ------------------------------------------------------------------------------------------------------ */

/* Links records, once sure links are recorded: adds what follows to temp.resolve_links, and fills identity.likely. *out is NULL
 * when the project does not link, or there is nothing to compare: stats->link_reason then says why. */
pt_rc resolve_link(pt_linking **out, pt_resolve_stats *stats, const pt_project *p, pt_conn *c,
                   const pt_linking_options *options, pt_arena *arena, pt_err *err);

/* --- purposes ------------------------------------------------------------------------------------------------------------ */

/* The purposes of identity.yaml, as text. */
void resolve_add_purposes(pt_str *out, const pt_identity_config *config);
/* Settles who is who for each purpose, after resolve_save and before what was gathered is dropped. `l` as resolve_link gave it. */
pt_rc resolve_purposes(const pt_project *p, const pt_decisions *d, const pt_linking *l, uint32_t build, pt_conn *c,
                       pt_cancel *cancel, pt_err *err);

#endif
