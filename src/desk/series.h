/* Series (串并案): cases that belong together, linked by hand, each link on at least one hard key (法发〔2021〕22号).
 *
 * A hard key is an account, a phone, a URL or app, an address of the network, a device, a wallet or a group: which
 * kinds count is the dated table hard_key. The first case of a series brings the key; each further one must share it
 * with a case that is linked already. Likeness of texts links nothing. */
#ifndef DESK_SERIES_H
#define DESK_SERIES_H

#include "desk/kind.h"

extern const desk_kind SERIES_KIND, SERIES_LINK_KIND;

enum { SERIES_TITLE, SERIES_WORDS, SERIES_STATE, SERIES_MADE_BY, SERIES_FIELDS };
enum {
    SERIES_LINK_SERIES,
    SERIES_LINK_CASE,
    SERIES_LINK_KEY,
    SERIES_LINK_WORDS,
    SERIES_LINK_STATE,
    SERIES_LINK_LINKED_CASE,
    SERIES_LINK_BY,
    SERIES_LINK_AT,
    SERIES_LINK_FIELDS
};

#endif
