#include "desk/desk_private.h"

static const struct {
    desk_role role;
    const char *name;
} ROLES[] = {
    {ROLE_DUTY, "duty"},           {ROLE_ANALYST, "analyst"},   {ROLE_INVESTIGATOR, "investigator"},
    {ROLE_COMMANDER, "commander"}, {ROLE_APPROVER, "approver"}, {ROLE_OUTREACH, "outreach"},
    {ROLE_AUDITOR, "auditor"},     {ROLE_PARTNER, "partner"},   {ROLE_ADMINISTRATOR, "administrator"},
    {ROLE_SYSTEM, "system"},
};

const desk_actor DESK_SYSTEM = {.login = {"system", 6}, .roles = ROLE_SYSTEM, .level = LEVEL_CITY};

sluice_text roles_format(unsigned roles, arena *a) {
    enum { ROOM = 128 };
    char *text = arena_alloc(a, ROOM);
    size_t used = 0;
    if (text == NULL) {
        return (sluice_text){0};
    }
    for (size_t i = 0; i < sizeof ROLES / sizeof *ROLES; i++) {
        if ((roles & ROLES[i].role) != 0) {
            int length = snprintf(text + used, ROOM - used, "%s%s", used == 0 ? "" : ",", ROLES[i].name);
            used += (size_t)length;
            SLUICE_ASSERT(used < ROOM);
        }
    }
    return (sluice_text){text, used};
}

bool roles_parse(sluice_text words, unsigned *roles_out) {
    *roles_out = 0;
    sluice_text word;
    for (bool more = true; more;) {
        more = text_split(words, ',', &word, &words);
        word = text_trim(word);
        bool known = false;
        for (size_t i = 0; i < sizeof ROLES / sizeof *ROLES; i++) {
            if (ROLES[i].role != ROLE_SYSTEM && text_equal(word, text_of(ROLES[i].name))) {
                *roles_out |= (unsigned)ROLES[i].role;
                known = true;
            }
        }
        if (!known) {
            return false;
        }
    }
    return *roles_out != 0;
}
