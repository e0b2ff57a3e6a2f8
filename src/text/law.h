/* What an act or a dated term rests on, for readers of either language.
 *
 * Tables name a statute as it is cited in China and what of it as "Arts. 174, 239", with a remark in English behind a
 * colon where there is one, and several with "; " between: "反电信网络诈骗法 Art. 20: police decide, banks carry out".
 * This is the canonical text: it is stored in histories, and what people propose themselves is kept as they wrote it.
 */
#ifndef TEXT_LAW_H
#define TEXT_LAW_H

#include <stdbool.h>

#include "base/text.h"

/* "反电信网络诈骗法第20条（公安机关决定，银行执行）", or "Anti-Telecom and Online Fraud Law Art. 20: police decide,
 * banks carry out". How sure we are of a source ([S], [D], [U]) is for those who keep the tables, and left out. What is
 * not known is written as it is. Any thread. */
void law_write(text_writer *writer, sluice_text law, bool chinese);

#endif
