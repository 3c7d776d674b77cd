/* Who belonged to which segment when: the sets that builds leave in history/gNNNNNN.segments, for ever
 * (docs/segment-format.md). */
#ifndef PT_APP_MEMBERSHIPS_H
#define PT_APP_MEMBERSHIPS_H

#include "identity/identity.h"
#include "index/memberset.h"

#define PT_MEMBERSHIPS_ENDING ".segments"

/* The memberships of one build. */
typedef struct pt_memberships pt_memberships;

/* The numbers of the builds up to `most` that left memberships, rising. */
pt_rc pt_memberships_builds(const uint64_t **out, size_t *n, const char *data_dir, uint64_t most, pt_arena *arena,
                            pt_err *err);
/* Path of the file of a build, in the arena; NULL when memory is short. */
const char *pt_memberships_path(const char *data_dir, uint64_t build, pt_arena *arena);
/* PT_ENOTFOUND when the build left none. */
pt_rc pt_memberships_open(pt_memberships **out, const char *data_dir, uint64_t build, pt_err *err);
void pt_memberships_close(pt_memberships *m); /* NULL is fine */
const pt_memberset *pt_memberships_set(const pt_memberships *m);
/* Whether its ordinals are customers of this directory: not after the raw store was lost and all were numbered anew. */
bool pt_memberships_fit(const pt_memberships *m, const pt_directory *d);
/* The members of a segment at that build, by ordinals as they were then: `bits` has room for `ordinals` (not less than the
 * build had) and is filled. Reads the builds that the set was a difference from; PT_ECORRUPT when one is damaged or gone. */
pt_rc pt_memberships_read(uint64_t *bits, uint32_t ordinals, const pt_memberships *m, size_t at, pt_err *err);

/* Members of then as customers of now: those who merged are who they are part of, those who are nobody any more leave. */
void pt_members_forward(uint64_t *bits, const pt_directory *d);

#endif
