/* Which orders are of one account: banks' files, people and forms put "card:" or "account:" before one number, so a cap
 * that counted keys would let a third stop pass for the first of another account. */
#include "desk/desk_private.h"
#include "desk/order.h"

static const char *const KINDS[ORDER_NAMES] = {"account:", "card:"};

sluice_result order_account_names(desk_command *c, sluice_text account, record_value names[ORDER_NAMES],
                                  size_t *count_out) {
    sluice_text kind, number;
    bool is_known = false;
    names[0] = value_text(account);
    *count_out = 1;
    (void)text_split(account, ':', &kind, &number);
    for (size_t i = 0; i < ORDER_NAMES; i++) {
        is_known = is_known || text_equal(kind, (sluice_text){KINDS[i], strlen(KINDS[i]) - 1});
    }
    for (size_t i = 0; is_known && i < ORDER_NAMES; i++) {
        size_t length = strlen(KINDS[i]);
        char *name = arena_alloc(c->arena, length + number.length + 1);
        if (name == NULL) {
            return error_no_memory(c->error, length + number.length);
        }
        memcpy(name, KINDS[i], length);
        memcpy(name + length, number.data, number.length);
        names[i] = value_text((sluice_text){name, length + number.length});
        *count_out = i + 1;
    }
    return SLUICE_OK;
}
