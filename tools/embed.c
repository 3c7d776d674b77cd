/* embed OUT TABLE ROOT PATH...: writes OUT, a C file with the table `const pt_embedded TABLE[]` of the files
 * ROOT/PATH, byte for byte, sorted by path. Runs while the program is built. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int embed_file(FILE *out, const char *root, const char *path, int number)
{
    char full[4096];
    int c, column = 0;

    snprintf(full, sizeof full, "%s/%s", root, path);
    FILE *in = fopen(full, "rb");
    if (!in) {
        perror(full);
        return 0;
    }
    fprintf(out, "static const unsigned char file%d[] = {", number);
    while ((c = getc(in)) != EOF)
        fprintf(out, "%s%d,", column++ % 24 ? "" : "\n    ", c);
    fprintf(out, "%s};\n", column ? "\n" : "0");
    int ok = !ferror(in);
    fclose(in);
    return ok;
}

static int write_all(FILE *out, const char *table, const char *root, char **paths, int n)
{
    fprintf(out, "/* Made by tools/embed.c. */\n#include \"base/embed.h\"\n\n");
    for (int i = 0; i < n; i++)
        if (!embed_file(out, root, paths[i], i))
            return 0;
    fprintf(out, "\nconst pt_embedded %s[] = {\n", table);
    for (int i = 0; i < n; i++)
        fprintf(out, "    {\"%s\", file%d, sizeof file%d},\n", paths[i], i, i);
    fprintf(out, "    {NULL, NULL, 0},\n};\n");
    return !ferror(out);
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: embed OUT TABLE ROOT PATH...\n");
        return 2;
    }
    FILE *out = fopen(argv[1], "w");
    if (!out) {
        perror(argv[1]);
        return 1;
    }
    qsort(argv + 4, (size_t)(argc - 4), sizeof *argv, by_text);
    int ok = write_all(out, argv[2], argv[3], argv + 4, argc - 4);
    if (fclose(out) != 0 || !ok) {
        fprintf(stderr, "embed: cannot write %s\n", argv[1]);
        remove(argv[1]);
        return 1;
    }
    return 0;
}
