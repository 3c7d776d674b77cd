/* A project as typed, checked structures: portrait.yaml, identity.yaml, sources, tags. Loading touches no data. All
 * problems are reported together. docs/project-files.md is the definition. Everything lives in the arena given to
 * pt_project_load and is immutable afterwards. */
#ifndef PT_PROJECT_PROJECT_H
#define PT_PROJECT_PROJECT_H

#include "base/hash.h"
#include "base/time.h"
#include "lang/lang.h"
#include "project/circles.h"
#include "project/model_def.h"
#include "project/purposes.h"

typedef struct pt_label {
    const char *zh, *en; /* either may be NULL; readers fall back to the other, then to the name */
} pt_label;

/* --- sources ------------------------------------------------------------------------------------------------------ */

typedef enum pt_file_format {
    PT_FORMAT_AUTO, /* by the file's ending */
    PT_FORMAT_CSV,  /* also tsv: the delimiter is sniffed */
    PT_FORMAT_JSONL,
    PT_FORMAT_PARQUET
} pt_file_format;

typedef struct pt_lookup {
    const char *source, *column; /* a reference source and its column */
    const char *by;              /* column of this source that holds the key */
    const char *key;             /* column of the reference that the key equals; default: its first column */
} pt_lookup;

typedef struct pt_source_column {
    const char *name;
    pt_type type;       /* BOOL NUMBER MONEY DATE INSTANT TEXT CATEGORY LIST */
    const char *from;   /* file column, or an SQL expression over columns; NULL: a file column of the same name */
    bool computed;      /* `from` is an expression and not just a name */
    pt_lookup lookup;   /* source NULL: none */
    const char *format; /* strptime pattern for dates and instants; separator for lists; NULL: the default forms */
    const char *zone;   /* for instants without an offset; NULL: the source's, then the project's */
    bool required;      /* a row without it goes to quarantine */
    pt_label label;
    pt_label question;       /* what the customer was asked, of a questionnaire's column */
    const char *sensitivity; /* NULL, "personal", "sensitive" */
    double trust;            /* 0..1; NaN: the source's */
    pt_place place;
} pt_source_column;

typedef struct pt_source_identifier {
    const char *type;   /* "user_id", "phone" */
    const char *column; /* file column, declared column, or SQL expression */
    pt_place place;
} pt_source_identifier;

/* --- cleaning (docs/cleaning.md) ---------------------------------------------------------------------------------- */

typedef enum pt_clean_kind {
    PT_CLEAN_CONVERT, /* when a file is read, on the text of a value */
    PT_CLEAN_MAP,     /* the same */
    PT_CLEAN_DROP,    /* these and all below: over the whole source, after it was read */
    PT_CLEAN_FLAG,
    PT_CLEAN_FILL,
    PT_CLEAN_OUTLIERS,
    PT_CLEAN_DEDUPE,
    PT_CLEAN_NEAR
} pt_clean_kind;

typedef enum pt_clean_fill {
    PT_FILL_CONSTANT,
    PT_FILL_MEAN,
    PT_FILL_MEDIAN,
    PT_FILL_MODE,
    PT_FILL_PREVIOUS
} pt_clean_fill;
typedef enum pt_clean_method {
    PT_OUTLIERS_IQR,
    PT_OUTLIERS_ZSCORE,
    PT_OUTLIERS_MAD,
    PT_OUTLIERS_RANGE
} pt_clean_method;
typedef enum pt_clean_action { PT_OUTLIERS_CAP, PT_OUTLIERS_DROP, PT_OUTLIERS_FLAG } pt_clean_action;
typedef enum pt_clean_keep { PT_KEEP_FIRST, PT_KEEP_LAST, PT_KEEP_OLDEST, PT_KEEP_NEWEST } pt_clean_keep;

typedef struct pt_clean_pair {
    const char *from, *to; /* to NULL: missing */
} pt_clean_pair;

/* One line of `clean:`. Which fields are set follows from the kind. */
typedef struct pt_clean_rule {
    pt_clean_kind kind;
    const char *text;      /* as written, on one line: what reports and quarantine call the rule */
    const char *column;    /* convert, map, fill, outliers, near; else NULL */
    const char *adds;      /* flag, outliers with PT_OUTLIERS_FLAG: the bool column that the rule adds; else NULL */
    const char *converter; /* convert: what stands after the colon, "number", "phone_cn" */
    pt_place converter_place;
    const pt_clean_pair *pairs; /* map, in the order written */
    size_t n_pairs;
    bool has_otherwise;    /* map: values that no pair names become `otherwise`; else they stay */
    const char *otherwise; /* NULL: missing */
    const char *condition; /* drop, flag: SQL over one row, `is missing` already read as IS NULL */
    pt_place condition_place;
    pt_clean_fill fill;
    const char *constant; /* fill with PT_FILL_CONSTANT: fits the column's type */
    pt_clean_method method;
    pt_clean_action action;
    double factor;          /* iqr, zscore, mad */
    const char *low, *high; /* range: fit the column's type; NULL: open */
    pt_clean_keep keep;
    const char *const *by; /* groups; dedupe: the key, none for whole rows */
    size_t n_by;
    double similarity; /* near: 0.5 to 1 */
    pt_place place;
} pt_clean_rule;
/* --- quality rules (docs/quality.md) ------------------------------------------------------------------------------ */

typedef enum pt_rule_kind {
    PT_RULE_UNIQUE,
    PT_RULE_COMPLETE,
    PT_RULE_BETWEEN,
    PT_RULE_IN,
    PT_RULE_FORMAT,
    PT_RULE_REFERENCE,
    PT_RULE_FRESH,
    PT_RULE_ROWS,
    PT_RULE_EXPECT
} pt_rule_kind;

typedef struct pt_quality_operand {
    const char *name; /* as written */
    const char *sql;  /* column of the source's view: the name, "_time", "_id_<type>"; not quoted */
    pt_type type;
} pt_quality_operand;

/* One line of `quality:`. Which fields are set follows from the kind. */
typedef struct pt_quality_rule {
    pt_rule_kind kind;
    const char *text; /* as written */
    bool error;       /* a build stops when it fails; else it is a warning */
    double share;     /* of the rows that must fit: 1 unless said */
    const pt_quality_operand *columns;
    size_t n_columns;
    const char *low, *high;    /* between: fit the column's type */
    const char *const *values; /* in */
    size_t n_values;
    const char *format;                      /* one of pt_quality_formats, or /regular expression/ */
    const char *other_source, *other_column; /* reference */
    int64_t within;                          /* fresh: microseconds */
    uint64_t count;                          /* rows */
    bool at_most;                            /* rows <= count rather than >= */
    const char *condition;                   /* expect: SQL over one row */
    pt_place condition_place;
    pt_place place;
} pt_quality_rule;

const char *const *pt_quality_formats(size_t *n);

typedef struct pt_source {
    const char *name;
    pt_source_kind kind;
    const char *const *from; /* paths and globs, relative to the project's folder */
    size_t n_from;
    pt_file_format format;
    const char *encoding;            /* NULL: found out; "utf-8", "gb18030", ... */
    const char *delimiter, *quote;   /* NULL: sniffed */
    int header;                      /* -1 sniffed, 0 no, 1 yes */
    const char *const *missing_text; /* texts that mean missing, beside the empty one */
    size_t n_missing_text;
    const char *time; /* file or declared column, or SQL expression; required for events, optional for records */
    const char *time_format, *zone;
    const pt_source_identifier *identifiers; /* none for a reference */
    size_t n_identifiers;
    const pt_source_column *columns;
    double trust;          /* 0..1, how far it is believed where sources are merged; 1 unless said */
    size_t n_columns;      /* all that later stages see */
    size_t n_file_columns; /* the first of them come from the files; the rest are added by rules of `clean` */
    const pt_clean_rule *clean;
    size_t n_clean;
    bool optional; /* its files may be absent: it has no rows then */
    const pt_quality_rule *quality;
    size_t n_quality;
    pt_hash128 quality_hash; /* of these rules */
    pt_label label;
    pt_place place;
    pt_hash128 hash;         /* of all that reading depends on: when it changes, the source is read again */
    pt_hash128 clean_hash;   /* of the rules that act after reading; zero when there are none */
    const pt_circle *circle; /* that the build fills it with; NULL: it is read from files */
} pt_source;

/* Whether a rule acts when files are read (and not over the whole source). */
static inline bool pt_clean_reads(const pt_clean_rule *r)
{
    return r->kind == PT_CLEAN_CONVERT || r->kind == PT_CLEAN_MAP;
}
/* The number of a column (added ones too), -1 when there is none: exactly, as names of one source never differ in capitals
 * alone. */
int pt_source_find_column(const pt_source *s, pt_sv name);

/* --- identity ----------------------------------------------------------------------------------------------------- */

typedef struct pt_identifier_type {
    const char *name;
    int priority;               /* 1 is the strongest */
    uint32_t limit;             /* values of this type a customer may have; 0: no limit */
    const char *const *blocked; /* values (exact, or `*`/`?` patterns) that never identify anyone */
    size_t n_blocked;
    const char *normalize; /* "none", "trim" (default), "lower", "digits", "email", "phone_cn" */
    pt_label label;
    pt_place place;
} pt_identifier_type;

typedef struct pt_identity_config {
    const pt_identifier_type *types; /* every type that any source uses; those not declared get the defaults */
    size_t n_types;
    uint32_t max_component; /* identifiers in one customer; larger ones are reported and not merged. default 100 */
    const pt_purpose *purposes;
    size_t n_purposes;
} pt_identity_config;

/* --- merged attributes (docs/merge.md) ---------------------------------------------------------------------------- */

typedef enum pt_merge_policy {
    PT_MERGE_NEWEST,
    PT_MERGE_TRUSTED,
    PT_MERGE_FREQUENT,
    PT_MERGE_PRECEDENCE,
    PT_MERGE_ALL
} pt_merge_policy;

typedef struct pt_merge_source {
    uint32_t source, column;
    double trust; /* the column's, or its source's */
    pt_place place;
} pt_merge_source;

typedef struct pt_merge {
    pt_merge_policy policy;
    int64_t half_life; /* microseconds; 0: trust does not age */
    const pt_merge_source *sources;
    size_t n_sources;
} pt_merge;

const char *pt_merge_policy_name(pt_merge_policy policy); /* "newest" */

/* --- tags --------------------------------------------------------------------------------------------------------- */

typedef enum pt_tag_origin {
    PT_ORIGIN_FACT,
    PT_ORIGIN_STATISTIC,
    PT_ORIGIN_RULE,
    PT_ORIGIN_MODEL,
    PT_ORIGIN_SURVEY,
    PT_ORIGIN_IMPORT,
    PT_ORIGIN_COUNT
} pt_tag_origin;
extern const char *const pt_tag_origins[PT_ORIGIN_COUNT]; /* the words of project files: "fact", "statistic", ... */

/* Whether builds keep what a tag was (docs/history.md). */
typedef enum pt_kept { PT_KEPT_UNSAID, PT_KEPT_ALWAYS, PT_KEPT_NEVER } pt_kept;

typedef struct pt_tag {
    const char *name;  /* index in project->tags = index in catalog->tags */
    const char *group; /* "consumption/frequency" */
    pt_label label, description, unit;
    pt_tag_origin origin; /* declared, or worked out: tiers -> rule, record columns only -> fact, else statistic */
    const char *sensitivity, *owner;
    const pt_merge *merge;     /* NULL unless the tag is merged from columns; its expression is made of this */
    const char *stands_for;    /* the catalogue's template that it answers under a name of its own, or NULL */
    pt_label purpose, consent; /* what a tag on sensitive personal information is for, and how the customer agreed */
    uint32_t version;          /* 1 unless said */
    const char *sql;           /* NULL unless the tag is a query over the store */
    const pt_model_def *model; /* NULL unless a model gives it */
    uint32_t model_output;     /* of the model's kind */
    bool live;                 /* false for sql and models: computed at build only */
    pt_kept history;
    const struct pt_tier_label {
        const char *name;
        pt_label label;
    } * tier_labels;
    size_t n_tier_labels;
    pt_place place;
} pt_tag;

typedef struct pt_group {
    const char *path; /* "consumption" or "consumption/frequency" */
    pt_label label;
} pt_group;

/* --- segments (docs/segments.md) ----------------------------------------------------------------------------------- */

typedef enum pt_segment_kind {
    PT_SEGMENT_DYNAMIC, /* worked out by each build */
    PT_SEGMENT_STATIC,  /* by the first build that sees its definition, and kept */
    PT_SEGMENT_LIST     /* the customers of a file of ids */
} pt_segment_kind;

typedef struct pt_segment {
    const char *name; /* never that of a tag or source: conditions name segments as they name tags */
    pt_segment_kind kind;
    pt_sv when;              /* the condition as written; len 0 of a list */
    const pt_node *node;     /* the condition; NULL of a list, or when the project has errors */
    const char *list;        /* path of the file, relative to the project; NULL unless a list */
    const char *list_by;     /* type of the ids; NULL: whatever `show` would find */
    const char *list_column; /* of a CSV file with a header; NULL: one id a line */
    pt_label label, description;
    const char *owner;
    pt_hash128 hash; /* of all that the members follow from, but for values of tags and bytes of lists */
    pt_place place;
} pt_segment;

/* --- roles: what sources are for (docs/catalogue.md) --------------------------------------------------------------- */

typedef struct pt_role_choice {
    const char *role;
    int source; /* -1: none, or what was named is not there */
    const struct pt_role_column_choice {
        const char *role_column;
        int column; /* of the source */
        pt_place place;
    } * columns;
    size_t n_columns;
    pt_place place;
} pt_role_choice;

/* What `privacy: {min_group: ...}` may be: below ten a group is hardly more than its members. */
enum { PT_MIN_GROUP_DEFAULT = 50, PT_MIN_GROUP_LEAST = 10, PT_MIN_GROUP_MOST = 1000000 };

/* --- the project -------------------------------------------------------------------------------------------------- */

typedef enum pt_as_of_default { PT_AS_OF_NOW, PT_AS_OF_LAST_EVENT, PT_AS_OF_FIXED } pt_as_of_default;

typedef struct pt_project {
    const char *root; /* folder of portrait.yaml */
    const char *name;
    pt_label label;
    const char *zone_name;
    const pt_zone *zone;
    const char *locale;   /* "zh" or "en" */
    const char *currency; /* ISO 4217 */
    const char *data_dir; /* absolute */
    uint32_t min_group;   /* customers that a described group has at least: of smaller ones only the size is shown */
    pt_as_of_default as_of_default;
    int64_t as_of;            /* PT_AS_OF_FIXED */
    const pt_source *sources; /* index = catalogue source number */
    size_t n_sources;
    const pt_tag *tags;
    size_t n_tags;
    const pt_segment *segments;
    size_t n_segments;
    const pt_model_def *models;
    size_t n_models;
    pt_identity_config identity;
    const struct pt_link_config *link; /* there always; whether records are linked: project/link_config.h */
    const char *const *card;           /* tags shown first in a profile; may be empty */
    size_t n_card;
    const struct pt_group *groups; /* groups that have a label */
    size_t n_groups;
    const pt_role_choice *roles; /* declared in portrait.yaml */
    size_t n_roles;
    pt_catalog catalog;
    pt_module *module; /* NULL when there were errors */
    /* What conditions over a build are checked against: all tags, then all segments (number n_tags + s, bool), each
     * external: its value is given and not worked out. NULL when there were errors. */
    pt_module *conditions;
    /* What models learn from: all tags as written, all segments (number n_tags + s), then the expressions of models, whose targets
     * look ahead. NULL without models or when there were errors. */
    pt_module *learning;
    const uint32_t *segment_order; /* segment numbers, each after the segments it uses */
    pt_hash128 tags_hash;          /* of all tag definitions */
} pt_project;

/* Loads the project that `dir` is in (dir or the nearest parent with a portrait.yaml). Problems in files go to `diags`;
 * *out is then still filled as far as possible. Fails only for what is no problem of a file's content: no project found
 * (PT_ENOTFOUND), unreadable file, no memory. */
pt_rc pt_project_load(pt_project **out, const char *dir, pt_diags *diags, pt_arena *arena, pt_err *err);

/* "zh" or "en": the locale of the project that `dir` is in, whatever else may be wrong with it; NULL when it is in none. */
const char *pt_project_locale(const char *dir);

/* A file as it would be: instead of the one on disk, or beside those there. */
typedef struct pt_project_edit {
    const char *path; /* relative to the project: "tags/value.yaml" */
    pt_sv bytes;
} pt_project_edit;

/* As pt_project_load, with files as they would be. Nothing is written. */
pt_rc pt_project_load_edited(pt_project **out, const char *dir, const pt_project_edit *edits, size_t n_edits,
                             pt_diags *diags, pt_arena *arena, pt_err *err);

int pt_project_find_source(const pt_project *p, pt_sv name); /* -1 when absent */
int pt_project_find_tag(const pt_project *p, pt_sv name);
int pt_project_find_segment(const pt_project *p, pt_sv name);
int pt_project_find_model(const pt_project *p, pt_sv name);
/* The label in the wanted language ("zh", "en"), else the other, else `name`. */
const char *pt_label_text(const pt_label *l, const char *lang, const char *name);

/* The path of a group in the wanted language, each part by its label where it has one: "消费行为/消费频次". In the arena, or
 * the path itself. */
const char *pt_group_text(const pt_project *p, const char *group, const char *lang, pt_arena *arena);

/* Templates for `portrait init`: the files of template `name` written under dir, which must be empty or absent. */
pt_rc pt_project_init(const char *dir, const char *name, pt_err *err);
const char *const *pt_project_templates(size_t *n);

extern const pt_diag_info pt_project_diag_infos[]; /* ends with code 0 */
extern const pt_diag_info pt_clean_diag_infos[];   /* E07xx; ends with code 0 */
extern const pt_diag_info pt_link_diag_infos[];    /* E05xx; ends with code 0 */
extern const pt_diag_info pt_quality_diag_infos[]; /* E08xx; ends with code 0 */

#endif
