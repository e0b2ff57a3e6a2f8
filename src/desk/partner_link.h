/* Links to partners: where a message to a bank, a carrier, a group bot or a mail server goes, how it is signed, and how
 * much of it a partner takes.
 *
 * A link is proposed by an administrator and holds when a commander of the city approved it; then it takes the place of
 * the one before it of the same channel and partner, which ends. Links are not edited: what was in force when a message
 * went out can be read afterwards. Taking one out of service needs no second person, because nothing goes out then.
 *
 * Secrets are not in the database: `key_file` names a file in the folder of `serve --gateway-keys`. */
#ifndef DESK_PARTNER_LINK_H
#define DESK_PARTNER_LINK_H

#include "desk/kind.h"

extern const desk_kind PARTNER_LINK_KIND;

enum {
    LINK_CHANNEL,
    LINK_PARTNER,
    LINK_NAME,
    LINK_FORMAT,
    LINK_ENDPOINT,
    LINK_KEY_FILE,
    LINK_SETTINGS,
    LINK_PER_SECOND,
    LINK_IN_FLIGHT,
    LINK_TIMEOUT,
    LINK_ANSWER_WITHIN,
    LINK_ATTEMPTS_MAX,
    LINK_BACKOFF,
    LINK_BACKOFF_MAX,
    LINK_UNKNOWN,
    LINK_STATE,
    LINK_PROPOSED_BY,
    LINK_APPROVED_BY,
    LINK_APPROVED_AT,
    LINK_SUSPENDED_BY,
    LINK_FIELDS
};

/* The link that stands for this partner on this channel, open or suspended for now; `partner` empty: the channel's
 * first. NOT_FOUND. Any thread. */
SLUICE_MUST_USE sluice_result partner_link_find(desk_command *c, const char *channel, sluice_text partner,
                                                record *link_out);
/* A number that changes when a link changes. Any thread. */
uint64_t partner_link_epoch(const desk *d);

#endif
