#include "desk/campaign_outbox.h"

#include "desk/desk_private.h"

sluice_result campaign_outbox_put(desk_command *c, const record *campaign, const record *material, record *row,
                                  sluice_text link, sluice_text address) {
    (void)campaign;
    (void)material;
    (void)link;
    (void)address;
    row->values[SEND_STATE] = value_text(TEXT("no_link"));
    return desk_update(c, row);
}
