/* The formats of `format COLUMN FORMAT` as SQL conditions on one value. What form/ reads is asked of form/, through
 * functions that SQL may call (source/forms.c), so that cleaning and checking agree. */
#include "quality/quality_int.h"

static const struct {
    const char *name, *sql;
} formats[] = {
    {"phone_cn", "pt_is_phone_cn(`)"},
    {"email", "pt_is_email(`)"},
    {"id_cn", "pt_is_id_card(`)"},
    {"uuid", "regexp_full_match(`, '[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}')"},
    {"url", "regexp_full_match(`, 'https?://[^\\s/?#]+([/?#][^\\s]*)?')"},
    {"ip", "regexp_full_match(`, '((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])')"},
    {"digits", "regexp_full_match(`, '[0-9]+')"},
    {"word", "regexp_full_match(`, '[\\p{L}\\p{N}_]+')"},
};

const char *quality_format_sql(quality_job *j, const char *format, int column)
{
    for (size_t i = 0; i < PT_COUNT(formats); i++)
        if (strcmp(formats[i].name, format) == 0)
            return quality_condition(j, column, "%s", formats[i].sql);
    return "true";
}
