/* The codes of problems in project files. Stable: a number is never given a second meaning. explain.c says more of
 * each. */
#ifndef PT_PROJECT_CODES_H
#define PT_PROJECT_CODES_H

enum {
    PT_E_YAML_SYNTAX = 101,
    PT_E_YAML_BYTES = 102,
    PT_E_YAML_LIMIT = 103,
    PT_E_EMPTY_FILE = 104,
    PT_E_WRONG_NODE = 105,
    PT_E_UNKNOWN_KEY = 106,
    PT_E_DUPLICATE_KEY = 107,
    PT_E_MISSING_KEY = 108,
    PT_E_BAD_NAME = 109,
    PT_E_NAME_TAKEN = 110,
    PT_E_UNKNOWN_TYPE = 111,
    PT_E_BAD_VALUE = 112,
    PT_E_BAD_ZONE = 113,
    PT_E_LOOKUP_SYNTAX = 114,
    PT_E_LOOKUP_SOURCE = 115,
    PT_E_LOOKUP_COLUMN = 116,
    PT_E_LOOKUP_CYCLE = 117,
    PT_E_KIND_FORBIDS = 118,
    PT_E_KEYS_CLASH = 119,
    PT_E_NOT_SUPPORTED = 120,
    PT_E_UNKNOWN_TAG = 121,
    PT_E_UNKNOWN_TIER = 122,
    PT_E_UNUSED_IDENTIFIER = 123,
    PT_E_NO_SOURCES = 124,
    PT_E_UNUSED_GROUP = 125,
    PT_E_MERGE_COLUMN = 950,
    PT_E_MERGE_TYPE = 951,
};

#endif
