/* The data directory of a project in the test's folder, as builds leave it. */
#ifndef TESTS_SUPPORT_DATA_DIR_H
#define TESTS_SUPPORT_DATA_DIR_H

void data_dir_remove(void);
/* The rows that a statement gives in its store, to be freed. */
char *data_dir_ask(const char *sql);
void data_dir_exec(const char *sql);

#endif
