/* The canonical columns are mappings like any other, built in. What the simulator writes and what docs/importing.md
 * recommends to whoever can choose. Ground truth comes in the optional column `label` of transfers, withdrawals and
 * accounts. */
#include "base/text.h"
#include "signal/mapped.h"

#define MOVEMENT                                                                                                       \
    "\"id\": {\"column\": \"id\", \"optional\": true}, \"time\": \"time\", \"from\": \"from\", \"amount\": "           \
    "\"amount\","                                                                                                      \
    "\"currency\": {\"column\": \"currency\", \"optional\": true},"                                                    \
    "\"received\": {\"column\": \"received\", \"optional\": true},"                                                    \
    "\"received_currency\": {\"column\": \"received_currency\", \"optional\": true},"                                  \
    "\"from_balance\": {\"column\": \"from_balance\", \"optional\": true},"                                            \
    "\"to_balance\": {\"column\": \"to_balance\", \"optional\": true}," LABEL
#define LABEL "\"label\": {\"column\": \"label\", \"optional\": true}"
#define EVENT "\"event\": {\"column\": \"event\", \"optional\": true}"
#define TYPE "\"type\": {\"column\": \"type\", \"optional\": true}"
#define NAME "\"name\": {\"column\": \"name\", \"optional\": true}"
#define HOLDER "\"holder\": {\"column\": \"holder\", \"optional\": true}"

static const struct {
    const char *stem, *mapping;
} ROLES[CANONICAL_COUNT] = {
    [CANONICAL_ACCOUNTS] = {"accounts",
                            "{\"kind\": \"account\", \"columns\": {\"key\": \"key\", \"time\": \"time\"," TYPE
                            "," HOLDER "," NAME "," EVENT "," LABEL "}}"},
    [CANONICAL_HOLDERS] = {"holders", "{\"kind\": \"holder\", \"columns\": {\"key\": \"key\", \"time\": \"time\"," TYPE
                                      "," NAME "," EVENT "}}"},
    [CANONICAL_DEVICES] = {"devices", "{\"kind\": \"device\", \"columns\": {\"key\": \"key\", \"time\": \"time\"," TYPE
                                      "," EVENT "}}"},
    [CANONICAL_LOGINS] = {"logins", "{\"kind\": \"login\", \"columns\": {\"time\": \"time\", \"account\": \"account\", "
                                    "\"device\": \"device\", \"place\": {\"column\": \"place\", \"optional\": true}}}"},
    [CANONICAL_TRANSFERS] = {"transfers", "{\"kind\": \"transfer\", \"columns\": {\"to\": \"to\"," MOVEMENT "}}"},
    [CANONICAL_WITHDRAWALS] =
        {"withdrawals", "{\"kind\": \"withdrawal\", \"columns\": {\"to\": {\"column\": \"to\", \"optional\": true},"
                        "" MOVEMENT "}}"},
    [CANONICAL_ANY] = {NULL,
                       "{\"kind\": {\"column\": \"kind\", \"optional\": true, \"empty\": \"transfer\"}, \"columns\": {"
                       "\"id\": {\"column\": \"id\", \"optional\": true}, \"time\": \"time\","
                       "\"from\": {\"column\": \"from\", \"optional\": true},"
                       "\"to\": {\"column\": \"to\", \"optional\": true},"
                       "\"amount\": {\"column\": \"amount\", \"optional\": true},"
                       "\"currency\": {\"column\": \"currency\", \"optional\": true},"
                       "\"received\": {\"column\": \"received\", \"optional\": true},"
                       "\"received_currency\": {\"column\": \"received_currency\", \"optional\": true},"
                       "\"from_balance\": {\"column\": \"from_balance\", \"optional\": true},"
                       "\"to_balance\": {\"column\": \"to_balance\", \"optional\": true},"
                       "\"key\": {\"column\": [\"key\", \"account\"], \"optional\": true}," TYPE "," HOLDER "," NAME
                       "," EVENT "," LABEL ", \"device\": {\"column\": \"device\", \"optional\": true},"
                       "\"place\": {\"column\": \"place\", \"optional\": true}}}"},
};

canonical_role canonical_role_of(sluice_text stem) {
    for (int i = CANONICAL_MAPPED + 1; i < CANONICAL_COUNT; i++) {
        if (ROLES[i].stem != NULL && text_equal(stem, text_of(ROLES[i].stem))) {
            return (canonical_role)i;
        }
    }
    return CANONICAL_MAPPED;
}

sluice_text canonical_mapping(canonical_role role) {
    return text_of(ROLES[role].mapping);
}
