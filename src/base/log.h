/* Log lines: one line, key=value, on standard error: "level module key=value ...". Never profile values. */
#ifndef PT_BASE_LOG_H
#define PT_BASE_LOG_H

typedef enum pt_log_level { PT_LOG_ERROR, PT_LOG_WARN, PT_LOG_INFO, PT_LOG_DEBUG } pt_log_level;

void pt_log_set_level(pt_log_level level); /* start-up only; the default is WARN */
void pt_log(pt_log_level level, const char *module, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
