/* Numbers as people write them. A number is a row of chunks with their multipliers: "3亿5000万" is 3 x 10^8 + 5000 x 10^4,
 * 三万五千 the same in words, 1,234.50 a single chunk without one. Signs, currencies and units stand before or after it. */
#include "form/decimal.h"

typedef struct body {
    form_reader r;
    const pt_number_form *form;
    pt_decimal total;   /* closed by 万 and 亿 */
    pt_decimal section; /* below them */
    pt_decimal chunk;
    bool has_chunk;
    bool words;       /* the chunk is in Chinese digits */
    unsigned digits;  /* in the chunk, leading zeros aside */
    bool zero_before; /* the chunk began with 零 */
    int last;         /* power of ten of the multiplier before the chunk; 0: none yet */
    bool letter;      /* it was a letter: nothing follows 5k */
    int last_small;   /* of 十 百 千 in this section; 4: none yet */
    char mark;        /* as pt_decimal */
    pt_form_rc rc;
} body;

static void fail(body *b, pt_form_rc rc)
{
    if (b->rc == PT_FORM_OK)
        b->rc = rc;
}

static void require(body *b, bool fits)
{
    if (!fits)
        fail(b, PT_FORM_RANGE);
}

/* --- chunks in plain digits ------------------------------------------------------------------------------------------ */

/* Where the separators of a run of digits stand. */
typedef struct separators {
    size_t commas, points, last_comma, last_point, n;
    char group; /* a blank or an apostrophe between groups of digits */
} separators;

static bool separates(const form_reader *r, const char *p)
{
    return (*p == ',' || *p == '.' || *p == '\'' || *p == ' ') && p + 1 < r->end && pt_is_digit(p[1]);
}

/* The run of digits and what is between them; "5." ends in a point. */
static separators look_over(const form_reader *r)
{
    separators s = {0};
    const char *p = r->at;

    for (; p < r->end && (pt_is_digit(*p) || separates(r, p)); p++) {
        size_t at = (size_t)(p - r->at);
        if (*p == ',') {
            s.commas++;
            s.last_comma = at;
        } else if (*p == '.') {
            s.points++;
            s.last_point = at;
        } else if (!pt_is_digit(*p)) {
            s.group = *p;
        }
    }
    s.n = (size_t)(p - r->at);
    return s;
}

/* A single separator that may as well stand between groups as before decimals: 1,234 but not 0,234 or 1234,567. */
static bool may_group(const form_reader *r, size_t at, size_t n)
{
    return n - at == 4 && at >= 1 && at <= 3 && r->at[0] != '0';
}

/* What the run itself says: of two kinds the later begins the decimals, one that occurs twice does not, and one alone does
 * where it cannot stand between thousands. */
static char shown_mark(const form_reader *r, const separators *s)
{
    size_t last = s->commas ? s->last_comma : s->last_point;

    if (s->commas + s->points == 0)
        return 0;
    if (s->commas && s->points)
        return s->last_comma > s->last_point ? ',' : '.';
    if (s->commas + s->points > 1)
        return s->commas ? '.' : ',';
    if (may_group(r, last, s->n))
        return '?';
    return s->commas ? ',' : '.';
}

static char decimal_mark(body *b, const separators *s)
{
    char declared = b->form ? b->form->decimal : 0, shown = shown_mark(&b->r, s);

    b->mark = shown ? shown : b->mark;
    if (declared == '.' || declared == ',')
        return declared;
    if (declared && shown == '?')
        fail(b, PT_FORM_AMBIGUOUS);
    return shown == ',' ? ',' : '.';
}

static void add_digit(body *b, int digit, bool decimal)
{
    if (b->rc == PT_FORM_OK && (!decimal_digit(&b->chunk, (unsigned)digit) || (decimal && !decimal_deepen(&b->chunk))))
        fail(b, PT_FORM_RANGE);
    b->digits += b->digits > 0 || digit > 0;
}

/* Digits in groups of three, then decimals. */
static void read_run(body *b)
{
    separators s = look_over(&b->r);
    char mark = decimal_mark(b, &s), group = 0;
    size_t since = 0; /* digits since the last separator */
    bool decimals = false;

    for (const char *end = b->r.at + s.n; b->r.at < end; b->r.at++) {
        char c = *b->r.at;
        if (pt_is_digit(c)) {
            add_digit(b, c - '0', decimals);
            since++;
            continue;
        }
        if (decimals || (group && since != 3) || (!group && c != mark && (since == 0 || since > 3)))
            fail(b, PT_FORM_NOT);
        if (c == mark)
            decimals = true;
        else if (group && c != group)
            fail(b, PT_FORM_NOT);
        else
            group = c;
        since = 0;
    }
    if (group && !decimals && since != 3)
        fail(b, PT_FORM_NOT);
    if (!decimals && !group && form_more(&b->r) && *b->r.at == '.')
        b->r.at++; /* "5." */
}

static void read_exponent(body *b)
{
    form_reader r = b->r;
    int n = 0, digits = 0;

    if (!form_take(&r, "e") && !form_take(&r, "E"))
        return;
    bool negative = form_take(&r, "-");
    if (!negative)
        form_take(&r, "+");
    for (; form_more(&r) && pt_is_digit(*r.at) && digits < 4; digits++)
        n = n * 10 + (*r.at++ - '0');
    if (digits == 0)
        return;
    b->r = r;
    if (b->chunk.digits || n <= 99)
        require(b, decimal_shift(&b->chunk, negative ? -n : n));
}

static bool read_plain_chunk(body *b)
{
    bool point = b->r.at + 1 < b->r.end && *b->r.at == '.' && pt_is_digit(b->r.at[1]); /* ".5" */

    if (!form_more(&b->r) || (!pt_is_digit(*b->r.at) && !point))
        return false;
    b->words = false;
    if (point) {
        b->r.at++;
        while (form_more(&b->r) && pt_is_digit(*b->r.at))
            add_digit(b, *b->r.at++ - '0', true);
    } else {
        read_run(b);
    }
    read_exponent(b);
    return true;
}

/* --- chunks in words ------------------------------------------------------------------------------------------------- */

typedef struct word {
    const char *text;
    int value;
} word;

static int take_word(form_reader *r, const word *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (form_take(r, words[i].text))
            return words[i].value;
    return -1;
}

static int take_digit(form_reader *r)
{
    static const word digits[] = {
        {"零", 0}, {"〇", 0}, {"一", 1}, {"二", 2}, {"两", 2}, {"三", 3}, {"四", 4}, {"五", 5}, {"六", 6},
        {"七", 7}, {"八", 8}, {"九", 9}, {"壹", 1}, {"贰", 2}, {"叁", 3}, {"肆", 4}, {"伍", 5}, {"陆", 6},
        {"柒", 7}, {"捌", 8}, {"玖", 9}, {"兩", 2}, {"貳", 2}, {"參", 3}, {"陸", 6}, {"弐", 2}, {"○", 0},
    };

    return form_more(r) && (unsigned char)*r->at >= 0xE2 ? take_word(r, digits, PT_COUNT(digits)) : -1;
}

static bool read_word_chunk(body *b)
{
    int digit = take_digit(&b->r);
    bool decimals = false;

    if (digit < 0)
        return false;
    b->words = true;
    b->zero_before = digit == 0;
    for (; digit >= 0; digit = take_digit(&b->r)) {
        add_digit(b, digit, decimals);
        if (!decimals && (form_take(&b->r, "点") || form_take(&b->r, "點")))
            decimals = true;
    }
    if (decimals && b->chunk.scale == 0)
        fail(b, PT_FORM_NOT);
    return true;
}

/* --- multipliers ----------------------------------------------------------------------------------------------------- */

/* The power of ten of the next multiplier, or -1. Letters only where no other letter follows: 5k, not 5kg. */
static int take_multiplier(form_reader *r, bool *letter)
{
    static const word words[] = {{"十", 1}, {"百", 2}, {"千", 3}, {"万", 4}, {"亿", 8},
                                 {"拾", 1}, {"佰", 2}, {"仟", 3}, {"萬", 4}, {"億", 8}};
    static const word letters[] = {{"million", 6}, {"billion", 9}, {"mn", 6}, {"bn", 9}, {"k", 3},
                                   {"K", 3},       {"w", 4},       {"W", 4},  {"M", 6},  {"B", 9}};
    form_reader ahead = *r;

    form_blanks(&ahead);
    int power = take_word(&ahead, words, PT_COUNT(words));
    *letter = power < 0;
    if (power < 0) {
        power = take_word(&ahead, letters, PT_COUNT(letters));
        if (power >= 0 && form_more(&ahead) && ((*ahead.at | 32) >= 'a' && (*ahead.at | 32) <= 'z'))
            power = -1;
    }
    if (power >= 0)
        *r = ahead;
    return power;
}

static void drop_chunk(body *b)
{
    b->chunk = (pt_decimal){0};
    b->has_chunk = b->zero_before = false;
    b->digits = 0;
}

/* 十 百 千: in a section they come in this order from the right. 二三百 is "two or three hundred" and no number. */
static void apply_small(body *b, int power)
{
    if (!b->has_chunk && power == 1 && b->last_small == 4)
        b->chunk = (pt_decimal){.digits = 1};
    else if (!b->has_chunk || power >= b->last_small)
        fail(b, PT_FORM_NOT);
    require(b, decimal_shift(&b->chunk, power) && decimal_add(&b->section, b->chunk));
    b->last_small = power;
}

/* 万 亿, and the letters. A larger one multiplies all that came before it: 一万亿. */
static void apply_large(body *b, int power, int *largest)
{
    if (b->has_chunk)
        require(b, decimal_add(&b->section, b->chunk));
    if (power >= *largest && *largest) {
        require(b, decimal_add(&b->total, b->section) && decimal_shift(&b->total, power));
    } else {
        if (!b->has_chunk && b->last_small == 4)
            fail(b, PT_FORM_NOT);
        require(b, decimal_shift(&b->section, power) && decimal_add(&b->total, b->section));
    }
    *largest = power > *largest ? power : *largest;
    b->section = (pt_decimal){0};
    b->last_small = 4;
}

/* 三万五 is 35,000: a last digit alone counts tenths of the multiplier before it. */
static void close_body(body *b)
{
    if (b->has_chunk) {
        if (b->letter)
            fail(b, PT_FORM_NOT);
        else if (b->last > 1 && b->digits == 1 && !b->zero_before && b->chunk.scale == 0)
            require(b, decimal_shift(&b->chunk, b->last - 1));
        else if (b->last && b->digits > (unsigned)b->last)
            fail(b, PT_FORM_NOT);
        require(b, decimal_add(&b->section, b->chunk));
    }
    require(b, decimal_add(&b->total, b->section));
}

static void read_body(body *b)
{
    int largest = 0;
    bool any = false;

    b->last_small = 4;
    while (b->rc == PT_FORM_OK) {
        b->has_chunk = read_plain_chunk(b) || read_word_chunk(b);
        bool letter;
        int power = b->rc == PT_FORM_OK ? take_multiplier(&b->r, &letter) : -1;
        any |= b->has_chunk || power == 1;
        if (power < 0)
            break;
        if (b->has_chunk && b->words && b->digits > 1 && b->chunk.scale == 0)
            fail(b, PT_FORM_NOT);
        if (power < 4 && !letter)
            apply_small(b, power);
        else
            apply_large(b, power, &largest);
        b->last = power;
        b->letter = letter;
        drop_chunk(b);
    }
    if (!any)
        fail(b, PT_FORM_NOT);
    if (b->rc == PT_FORM_OK)
        close_body(b);
}

/* --- what stands around it ------------------------------------------------------------------------------------------- */

typedef enum currency { CURRENCY_NONE, CURRENCY_YUAN, CURRENCY_OTHER } currency;

static currency take_currency(form_reader *r)
{
    static const word marks[] = {
        {"¥", CURRENCY_YUAN},     {"人民币", CURRENCY_YUAN}, {"RMB", CURRENCY_YUAN},   {"rmb", CURRENCY_YUAN},
        {"CNY", CURRENCY_YUAN},   {"元", CURRENCY_YUAN},     {"圆", CURRENCY_YUAN},    {"圓", CURRENCY_YUAN},
        {"块钱", CURRENCY_YUAN},  {"块", CURRENCY_YUAN},     {"HK$", CURRENCY_OTHER},  {"US$", CURRENCY_OTHER},
        {"NT$", CURRENCY_OTHER},  {"$", CURRENCY_OTHER},     {"€", CURRENCY_OTHER},    {"£", CURRENCY_OTHER},
        {"港币", CURRENCY_OTHER}, {"港元", CURRENCY_OTHER},  {"美元", CURRENCY_OTHER}, {"欧元", CURRENCY_OTHER},
        {"日元", CURRENCY_OTHER}, {"英镑", CURRENCY_OTHER},  {"USD", CURRENCY_OTHER},  {"EUR", CURRENCY_OTHER},
        {"HKD", CURRENCY_OTHER},  {"GBP", CURRENCY_OTHER},   {"JPY", CURRENCY_OTHER},
    };
    int found = take_word(r, marks, PT_COUNT(marks));

    return found < 0 ? CURRENCY_NONE : (currency)found;
}

/* Signs and currencies before the number, each once and in any order. */
static currency read_front(form_reader *r, bool *negative)
{
    bool sign = *negative;
    currency found = CURRENCY_NONE;

    for (;;) {
        form_blanks(r);
        if (!sign && (form_take(r, "-") || form_take(r, "负")))
            sign = *negative = true;
        else if (!sign && form_take(r, "+"))
            sign = true;
        else if (found || !(found = take_currency(r)))
            return found;
    }
}

/* One digit and its name: 3角, 伍分. */
static void read_part(body *b, const char *name, const char *other, int power)
{
    form_reader before = b->r;
    int digit = form_more(&b->r) && pt_is_digit(*b->r.at) ? *b->r.at++ - '0' : take_digit(&b->r);
    pt_decimal part = {.digits = digit > 0 ? (unsigned)digit : 0};

    if (digit < 0 || (!form_take(&b->r, name) && !form_take(&b->r, other)))
        b->r = before;
    else
        require(b, decimal_shift(&part, power) && decimal_add(&b->total, part));
}

/* What follows 元 in amounts written out: 叁角伍分, 零伍分, 整. */
static void read_change(body *b)
{
    form_reader zero = b->r;

    read_part(b, "角", "毛", -1);
    if (b->r.at == zero.at && form_take(&zero, "零"))
        b->r = zero;
    read_part(b, "分", "分", -2);
    if (!form_take(&b->r, "整"))
        form_take(&b->r, "正");
}

static bool take_count_word(form_reader *r)
{
    static const char *const words[] = {"个", "件", "次", "岁", "人", "单", "笔", "份"};

    for (size_t i = 0; i < PT_COUNT(words); i++)
        if (form_take(r, words[i]))
            return true;
    return false;
}

/* Of a number in `unit` (NULL: it names none) into the one that is wanted. Where none is, yuan alone are dropped: 5分 may be a
 * mark at school. */
static void convert_unit(body *b, const pt_unit *unit)
{
    const pt_unit *result = b->form ? b->form->unit : NULL;

    if (!unit && result)
        unit = b->form->bare ? b->form->bare : result;
    if (!result)
        result = pt_unit_find(PT_SV("元"));
    if (unit && (!pt_units_agree(unit, result) || (unit != result && !(b->form && b->form->unit))))
        fail(b, PT_FORM_NOT);
    else if (unit)
        require(b, decimal_convert(&b->total, unit, result));
}

static void read_unit(body *b, currency before)
{
    pt_sv rest = pt_sv_trim((pt_sv){b->r.at, (size_t)(b->r.end - b->r.at)});
    const pt_unit *unit = pt_unit_find(rest);

    if (unit) {
        b->r.at = b->r.end;
        convert_unit(b, unit);
        return;
    }
    currency found = take_currency(&b->r);
    if (found)
        read_change(b);
    if (!found)
        found = before;
    if (found == CURRENCY_OTHER && b->form && b->form->unit)
        fail(b, PT_FORM_NOT);
    else if (found != CURRENCY_OTHER)
        convert_unit(b, found ? pt_unit_find(PT_SV("元")) : NULL);
}

static void read_back(body *b, currency before, bool *negative)
{
    form_blanks(&b->r);
    if (form_take(&b->r, "%"))
        require(b, decimal_shift(&b->total, -2));
    else if (form_take(&b->r, "‰"))
        require(b, decimal_shift(&b->total, -3));
    else if (!take_count_word(&b->r))
        read_unit(b, before);
    form_blanks(&b->r);
    if (!*negative && form_take(&b->r, "-"))
        *negative = true;
    if (form_more(&b->r))
        fail(b, PT_FORM_NOT);
}

/* (123.45) is a loss. */
static bool unwrap(pt_sv *s)
{
    if (s->len < 3 || s->ptr[0] != '(' || s->ptr[s->len - 1] != ')')
        return false;
    *s = pt_sv_trim((pt_sv){s->ptr + 1, s->len - 2});
    return true;
}

/* Up to 17 plain digits with a point at most: nearly all numbers of real files. */
static bool read_simple(pt_decimal *out, pt_sv s)
{
    uint64_t digits = 0;
    size_t at = s.len && s.ptr[0] == '-', point = s.len;

    if (s.len - at > 18 || at == s.len)
        return false;
    for (size_t i = at; i < s.len; i++) {
        unsigned digit = (unsigned)(unsigned char)s.ptr[i] - '0';
        if (digit <= 9)
            digits = digits * 10 + digit;
        else if (s.ptr[i] == '.' && point == s.len && i > at && i + 1 < s.len)
            point = i;
        else
            return false;
    }
    size_t whole = point - at, decimals = point < s.len ? s.len - point - 1 : 0;
    char mark = decimals == 0 ? 0 : decimals == 3 && whole <= 3 && s.ptr[at] != '0' ? '?' : '.';
    bool bare = s.ptr[at] != '0' || whole == 1; /* no zeros in front */
    *out = (pt_decimal){digits, (uint8_t)decimals, at > 0 && digits, mark, bare && (at == 0 || digits)};
    return true;
}

pt_form_rc pt_form_number(pt_decimal *out, pt_sv text, const pt_number_form *form)
{
    char buf[FORM_LONGEST];
    body b = {.form = form, .rc = PT_FORM_OK};
    pt_sv s;

    if ((!form || (!form->decimal && !form->unit)) && read_simple(out, text))
        return PT_FORM_OK;
    if (!form_plain(&s, buf, text))
        return PT_FORM_NOT;
    bool negative = unwrap(&s);
    b.r = (form_reader){s.ptr, s.ptr + s.len};
    currency before = read_front(&b.r, &negative);
    bool percent = form_take(&b.r, "百分之");
    read_body(&b);
    if (percent)
        require(&b, decimal_shift(&b.total, -2));
    if (b.rc == PT_FORM_OK)
        read_back(&b, before, &negative);
    if (b.rc != PT_FORM_OK)
        return b.rc;
    *out = b.total;
    out->mark = b.mark;
    out->negative = negative && b.total.digits;
    return PT_FORM_OK;
}
