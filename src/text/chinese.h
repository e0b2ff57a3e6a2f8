/* What the program says in English, in Chinese.
 *
 * The engine and the desk write their errors in one language, with what is wrong in them (error_set, desk_fault_add …).
 * Whoever reads Chinese gets the same sentence: a catalogue has the format of each English sentence beside the Chinese
 * one, and the values are taken out of the finished English text by that format. So no layer carries two texts about,
 * and what was said before, or by a lower layer that knows nothing of languages, is translated all the same.
 * scripts/check_chinese.py (in ctest) finds every format of the sources that has no row here. */
#ifndef TEXT_CHINESE_H
#define TEXT_CHINESE_H

#include "base/json_write.h"
#include "base/memory.h"
#include "base/text.h"

/* Writes the Chinese of `english`; false, and nothing written, if the catalogue has no sentence of this form. What
 * stands before a sentence as place or field ("mule.rule: line 3: …") is kept. Codes and names of fields stand in “ ”.
 * Any thread. Cost: one pass over the catalogue, bounded work for each row; errors only. */
bool chinese_write(text_writer *writer, sluice_text english);

/* The same as a member of a JSON object, such as "detail_zh"; no member if there is no Chinese. */
void chinese_add(json_document *d, yyjson_mut_val *object, const char *key, sluice_text english);

/* "中文 / English", as the reasons of rejected rows are, for texts that are stored; the English alone if there is no
 * Chinese, and a text that has both already as it is. In the arena; at most `bytes_max` bytes, cut at a character.
 * Without memory: the English as it was given. */
sluice_text chinese_both(arena *a, sluice_text english, size_t bytes_max);

#endif
