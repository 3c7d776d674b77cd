/* A reason of a model for what it says of a customer. */
#ifndef PT_APP_REASON_H
#define PT_APP_REASON_H

typedef struct pt_reason {
    const char *feature; /* the tag */
    double contribution; /* to the log odds, or the value */
    const char *text;
} pt_reason;

#endif
