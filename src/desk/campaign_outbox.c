/* A campaign's messages as deliveries of the outbox, and what their end means to the row they are about.
 *
 * Each delivery is about its own row, not about the campaign: so messages to different people do not wait for each
 * other, and none is sent twice (dedup is the row's). It is not sent any more when the quiet hours begin, or half a day
 * after its time, whatever kept it waiting. */
#include "desk/campaign_outbox.h"

#include <stdio.h>

#include "base/json_write.h"
#include "desk/campaign.h"
#include "desk/desk_private.h"

#define LATE_MS INT64_C(43200000)

/* {"text": …} or {"subject": …, "text": …}. */
static sluice_result write_payload(desk_command *c, const record *material, sluice_text channel, sluice_text *payload) {
    json_document d;
    text_writer out = {0};
    yyjson_mut_val *root = json_begin(&d);
    if (text_equal(channel, TEXT("mail"))) {
        const record_value *subject = &material->values[MATERIAL_SUBJECT];
        json_add_text(&d, root, "subject", subject->is_null ? material->values[MATERIAL_TITLE].text : subject->text);
    }
    json_add_text(&d, root, "text", campaign_text(material, channel));
    sluice_result result = json_end_line(&d, &out, c->error);
    size_t length = out.length > 0 && out.data[out.length - 1] == '\n' ? out.length - 1 : out.length;
    const char *copy = result == SLUICE_OK ? arena_copy(c->arena, out.data, length) : NULL;
    text_writer_fini(&out);
    *payload = (sluice_text){copy, length};
    return result == SLUICE_OK && copy == NULL ? error_no_memory(c->error, length) : result;
}

sluice_result campaign_outbox_put(desk_command *c, const record *campaign, const record *material, record *row,
                                  sluice_text link, sluice_text address) {
    char channel[16];
    int64_t id = 0, quiet_ms = 0;
    sluice_text payload = {0}, name = campaign->values[CAMPAIGN_CHANNEL].text;
    (void)snprintf(channel, sizeof channel, "%.*s", TEXT_ARGS(name));
    sluice_result result = write_payload(c, material, name, &payload);
    result = result == SLUICE_OK ? campaign_quiet_begin(c, c->now_ms, &quiet_ms) : result;
    if (result != SLUICE_OK) {
        return result;
    }
    int64_t late_ms = c->now_ms + LATE_MS;
    const outbox_message message = {
        .channel = channel,
        .partner = link,
        .purpose = "campaign",
        .kind = &CAMPAIGN_SEND_KIND,
        .about = row,
        .address = address,
        .payload = payload,
        .dedup = row->values[SEND_DEDUP].text,
        .deadline_ms = quiet_ms < late_ms ? quiet_ms : late_ms,
    };
    result = outbox_put(c, &message, &id);
    if (result == SLUICE_E_NOT_FOUND) {
        row->values[SEND_STATE] = value_text(TEXT("no_link"));
    } else if (result == SLUICE_OK) {
        row->values[SEND_DELIVERY] = value_integer(id);
    } else {
        return result;
    }
    return desk_update(c, row);
}

bool campaign_send_wanted(const record *row) {
    return text_equal(row->values[SEND_STATE].text, TEXT("queued"));
}

sluice_result campaign_send_answered(desk_command *c, const record *delivery, record *row,
                                     const outbox_answer *answer) {
    (void)delivery;
    bool arrived = answer->verdict == VERDICT_DONE;
    return desk_act_inside(c, &CAMPAIGN_SEND_KIND, arrived ? "arrived" : "fail", row, NULL, 0);
}

sluice_result campaign_send_gave_up(desk_command *c, const record *delivery, record *row) {
    (void)delivery;
    return desk_act_inside(c, &CAMPAIGN_SEND_KIND, "fail", row, NULL, 0);
}
