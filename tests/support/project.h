/* A project written to the test's folder and loaded, for tests that look at what came out. */
#ifndef TESTS_SUPPORT_PROJECT_H
#define TESTS_SUPPORT_PROJECT_H

#include "project/project.h"

typedef struct loaded {
    pt_arena *arena;
    pt_diags diags;
    pt_project *project;
    pt_str printed; /* the problems, as `check` prints them */
} loaded;

/* Writes test_dir()/path, making folders. */
void write_project_file(const char *path, const char *text);
/* Loads test_dir()/dir (NULL: test_dir() itself). Fails the test only when loading itself fails. */
void load_project(loaded *l, const char *dir);
void load_folder(loaded *l, const char *dir);
/* As load_project; any problem fails the test. */
void load_clean(loaded *l);
void unload(loaded *l);

const pt_source *source_named(const loaded *l, const char *name);
const pt_source_column *column_named(const pt_source *s, const char *name);
const pt_tag *tag_named(const loaded *l, const char *name);

#endif
