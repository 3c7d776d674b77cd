/* The administrative divisions of China, made by tools/regions.c when the program is built: constants, so that nothing is
 * read or worked out when it starts. */
#ifndef PT_FORM_REGION_TABLE_H
#define PT_FORM_REGION_TABLE_H

#include <stddef.h>
#include <stdint.h>

typedef struct region_row {
    uint32_t code; /* six digits of GB/T 2260 */
    const char *name;
    uint8_t n;    /* bytes of the name */
    uint8_t stem; /* bytes of it that are enough: 广西 of 广西壮族自治区; 0: the name of no place */
} region_row;

extern const region_row region_rows[]; /* by code */
extern const size_t region_count;
extern const uint16_t regions_by_name[]; /* places alone, in the byte order of their names */
extern const size_t regions_by_name_count;
extern const uint64_t
    regions_by_name_head[]; /* of each its first two characters (six bytes, the first is the highest) */

#endif
