/* The account that somebody means by a number.
 *
 * Banks' files say "card:6228…" or "account:6228…" of one number; a person types the digits, and a form puts some kind
 * before them. So a key that the log does not have stands for the only one that it has of the same number. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "engine/engine_private.h"

enum { NUMBER_MIN = 6 }; /* shorter ones are no account numbers, and would meet a terminal's by chance */

static const char *const KINDS[] = {"card", "account", "wallet"};

static uint32_t find_exactly(const graph_view *view, sluice_text key) {
    uint32_t found = keys_find(&view->graph->keys, key, hash64(key.data, key.length));
    return found != KEY_NONE && graph_key_is_known(view, found) ? found : KEY_NONE;
}

uint32_t engine_find_account(const graph_view *view, sluice_text given) {
    uint32_t found = find_exactly(view, given), only = KEY_NONE;
    sluice_text kind = {0}, number = given;
    bool of_account = !text_split(given, ':', &kind, &number);
    number = of_account ? given : number;
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        of_account = of_account || text_equal(kind, text_of(KINDS[i]));
    }
    if (found != KEY_NONE || !of_account || number.length < NUMBER_MIN || number.length > KEY_BYTES_MAX) {
        return found;
    }
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        char key[KEY_BYTES_MAX + 16];
        int length = snprintf(key, sizeof key, "%s:%.*s", KINDS[i], TEXT_ARGS(number));
        found = find_exactly(view, (sluice_text){key, (size_t)length});
        if (found != KEY_NONE && only != KEY_NONE) {
            return KEY_NONE; /* a card and an account of the same number: say which */
        }
        only = found != KEY_NONE ? found : only;
    }
    return only;
}

sluice_text sluice_account_key(const sluice_engine *engine, sluice_text given) {
    graph_view view;
    graph_view_open(&engine->graph, 0, &view);
    uint32_t key = engine_find_account(&view, given);
    sluice_text found = key == KEY_NONE ? (sluice_text){0} : keys_text(&engine->graph.keys, key);
    graph_view_close(&view);
    return found;
}
