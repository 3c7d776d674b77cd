/* What the parts of the loader share: the project being built, and checked access to the fields of a mapping. A field
 * that does not fit is reported and left at its default, so that one reading finds every problem. */
#ifndef PT_PROJECT_LOAD_H
#define PT_PROJECT_LOAD_H

#include "base/intern.h"
#include "project/codes.h"
#include "project/project.h"
#include "project/yaml.h"

enum { PT_NAME_MOST_CHARACTERS = 64 };
#define PT_ORIGIN_UNSET ((pt_tag_origin)255) /* not declared: worked out once the expressions are checked */

/* One YAML file, read. */
typedef struct pt_document {
    const char *path; /* relative to the project: "tags/value.yaml" */
    pt_sv bytes;
    pt_yaml *root; /* NULL: empty or broken, which is in the diags */
} pt_document;

typedef struct pt_documents {
    pt_document *items;
    size_t n, cap;
} pt_documents;

/* A column's `lookup`, kept until all sources are known. */
typedef struct pt_pending_lookup {
    struct pt_pending_lookup *next;
    size_t source, column;
    const pt_yaml *text; /* "products.category by sku" */
    const pt_yaml *type; /* the declared type, for its place; NULL: it is the looked-up column's */
    int target;          /* the reference's number once known; -1: none */
} pt_pending_lookup;

/* The rules of a source's `clean` or `quality`, kept until the types of all its columns are known. */
typedef struct pt_pending_rules {
    struct pt_pending_rules *next;
    size_t source;
    const pt_yaml *rules;
} pt_pending_rules;

typedef struct pt_loader {
    pt_arena *arena;
    pt_diags *diags;
    pt_project *project;
    pt_documents source_files, tag_files, segment_files, model_files;
    pt_document config, identity; /* bytes.ptr NULL: no such file */
    pt_source *sources;           /* project->sources and ->tags, while they can still change */
    pt_tag *tags;
    pt_segment *segments;
    pt_lang_tag *tag_twins;
    pt_model_def *models;
    const pt_yaml **model_maps;                                   /* by model number */
    struct pt_pending_expression *expressions, **expressions_end; /* of models */
    pt_lang_tag *segment_twins;                                   /* by segment number: what the language is told */
    pt_pending_lookup *lookups, **lookups_end;
    pt_pending_rules *cleans, *qualities;
    bool nomem;      /* sticky: checked after each part */
    bool incomplete; /* part of a file could not be read: names may be missing that are really there */
} pt_loader;

/* --- fields.c: a mapping's fields --------------------------------------------------------------------------------- */

typedef struct pt_fields {
    pt_loader *loader;
    const pt_yaml *map; /* NULL: every field is absent */
    pt_place owner;     /* where a missing key is reported: the name the mapping belongs to */
    const char *what;   /* "a source", "the column 'x'": for messages */
} pt_fields;

pt_diag *pt_load_error(pt_loader *l, int code, pt_place place, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* Whether `n` is a mapping; otherwise says so. */
bool pt_load_is_map(pt_loader *l, const pt_yaml *n, const char *what);
/* Reports keys of the mapping that are not among `known`. */
void pt_fields_known(const pt_fields *f, const char *const *known, size_t n);
/* The value of a key, NULL when absent. A key without a value is absent. */
const pt_yaml *pt_field(const pt_fields *f, const char *key);
const pt_yaml *pt_field_key(const pt_fields *f, const char *key); /* the key's own node, for its place */
/* As pt_field; absent is reported. */
const pt_yaml *pt_field_required(const pt_fields *f, const char *key);

/* Each of these is false when absent or wrong (reported); *out is then unchanged. Texts are in the arena. */
bool pt_yaml_as_text(pt_loader *l, const char **out, const pt_yaml *value, const char *key);
bool pt_field_text(const pt_fields *f, const char **out, const char *key);
bool pt_field_bool(const pt_fields *f, bool *out, const char *key);
bool pt_field_int(const pt_fields *f, int64_t *out, const char *key, int64_t least, int64_t most);
bool pt_field_choice(const pt_fields *f, int *out, const char *key, const char *const *choices, size_t n);
bool pt_field_label(const pt_fields *f, pt_label *out, const char *key);
bool pt_yaml_as_label(pt_loader *l, pt_label *out, const pt_yaml *value, const char *key);
/* A text or a list of texts. */
bool pt_field_texts(const pt_fields *f, const char *const **out, size_t *n, const char *key);
/* One type's word. `stored`: only types that a column or a query's result can have (no duration, no weighted). */
bool pt_yaml_as_type(pt_loader *l, pt_type *out, const pt_yaml *value, const char *what, bool stored);
/* none -> NULL, "personal", "sensitive". */
bool pt_field_sensitivity(const pt_fields *f, const char **out);
/* 0..1; left as it is when absent. merge.c */
void pt_field_trust(const pt_fields *f, double *out);
/* An IANA name or offset, checked against the system's zones. */
bool pt_field_zone(const pt_fields *f, const char **out, const char *key);

/* A condition of a rule as SQL: the language says `is missing`, SQL `IS NULL`; quoted texts and names stand as they are
 * (condition.c). NULL when memory is short. */
const char *pt_condition_sql(pt_loader *l, pt_sv text);

/* --- names.c ------------------------------------------------------------------------------------------------------ */

typedef enum pt_name_use {
    PT_NAME_SOURCE,
    PT_NAME_COLUMN,
    PT_NAME_TAG,
    PT_NAME_IDENTIFIER,
    PT_NAME_SEGMENT,
    PT_NAME_MODEL,
    PT_NAME_PURPOSE
} pt_name_use;

/* Whether the key may be a name of that use; otherwise says why not. */
bool pt_load_name(pt_loader *l, const pt_yaml *key, pt_name_use use);
/* Letters, digits and `_`, not beginning with a digit. */
bool pt_is_name(pt_sv s);

/* Gives `name` the next number of `set` (0, 1, ...) and returns -1; or returns the number of the equal name already
 * there. `fold`: names that differ in capitals alone are equal. -2 when memory is short. */
int64_t pt_name_claim(pt_loader *l, pt_intern *set, pt_sv name, bool fold);

/* --- the parts, in the order they run ----------------------------------------------------------------------------- */

void pt_load_config(pt_loader *l);   /* config.c: portrait.yaml */
void pt_load_sources(pt_loader *l);  /* sources.c */
void pt_load_lookups(pt_loader *l);  /* lookups.c: across sources */
void pt_load_clean(pt_loader *l);    /* clean.c: the rules of `clean`, and the columns they add */
void pt_load_quality(pt_loader *l);  /* quality.c: the rules of `quality` */
void pt_load_identity(pt_loader *l); /* identity.c: identity.yaml and the types that sources use */
/* load_link.c: `link` of identity.yaml, after the types. */
void pt_load_link(pt_loader *l, const pt_fields *file);
/* purposes.c: `purposes` of identity.yaml, after `link`. */
void pt_load_purposes(pt_loader *l, const pt_fields *file);
/* circles.c: `circles` of identity.yaml, sources that the build fills. After all other sources are known. */
void pt_load_circles(pt_loader *l);
size_t pt_load_circles_most(const pt_loader *l); /* how many there are at most */
void pt_load_tags(pt_loader *l);                 /* tags.c */
/* Whether no source has the name that `kind` ("a tag") wants; otherwise says so. */
bool pt_load_not_source(pt_loader *l, const pt_yaml *key, const char *kind);
/* The text of an expression, with the place of each of its characters; len 0 when it is none (reported). */
pt_sv pt_load_expression(pt_loader *l, pt_place *place, const pt_yaml *value, const char *what);
/* mechanics.c: on_empty, ttl, version, previous, confidence of a tag. */
void pt_load_mechanics(const pt_fields *f, pt_tag *t, pt_lang_tag *twin);
/* merge.c: `merge:` of a tag becomes its expression. */
void pt_load_merge(pt_loader *l, pt_tag *t, pt_lang_tag *twin, const pt_yaml *value);
/* What a tag has whatever gives it: label, group, ...; `model`: and nothing else but 'value'. tags.c */
void pt_load_tag_words(const pt_fields *f, pt_tag *t, bool model);
void pt_load_models(pt_loader *l); /* models.c */
/* How many tags models may give at most. */
size_t pt_load_model_tags_most(const pt_loader *l);
/* The expressions of models, after the segments' conditions: part of pt_load_check. models_check.c */
pt_rc pt_load_learning(pt_loader *l, pt_err *err);
void pt_load_segments(pt_loader *l); /* segments.c */
/* The conditions of segments, after the tags: `tags` are the checked ones, whole or not. part of pt_load_check. */
pt_rc pt_load_conditions(pt_loader *l, const pt_module *tags, pt_err *err);
void pt_load_groups(pt_loader *l); /* groups.c: what groups of tags are called */
void pt_load_roles(pt_loader *l);  /* roles.c: what sources are for */
/* lint.c: names and sensitive information; part of pt_load_check. module NULL: expressions have errors. */
pt_rc pt_load_lint(pt_loader *l, const pt_module *module, pt_err *err);
/* pt_lang_check, with the problems that lie in files of the folder ("": all) and do not follow from files that could not be
 * read. check.c */
pt_rc pt_load_expressions(pt_loader *l, pt_module **module, const pt_catalog *catalog, const char *folder, pt_err *err);
pt_rc pt_load_check(pt_loader *l, pt_err *err); /* check.c: the catalogue, the language, what follows from it */
void pt_load_hash(pt_loader *l);                /* hash.c */

/* The whole loader over documents already in memory: what pt_project_load does after reading files, and what the fuzzer
 * calls. `root` is the project's folder; no file in it is opened. */
pt_rc pt_project_load_bytes(pt_loader *l, const char *root, pt_err *err);
/* The nearest folder at or above `dir` that holds portrait.yaml. */
pt_rc pt_project_find_root(const char **out, const char *dir, pt_arena *arena, pt_err *err);
/* Adds a document; `path` and `bytes` must outlive the loader. */
bool pt_documents_add(pt_documents *d, const char *path, pt_sv bytes);
/* How many entries the documents have in all; one that is no mapping is reported and gets root NULL. */
size_t pt_documents_entries(pt_loader *l, const pt_documents *d);
void pt_loader_dispose(pt_loader *l);

#endif
