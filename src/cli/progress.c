#include "cli/progress.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "app/clock.h"
#include "base/utf8.h"

#define DRAW_EVERY 0.1 /* seconds */

enum { STAGE_WIDTH = 11 }; /* cells */

void pt_progress_init(pt_progress_line *line, const pt_cli *cli)
{
    *line = (pt_progress_line){.cli = cli, .terminal = isatty(STDERR_FILENO) && !cli->json, .stage = PT_STAGE_COUNT};
}

static void stage_line(const pt_progress_line *line, const pt_progress_event *e)
{
    char seconds[32];
    pt_str text = {0};

    PT_SAY(&text, line->cli->lang, STAGE_DONE, pt_cli_translate(line->cli, pt_stage_name(e->stage)),
           pt_format_seconds(seconds, e->seconds, line->cli->lang));
    fputs(pt_str_cstr(&text), stderr);
    pt_str_free(&text);
}

static void add_bar(pt_str *out, uint64_t done, uint64_t total)
{
    enum { CELLS = 24 };
    size_t full = (size_t)((double)done / (double)total * CELLS);

    full = full < CELLS ? full : CELLS;
    pt_str_add(out, " [");
    pt_str_pad(out, '#', full);
    pt_str_pad(out, '.', CELLS - full);
    pt_str_addf(out, "] %3.0f%%", 100.0 * (double)done / (double)total);
}

static void draw(pt_progress_line *line, const pt_progress_event *e, double now)
{
    pt_str text = {0};
    char rate[32];

    const char *stage = pt_cli_translate(line->cli, pt_stage_name(e->stage));
    size_t width = pt_utf8_width(pt_sv_of(stage));
    pt_str_addf(&text, "\r\033[K%s", stage);
    pt_str_pad(&text, ' ', width < STAGE_WIDTH ? STAGE_WIDTH - width : 1);
    pt_str_add(&text, e->what ? e->what : "");
    if (e->total)
        add_bar(&text, e->done < e->total ? e->done : e->total, e->total);
    if (e->done > line->start_done && now - line->start > 0.5 && e->stage != PT_STAGE_READ)
        PT_SAY(&text, line->cli->lang, PROGRESS_RATE,
               pt_format_about(rate, (uint64_t)((double)(e->done - line->start_done) / (now - line->start)),
                               line->cli->lang));
    fputs(pt_str_cstr(&text), stderr);
    pt_str_free(&text);
    line->drawn = true;
    line->last_drawn = now;
}

void pt_progress_report(void *ctx, const pt_progress_event *e)
{
    pt_progress_line *line = ctx;
    double now = pt_clock_seconds();

    if (line->cli->json)
        return;
    if (e->ended) {
        pt_progress_end(line);
        if (!line->terminal)
            stage_line(line, e);
        return;
    }
    if (!line->terminal)
        return;
    bool fresh = line->stage != e->stage || line->what != e->what;
    if (fresh) {
        line->stage = e->stage;
        line->what = e->what;
        line->start = now;
        line->start_done = e->done;
    }
    if (fresh || now - line->last_drawn >= DRAW_EVERY)
        draw(line, e, now);
}

void pt_progress_end(pt_progress_line *line)
{
    if (line->drawn)
        fputs("\r\033[K", stderr);
    line->drawn = false;
}

/* --- signals ------------------------------------------------------------------------------------------------------ */

static sigset_t watched;

static void *wait_for_signals(void *cancel)
{
    int signal, times = 0;

    while (sigwait(&watched, &signal) == 0) {
        if (times++)
            _exit(130);
        pt_cancel_fire(cancel);
    }
    return NULL;
}

pt_rc pt_signals_watch(pt_cancel *cancel, pt_err *err)
{
    pthread_t thread;
    int rc;

    sigemptyset(&watched);
    sigaddset(&watched, SIGINT);
    sigaddset(&watched, SIGTERM);
    if ((rc = pthread_sigmask(SIG_BLOCK, &watched, NULL)) != 0 ||
        (rc = pthread_create(&thread, NULL, wait_for_signals, cancel)) != 0)
        return pt_fail_errno(err, PT_EIO, rc, "cannot watch for Ctrl-C");
    pthread_detach(thread);
    return PT_OK;
}
