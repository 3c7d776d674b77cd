/* Names of persons as records have them: "张丹", "張 丹", "张女士", "阿丹~", "Zhang Dan", "DAN ZHANG", "Smith-Jones, Mary (Mrs)".
 *
 * The canonical form is what is known of the name and nothing else: simplified characters, lower-case letters, no titles,
 * remarks or decoration. "张丹" is a whole name; "张*" one of which only the family name is known (张女士); "*丹*" one of which only
 * a part of the given name is (阿丹). Western names keep their words in order: "mary smith-jones". */
#ifndef PT_LINK_NAME_H
#define PT_LINK_NAME_H

#include "form/latin.h"

/* Appends the canonical form; nothing for what is no name. */
void pt_name_canonical(pt_str *out, pt_sv name);

/* What a title says: 'f' of 张女士, 'm' of 张先生; 0 of most names. */
char pt_name_gender(pt_sv name);

/* Of canonical forms: */
/* The words in Latin letters in order of the alphabet, a Chinese given name as one: "dan zhang" for 张丹, Zhang Dan and Dan Zhang.
 * Nothing for parts of names. */
void pt_name_reading(pt_str *out, pt_sv canonical, pt_latin *latin);
/* What a part of a name says: "^张" it begins so, "丹" it has that somewhere; nothing for whole names. */
void pt_name_hint(pt_str *out, pt_sv canonical);
/* What hints are looked up in: "^张丹", "^张", "丹". */
void pt_name_whole(pt_str *out, pt_sv canonical);
/* Both as they sound, for names in either script: "|zhang|", "dan"; "|dan|zhang|" of 张丹 and of Zhang Dan. */
void pt_name_spoken_hint(pt_str *out, pt_sv canonical, pt_latin *latin);
void pt_name_spoken_whole(pt_str *out, pt_sv canonical, pt_latin *latin);
/* The family name: 张, 欧阳; of a Western name its last word. Nothing when it is not known. */
void pt_name_family(pt_str *out, pt_sv canonical);
/* What a whole name has beside the family name. */
void pt_name_given(pt_str *out, pt_sv canonical);

#endif
