/* Progress on standard error: one line that updates on a terminal, one line a stage otherwise. And Ctrl-C. */
#ifndef PT_CLI_PROGRESS_H
#define PT_CLI_PROGRESS_H

#include "cli/cli.h"

typedef struct pt_progress_line {
    const pt_cli *cli;
    bool terminal;
    bool drawn;        /* the line is on the screen now */
    double last_drawn; /* pt_clock_seconds */
    pt_stage stage;    /* whose rate is being measured */
    const char *what;
    uint64_t start_done;
    double start;
} pt_progress_line;

void pt_progress_init(pt_progress_line *line, const pt_cli *cli);
/* For pt_progress.report, with the line as its ctx. */
void pt_progress_report(void *line, const pt_progress_event *event);
/* Wipes the line. */
void pt_progress_end(pt_progress_line *line);

/* From now on the first Ctrl-C (or SIGTERM) fires `cancel` and the second ends the process at once with exit code 130. Call
 * before other threads are made: they inherit that signals are for the waiting thread alone. */
pt_rc pt_signals_watch(pt_cancel *cancel, pt_err *err);

#endif
