/* A fitted model as bytes: a magic, a version, then numbers in the order in which they are read again. Bytes are not trusted:
 * counts are checked against what is left before anything is allocated, numbers against what they may be. Whoever stores the
 * bytes guards them by a checksum; without one, damage may change numbers but never lead outside the model. */
#ifndef PT_MODEL_BLOB_H
#define PT_MODEL_BLOB_H

#include "base/frame.h"

/* magic: 4 letters. */
void pt_blob_begin(pt_str *out, const char *magic, uint32_t version);
void pt_blob_put_count(pt_str *out, size_t n);
void pt_blob_put_number(pt_str *out, double v);
void pt_blob_put_numbers(pt_str *out, const double *v, size_t n); /* without their count */
void pt_blob_put_floats(pt_str *out, const float *v, size_t n);
void pt_blob_put_codes(pt_str *out, const uint32_t *v, size_t n);
/* A part of another kind: its length, then its bytes. */
void pt_blob_put_bytes(pt_str *out, pt_sv bytes);

/* Sticky: after the first thing that is wrong everything reads as zero and pt_blob_end fails. */
typedef struct pt_blob {
    pt_frame_cursor cursor;
    bool no_memory;
    bool other_version; /* of the same kind, written by another version of the program */
} pt_blob;

void pt_blob_open(pt_blob *b, pt_sv bytes, const char *magic, uint32_t version);
void pt_blob_refuse(pt_blob *b); /* what was read makes no sense */
size_t pt_blob_count(pt_blob *b, size_t low, size_t high);
double pt_blob_number(pt_blob *b, double low, double high); /* finite and within */
/* n values into memory of their own (64-byte aligned; free()), all finite; NULL after a failure. */
double *pt_blob_numbers(pt_blob *b, size_t n);
float *pt_blob_floats(pt_blob *b, size_t n);
uint32_t *pt_blob_codes(pt_blob *b, size_t n, uint32_t below);
pt_sv pt_blob_bytes(pt_blob *b); /* borrowed */
/* PT_OK when everything was read and nothing is left; else PT_ECORRUPT or PT_ENOMEM. `name`: "logistic". */
pt_rc pt_blob_end(const pt_blob *b, const char *name, pt_err *err);

#endif
