/* Mail as RFC 5322, 2045, 2047 and 2231 have it: the parts that libcurl's MIME leaves to us. No I/O; any thread. */
#ifndef GATEWAY_MAIL_MESSAGE_H
#define GATEWAY_MAIL_MESSAGE_H

#include "base/text.h"

/* An address that may stand between < and >: one @, no spaces, quotes or control characters, 254 bytes at most. */
bool mail_address_is_valid(sluice_text address);

/* "Name: value" where the value may be any UTF-8: plain if it is plain ASCII and short, else encoded words of at most
 * 75 characters, split between characters, folded. A line end in the value never becomes one of the header's. */
void mail_write_header(text_writer *out, const char *name, sluice_text value);

/* "Date: …" at this moment, in +0800. */
void mail_write_date(text_writer *out, int64_t now_ms);

/* "Content-Disposition: attachment; …" with the name as RFC 2231 and, for programs that do not know that, as an encoded
 * word. A name's folders are left out. */
void mail_write_disposition(text_writer *out, sluice_text name);

#endif
