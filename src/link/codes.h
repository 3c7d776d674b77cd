/* Codes of problems in what a project says of linking. Stable; src/project/explain_link.c says more of each. */
#ifndef PT_LINK_CODES_H
#define PT_LINK_CODES_H

enum {
    PT_E_LINK_FUNCTION = 501,
    PT_E_LINK_EXPRESSION = 502,
    PT_E_LINK_LEVEL = 503,
    PT_E_LINK_COLUMN = 504,
    PT_E_LINK_KIND = 505,
    PT_E_LINK_SOURCE = 506,
    PT_E_LINK_NOTHING = 507, /* reported by app/ */
};

#endif
