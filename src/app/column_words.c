#include "app/column_words.h"

size_t pt_column_fold(char out[PT_COLUMN_FOLDED], const char *name)
{
    size_t n = 0;

    for (; *name && n + 1 < PT_COLUMN_FOLDED; name++) {
        char c = *name;
        if (c != '_' && c != '-' && c != ' ' && c != '.')
            out[n++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
    }
    out[n] = '\0';
    return n;
}

int pt_column_word(const char *name, const char *words)
{
    char folded[PT_COLUMN_FOLDED];
    size_t n = pt_column_fold(folded, name);
    int place = 1;

    for (; *words; place++) {
        size_t len = strcspn(words, " ");
        if (n == len && strncmp(folded, words, len) == 0)
            return place;
        words += len + (words[len] == ' ');
    }
    return 0;
}
