/* Text into HTML. What stands in data (tag values, labels, conditions) may be anything, markup included. */
#ifndef PT_REPORT_HTML_H
#define PT_REPORT_HTML_H

#include "base/str.h"

/* For text and for values of attributes in double quotes: markup is escaped; bytes that are no UTF-8, and control
 * characters, become U+FFFD. NULL adds nothing. */
void pt_html_text(pt_str *out, const char *text);
/* JSON for inside <script>: nothing in it can end the element or begin a comment. */
void pt_html_json(pt_str *out, pt_sv json);
/* The base64 text of bytes given as hex digits. */
void pt_html_base64(pt_str *out, const char *hex);

#endif
