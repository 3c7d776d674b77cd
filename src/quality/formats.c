/* The formats of `format COLUMN FORMAT` as SQL conditions on one value. What form/ reads is asked of form/, through functions
 * that SQL may call, so that cleaning and checking agree. */
#include "form/form.h"
#include "quality/quality_int.h"

static bool call_phone(const void *ctx, const void *in, void *out, pt_str *scratch)
{
    pt_phone phone;

    (void)ctx, (void)scratch;
    *(uint8_t *)out = pt_form_phone_cn(&phone, *(const pt_sv *)in) == PT_FORM_OK;
    return true;
}

static bool call_email(const void *ctx, const void *in, void *out, pt_str *scratch)
{
    (void)ctx;
    *(uint8_t *)out = pt_form_email(scratch, *(const pt_sv *)in) == PT_FORM_OK;
    return !scratch->failed;
}

static bool call_id_card(const void *ctx, const void *in, void *out, pt_str *scratch)
{
    pt_id_card card;

    (void)ctx, (void)scratch;
    *(uint8_t *)out = pt_form_id_card(&card, *(const pt_sv *)in) == PT_FORM_OK;
    return true;
}

pt_rc quality_define_formats(pt_conn *c, pt_err *err)
{
    static const pt_function functions[] = {
        {"pt_is_phone_cn", PT_TYPE_TEXT, PT_TYPE_BOOL, call_phone, NULL, NULL},
        {"pt_is_email", PT_TYPE_TEXT, PT_TYPE_BOOL, call_email, NULL, NULL},
        {"pt_is_id_card", PT_TYPE_TEXT, PT_TYPE_BOOL, call_id_card, NULL, NULL},
    };

    for (size_t i = 0; i < PT_COUNT(functions); i++)
        PT_TRY(pt_conn_define(c, &functions[i], err));
    return PT_OK;
}

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
