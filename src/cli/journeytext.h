/* What the commands over events share: their options, and the first lines of what they print. */
#ifndef PT_CLI_JOURNEYTEXT_H
#define PT_CLI_JOURNEYTEXT_H

#include "app/journeys.h"
#include "cli/figures.h"

/* --segment and --threads. */
pt_rc pt_journey_begin(pt_journey_options *out, const pt_cli *cli, pt_err *err);
/* An option that is a duration ("7d", "1d 12h"), a day, or a number up to `most`; unchanged when it is not given. */
pt_rc pt_journey_duration(int64_t *out, const pt_cli *cli, const char *option, pt_err *err);
pt_rc pt_journey_day(int32_t *out, const pt_cli *cli, const char *option, pt_err *err);
pt_rc pt_journey_number(uint32_t *out, const pt_cli *cli, const char *option, uint32_t most, pt_err *err);
pt_sv pt_journey_text(const pt_cli *cli, const char *option); /* empty when it is not given */
/* Says what is in `diags`, frees it, and passes `rc` on. */
pt_rc pt_journey_end(pt_cli *cli, pt_diags *diags, pt_rc rc);

/* "as of ...", and the segment with its size. */
void pt_journey_head(pt_cli *cli, const pt_project *p, const pt_journey *about);
/* Opens the object, with what every answer has. */
void pt_journey_json(pt_json *j, pt_cli *cli, const pt_project *p, const pt_journey *about);
/* null when hidden. */
void pt_journey_json_count(pt_json *j, const char *key, uint64_t n);
void pt_journey_json_value(pt_json *j, const pt_project *p, uint32_t tag, const pt_journey_value *value);

/* In the arena of `cli`: a count, "–" when it is hidden; a share in per cent; a time as its two largest units. */
const char *pt_journey_count(pt_cli *cli, uint64_t n);
const char *pt_journey_percent(pt_cli *cli, uint64_t part, uint64_t whole);
/* What lies between two counts of a whole, as "<12%" or ">88%"; "–" when that leaves half of it open. */
const char *pt_journey_bounds(pt_cli *cli, uint64_t least, uint64_t most, uint64_t whole);
const char *pt_journey_wait(pt_cli *cli, int64_t length);
const char *pt_journey_group(pt_cli *cli, const pt_project *p, uint32_t tag, const pt_journey_value *value);
const char *pt_journey_source(const pt_cli *cli, const pt_project *p, uint32_t source);

#endif
