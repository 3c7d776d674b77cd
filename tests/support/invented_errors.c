/* How people misspell: keys beside each other, letters that look or sound alike, swapped, doubled and lost ones. */
#include <string.h>

#include "base/utf8.h"
#include "support/invented_int.h"

/* The bytes of character `at` of n; texts here are valid UTF-8. */
static size_t bytes_of(const char *p)
{
    unsigned char c = (unsigned char)*p;

    return c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

static char *nth(char *text, size_t n)
{
    while (n--)
        text += bytes_of(text);
    return text;
}

static size_t characters(const char *text)
{
    size_t n = 0;

    for (; *text; text += bytes_of(text))
        n++;
    return n;
}

static void lose(char *text, size_t at)
{
    char *p = nth(text, at);
    size_t n = bytes_of(p);

    memmove(p, p + n, strlen(p + n) + 1);
}

static void swap(char *text, size_t at)
{
    char *p = nth(text, at), both[8];
    size_t first = bytes_of(p), second = bytes_of(p + first);

    memcpy(both, p + first, second);
    memcpy(both + second, p, first);
    memcpy(p, both, first + second);
}

static void insert(char *text, size_t at, char c)
{
    size_t n = strlen(text);

    if (n + 2 > INVENTED_TEXT)
        return;
    memmove(text + at + 1, text + at, n - at + 1);
    text[at] = c;
}

/* A key beside that of c; c itself when it is no letter. */
static char neighbour(char c, pt_rng *r)
{
    static const char *const rows[] = {"qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890"};
    bool up = pt_rng_below(r, 2);

    for (size_t i = 0; i < PT_COUNT(rows); i++) {
        const char *at = strchr(rows[i], c);
        if (at && c)
            return up && at[1] ? at[1] : at > rows[i] ? at[-1] : at[1];
    }
    return c;
}

/* The first of these that the text has, from a place at random in the list, is written the other way; false: it has none. */
static bool rewrite(invented_text text, const char *const pairs[][2], size_t n, pt_rng *r)
{
    size_t from = pt_rng_below(r, n);
    invented_text out;

    for (size_t i = 0; i < n; i++) {
        const char *const *pair = pairs[(from + i) % n];
        const char *at = strstr(text, pair[0]);
        if (!at)
            continue;
        snprintf(out, sizeof out, "%.*s%s%s", (int)(at - text), text, pair[1], at + strlen(pair[0]));
        memcpy(text, out, sizeof out);
        return true;
    }
    return false;
}

static bool misread(invented_text text, pt_rng *r)
{
    static const char *const pairs[][2] = {{"rn", "m"}, {"m", "rn"}, {"l", "i"}, {"i", "l"}, {"o", "0"}, {"cl", "d"},
                                           {"0", "o"},  {"1", "l"},  {"5", "s"}, {"e", "c"}, {"h", "b"}, {"u", "v"}};

    return rewrite(text, pairs, PT_COUNT(pairs), r);
}

static bool mishear(invented_text text, pt_rng *r)
{
    static const char *const pairs[][2] = {
        {"ph", "f"},    {"f", "ph"},  {"ck", "k"}, {"c", "k"},   {"k", "c"},  {"ee", "ea"}, {"y", "i"},
        {"ie", "ei"},   {"ei", "ie"}, {"z", "s"},  {"s", "z"},   {"ll", "l"}, {"nn", "n"},  {"tt", "t"},
        {"sen", "son"}, {"an", "en"}, {"oo", "u"}, {"ai", "ay"}, {"th", "t"}, {"wh", "w"},  {"gh", "g"}};

    return rewrite(text, pairs, PT_COUNT(pairs), r);
}

void invented_mistype(invented_text text, pt_rng *r)
{
    size_t n = characters(text);
    bool ascii = n == strlen(text);

    if (n < 2)
        return;
    size_t at = pt_rng_below(r, n), kind = ascii ? pt_rng_below(r, 10) : 6 + pt_rng_below(r, 4);
    if ((kind == 8 && misread(text, r)) || (kind == 9 && mishear(text, r)))
        return;
    if (!ascii && kind < 8 && n < 3)
        return; /* of 张丹 nothing would be left to know it by */
    if (kind < 3)
        text[at] = neighbour(text[at], r);
    else if (kind < 5)
        insert(text, at, kind == 3 ? text[at] : neighbour(text[at], r));
    else if (kind < 8)
        lose(text, at);
    else
        swap(text, at + 1 < n ? at : at - 1);
}

void invented_mistype_digits(invented_text text, pt_rng *r)
{
    size_t n = strlen(text);

    if (n < 2)
        return;
    size_t at = pt_rng_below(r, n - 1);
    bool swaps = invented_chance(r, 400), other = text[at] >= '0' && text[at] <= '9';
    if (swaps && text[at + 1] >= '0' && text[at + 1] <= '9')
        swap(text, at);
    else if (other)
        text[at] = (char)('0' + pt_rng_below(r, 10));
}
