/* Values as people write them: the first byte picks the conversion, the rest is the value. */
#include <stdlib.h>

#include "form/conversion.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void require(bool cond)
{
    if (!cond)
        abort();
}

static pt_conversion open_conversion(const char *words)
{
    pt_conversion c;
    pt_conversion_fault fault;

    require(pt_conversion_open(&c, pt_sv_of(words), &fault));
    return c;
}

/* What comes out is what goes in a second time, and holds no NUL and no half characters where the form is fixed. */
static void convert(const char *words, pt_sv text)
{
    pt_conversion c = open_conversion(words);
    pt_str first = {0}, second = {0};
    pt_sv once, twice;

    if (pt_conversion_apply(&once, &c, text, &first) != PT_FORM_OK)
        goto done;
    require(c.kind >= PT_CONVERT_PLAIN || c.kind == PT_CONVERT_SIMPLIFIED || !memchr(once.ptr, '\0', once.len));
    /* The result is in plain form, whatever was declared of the text. */
    c.number.decimal = 0;
    c.number.bare = NULL;
    if (c.kind == PT_CONVERT_ID_CARD_BIRTH || c.kind == PT_CONVERT_ID_CARD_GENDER ||
        c.kind == PT_CONVERT_ID_CARD_REGION || (c.kind >= PT_CONVERT_SIMPLIFIED && c.kind <= PT_CONVERT_UPPER))
        goto done; /* another kind of value; or free text, where a second pass may find a new phrase */
    require(pt_conversion_apply(&twice, &c, once, &second) == PT_FORM_OK);
    require(pt_sv_eq(once, twice));
done:
    pt_str_free(&first);
    pt_str_free(&second);
}

/* The words of a rule: whatever is accepted can be applied. */
static void words(pt_sv text)
{
    pt_conversion c;
    pt_conversion_fault fault;
    pt_str scratch = {0};
    pt_sv out;

    if (pt_conversion_open(&c, text, &fault))
        pt_conversion_apply(&out, &c, PT_SV("31/01/2017 1,234"), &scratch);
    else
        require(fault.message[0] && (!fault.word.len || (fault.word.ptr >= text.ptr &&
                                                         fault.word.ptr + fault.word.len <= text.ptr + text.len)));
    pt_str_free(&scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const char *const conversions[] = {"number",
                                              "number decimal comma",
                                              "number in kg from 斤",
                                              "date",
                                              "date dmy",
                                              "date roc excel_1904",
                                              "phone_cn",
                                              "id_card",
                                              "id_card_birth",
                                              "id_card_gender",
                                              "email",
                                              "region",
                                              "region city",
                                              "simplified",
                                              "plain",
                                              "lower",
                                              "upper"};

    if (n == 0)
        return 0;
    pt_sv text = {(const char *)bytes + 1, n - 1};
    size_t which = bytes[0] % (PT_COUNT(conversions) + 1);
    if (which == PT_COUNT(conversions))
        words(text);
    else
        convert(conversions[which], text);
    return 0;
}
