#include "desk/kinds.h"

#include "desk/bulletin.h"
#include "desk/case.h"
#include "desk/comment.h"
#include "desk/dated.h"
#include "desk/evidence.h"
#include "desk/handover.h"
#include "desk/import.h"
#include "desk/inquiry.h"
#include "desk/lead.h"
#include "desk/operation.h"
#include "desk/order.h"
#include "desk/outbox.h"
#include "desk/outlet.h"
#include "desk/outreach.h"
#include "desk/partner_link.h"
#include "desk/rectification.h"
#include "desk/report.h"
#include "desk/return.h"
#include "desk/rule_change.h"
#include "desk/series.h"
#include "desk/unit.h"
#include "desk/user.h"
#include "desk/warning.h"

const desk_kind *const DESK_KINDS[] = {
    &LEAD_KIND,
    &LEAD_SOURCE_KIND,
    &LEAD_COMMENT_KIND,
    &WARNING_KIND,
    &ATTEMPT_KIND,
    &WARNING_COMMENT_KIND,
    &REPORT_KIND,
    &REPORT_TRANSFER_KIND,
    &REPORT_COMMENT_KIND,
    &CASE_KIND,
    &TASK_KIND,
    &ENTITY_KIND,
    &EVIDENCE_KIND,
    &CUSTODY_KIND,
    &CASE_COMMENT_KIND,
    &SERIES_KIND,
    &SERIES_LINK_KIND,
    &STOP_KIND,
    &FREEZE_KIND,
    &INQUIRY_KIND,
    &APPEAL_KIND,
    &RETURN_KIND,
    &RETURN_SHARE_KIND,
    &OBJECTION_KIND,
    &PARTNER_LINK_KIND,
    &DELIVERY_KIND,
    &HANDOVER_KIND,
    /* industry governance and outreach */
    &OUTLET_KIND,
    &OUTLET_MONTH_KIND,
    &CARD_KIND,
    &OUTLET_NOTICE_KIND,
    &PUNISHMENT_KIND,
    &AUDIENCE_KIND,
    &MATERIAL_KIND,
    &CAMPAIGN_KIND,
    &CAMPAIGN_SEND_KIND,
    &OPT_OUT_KIND,
    &CHAT_GROUP_KIND,
    &OUTREACH_EVENT_KIND,
    &ALLIANCE_PARTNER_KIND,
    &ALLIANCE_ACTION_KIND,
    /* concentrated operations and bulletins */
    &OPERATION_KIND,
    &PARTICIPATION_KIND,
    &TARGET_KIND,
    &SITE_KIND,
    &TEAM_KIND,
    &STEP_KIND,
    &ARREST_KIND,
    &SEIZURE_KIND,
    &SEIZURE_CUSTODY_KIND,
    &PLACE_KIND,
    &INSPECTION_KIND,
    &BULLETIN_KIND,
    &BULLETIN_FILE_KIND,
    &IMPORT_KIND,
    &RULE_CHANGE_KIND,
    &DATED_KIND,
    &UNIT_KIND,
    &AREA_KIND,
    &USER_KIND,
    &KEY_KIND,
};
const size_t DESK_KIND_COUNT = sizeof DESK_KINDS / sizeof *DESK_KINDS;
