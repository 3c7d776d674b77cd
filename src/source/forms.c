/* Whether a text is of a form that form/ reads, as functions that SQL may call. */
#include "form/form.h"
#include "source/source.h"

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

pt_rc pt_source_define_forms(pt_conn *c, pt_err *err)
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
