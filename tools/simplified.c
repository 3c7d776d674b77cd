/* simplified OUT FOLDER: writes OUT, a C file with what traditional characters are in simplified Chinese, from OpenCC's
 * TSCharacters.txt and TSPhrases.txt in FOLDER. Runs while the program is built. Lines are "FROM tab TO [OTHER ...]"; of
 * several the first counts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PLANES = 0x40000, PAGE = 256, MOST = 4000, LONGEST = 64 };

typedef struct phrase {
    char from[LONGEST], to[LONGEST];
} phrase;

static unsigned table[PLANES]; /* code point, above it a bit: a phrase begins with this character */
static phrase phrases[MOST];
static size_t n_phrases;

enum { BEGINS = 1 << 24 };

static unsigned decode(const char *s)
{
    const unsigned char *b = (const unsigned char *)s;

    if (b[0] < 0x80)
        return b[0];
    if (b[0] < 0xE0)
        return (b[0] & 0x1Fu) << 6 | (b[1] & 0x3Fu);
    if (b[0] < 0xF0)
        return (b[0] & 0x0Fu) << 12 | (b[1] & 0x3Fu) << 6 | (b[2] & 0x3Fu);
    return (b[0] & 0x07u) << 18 | (b[1] & 0x3Fu) << 12 | (b[2] & 0x3Fu) << 6 | (b[3] & 0x3Fu);
}

static void add_character(const char *from, const char *to)
{
    unsigned cp = decode(from);

    if (cp < PLANES)
        table[cp] = decode(to);
}

static void add_phrase(const char *from, const char *to)
{
    if (n_phrases == MOST || strlen(from) >= LONGEST || strlen(to) >= LONGEST) {
        fprintf(stderr, "simplified: more or longer phrases than expected at %s\n", from);
        exit(1);
    }
    strcpy(phrases[n_phrases].from, from);
    strcpy(phrases[n_phrases++].to, to);
}

static void read_file(const char *folder, const char *file, void (*put)(const char *, const char *))
{
    char path[4096], line[1024];

    snprintf(path, sizeof path, "%s/%s", folder, file);
    FILE *in = fopen(path, "r");
    if (!in) {
        perror(path);
        exit(1);
    }
    while (fgets(line, sizeof line, in)) {
        char *to = strchr(line, '\t');
        if (line[0] == '#' || !to)
            continue;
        *to++ = '\0';
        to[strcspn(to, " \r\n")] = '\0';
        put(line, to);
    }
    fclose(in);
}

static int by_from(const void *a, const void *b)
{
    return strcmp(((const phrase *)a)->from, ((const phrase *)b)->from);
}

static int is_used(size_t page)
{
    for (size_t i = 0; i < PAGE; i++)
        if (table[page * PAGE + i])
            return 1;
    return 0;
}

static void write_out(FILE *out)
{
    int number = 0;

    fprintf(out, "/* Made by tools/simplified.c from OpenCC's dictionaries (Apache licence 2.0). */\n"
                 "#include \"form/simplified_table.h\"\n\nconst uint32_t simplified_pages[][256] = {\n    {0},\n");
    for (size_t page = 0; page < PLANES / PAGE; page++) {
        if (!is_used(page))
            continue;
        fprintf(out, "    {");
        for (size_t i = 0; i < PAGE; i++)
            fprintf(out, "%s%u,", i % 16 ? "" : "\n     ", table[page * PAGE + i]);
        fprintf(out, "},\n");
    }
    fprintf(out, "};\nconst uint8_t simplified_page[%d] = {", PLANES / PAGE);
    for (size_t page = 0; page < PLANES / PAGE; page++)
        fprintf(out, "%s%d,", page % 32 ? "" : "\n    ", is_used(page) ? ++number : 0);
    fprintf(out, "\n};\nconst simplified_phrase simplified_phrases[] = {\n");
    for (size_t i = 0; i < n_phrases; i++)
        fprintf(out, "    {\"%s\", \"%s\"},\n", phrases[i].from, phrases[i].to);
    fprintf(out, "};\nconst size_t simplified_phrase_count = %zu;\n", n_phrases);
    if (number > 255) {
        fprintf(stderr, "simplified: more pages than a byte can number\n");
        exit(1);
    }
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: simplified OUT FOLDER\n");
        return 2;
    }
    read_file(argv[2], "TSCharacters.txt", add_character);
    read_file(argv[2], "TSPhrases.txt", add_phrase);
    qsort(phrases, n_phrases, sizeof *phrases, by_from);
    for (size_t i = 0; i < n_phrases; i++) {
        unsigned cp = decode(phrases[i].from);
        if (cp < PLANES)
            table[cp] = (table[cp] ? table[cp] : cp) | BEGINS;
    }
    FILE *out = fopen(argv[1], "w");
    if (!out) {
        perror(argv[1]);
        return 1;
    }
    write_out(out);
    return fclose(out) ? 1 : 0;
}
