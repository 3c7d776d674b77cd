#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static pt_log_level most = PT_LOG_WARN;

void pt_log_set_level(pt_log_level level)
{
    most = level;
}

void pt_log(pt_log_level level, const char *module, const char *fmt, ...)
{
    static const char *const names[] = {"error", "warn", "info", "debug"};
    char line[2048];
    va_list ap;

    if (level > most)
        return;
    int head = snprintf(line, sizeof line, "%s %s ", names[level], module);
    if (head < 0 || head >= 200)
        return;
    va_start(ap, fmt);
    int body = vsnprintf(line + head, sizeof line - (size_t)head - 1, fmt, ap);
    va_end(ap);
    if (body < 0)
        return;
    size_t len = (size_t)(head + body), room = sizeof line - 2;
    if (len > room)
        len = room;
    for (size_t i = 0; i < len; i++) /* a value with a line break must not look like two log lines */
        if ((unsigned char)line[i] < 0x20)
            line[i] = ' ';
    line[len] = '\n';
    /* One call, so that lines of several threads do not mix. Nobody could be told of a failure. */
    if (write(STDERR_FILENO, line, len + 1) < 0)
        return;
}
