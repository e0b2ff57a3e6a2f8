/* What messages are for. Each channel's purposes are rows here; their effects live with the kind they act on. */
#include <string.h>

#include "desk/campaign_outbox.h"
#include "desk/inquiry.h"
#include "desk/order_bank.h"
#include "desk/outbox.h"
#include "desk/warning.h"

static const outbox_purpose PURPOSES[] = {
    {"stop", stop_order_wanted, stop_order_answered, NULL, false, "stop payment (100101)", "止付"},
    {"stop_extend", stop_order_wanted, stop_order_answered, NULL, false, "second stop of an account (100105)",
     "止付延期"},
    {"stop_release", NULL, NULL, NULL, false, "release of a stop (100103)", "止付解除"},
    {"freeze", freeze_order_wanted, freeze_order_answered, NULL, false, "freeze (100201)", "冻结"},
    {"freeze_extend", NULL, NULL, NULL, false, "extension of a freeze (100205)", "冻结延期"},
    {"freeze_release", NULL, NULL, NULL, false, "release of a freeze (100203)", "冻结解除"},
    {"detail", inquiry_wanted, inquiry_answered, inquiry_gave_up, true, "transactions of an account (100301)",
     "交易明细查询"},
    {"warning_sms", warning_sms_wanted, warning_answered, warning_gave_up, false, "SMS to a victim", "预警短信"},
    {"warning_call", warning_call_wanted, warning_answered, warning_gave_up, false, "call to a victim by machine",
     "预警语音外呼"},
    {"trial", NULL, NULL, NULL, false, "trial of a link", "通道测试"},
    {"recall", NULL, NULL, NULL, false, "recall of a payment for fraud (camt.056)", "欺诈交易撤回请求"},
    {"campaign", campaign_send_wanted, campaign_send_answered, campaign_send_gave_up, false, "message of a campaign",
     "宣传消息"},
};

const outbox_purpose *outbox_purpose_find(sluice_text name) {
    for (size_t i = 0; i < sizeof PURPOSES / sizeof *PURPOSES; i++) {
        if (text_equal(text_of(PURPOSES[i].name), name)) {
            return &PURPOSES[i];
        }
    }
    return NULL;
}
