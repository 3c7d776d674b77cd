/* The current generation as a project sees it: what show, tags and explain (and later the server) look at. A build that
 * publishes meanwhile does not disturb it. */
#ifndef PT_APP_VIEW_H
#define PT_APP_VIEW_H

#include "app/app.h"
#include "app/base_stats.h"
#include "app/generation.h"

typedef struct pt_view {
    const pt_project *project;
    pt_generation *generation;
    const pt_directory *directory;
    pt_tagset *tags;
    int64_t as_of;
    uint32_t n_ordinals, n_customers;
    pt_arena *arena; /* owns what follows, the struct itself included */
    int *columns;    /* by tag number: its column in `tags`; -1 when the generation has no such tag of that type */
    pt_timeline **timelines; /* by source number; NULL without one. Filled by pt_view_timelines */
    pt_events *events;       /* by source number: whole timelines, as a batch of all ordinals */
    bool has_timelines;
    pt_base_file base; /* of the generation; read by pt_view_base */
    bool has_base;
} pt_view;

/* PT_ENOTFOUND when nothing has been built, PT_ECORRUPT when a file is not what it should be. */
pt_rc pt_view_open(pt_view **out, const pt_project *p, pt_err *err);
/* Of a draft, for stages that ask what readers ask: whatever it does not have yet is not there. */
pt_rc pt_view_of_draft(pt_view **out, const pt_project *p, pt_draft *draft, int64_t as_of, pt_err *err);
/* The same of a build that is kept: "g000012". */
pt_rc pt_view_open_build(pt_view **out, const pt_project *p, const char *build, pt_err *err);
void pt_view_close(pt_view *v); /* NULL is fine */
/* The column of a tag, or NULL in *out when the generation has none. */
pt_rc pt_view_column(const pt_column **out, pt_view *v, uint32_t tag, pt_err *err);
/* The same column, of which only the row of one customer may be read: checks no more than that. */
pt_rc pt_view_row(const pt_column **out, pt_view *v, uint32_t tag, uint32_t ordinal, pt_err *err);
/* Opens the timelines of all record and event sources, once; PT_EINVAL when the project's sources are not those that were
 * built. One thread. */
pt_rc pt_view_timelines(pt_view *v, pt_err *err);
/* A batch of all ordinals, after pt_view_timelines; what is read of it is for the caller to check. */
pt_rc pt_view_batch_of_all(pt_batch *out, const pt_view *v, pt_err *err);
/* A batch of one customer, after pt_view_timelines. `events` has room for the project's sources. Checks what it points to. */
pt_rc pt_view_batch(pt_batch *out, pt_events *events, pt_view *v, uint32_t ordinal, pt_err *err);
/* What evaluators are to know of the base for all tags, and for an expression (`node`; may be NULL): what the build worked
 * out, and what it did not need from the values of the generation's tags. One thread. */
pt_rc pt_view_base(const pt_base_set **out, pt_view *v, const pt_node *node, pt_arena *arena, pt_err *err);
/* The ordinal of a stable id, of "type:value", or of a value of any type. The text itself never reaches an error message. */
pt_rc pt_view_find(uint32_t *out, const pt_view *v, pt_sv who, pt_err *err);
/* The part of `who` that is the id of a customer that became part of `ordinal`; len 0 when it is none. */
pt_sv pt_view_forwarded(const pt_view *v, pt_sv who, uint32_t ordinal);

/* Adds the name of a derived file to the message when it is found damaged; returns rc. */
static inline pt_rc pt_view_named(pt_rc rc, const char *file, pt_err *err)
{
    if (rc == PT_ECORRUPT && err && !err->file[0]) {
        pt_err_at(err, file, 0, 0);
        pt_err_hint(err, "portrait build makes it anew");
    }
    return rc;
}

/* Whether an ordinal is a customer: not merged into another, and with an identifier. */
static inline bool pt_is_customer(const pt_directory *d, uint32_t ordinal)
{
    uint32_t type;
    pt_sv value;

    return pt_directory_forward(d, ordinal) == ordinal && pt_directory_identifier(d, ordinal, 0, &type, &value);
}

/* The part of a column that begins at `row`: its row 0 is that row. */
pt_column pt_column_from(const pt_column *c, uint64_t row);

/* The view of an app: opened when first asked for, closed with the app. One thread. */
pt_rc pt_app_view(pt_view **out, pt_app *app, pt_err *err);
/* The next one is of the generation that is then current. What lies in the old view is gone. */
void pt_app_forget_view(pt_app *app);

#endif
