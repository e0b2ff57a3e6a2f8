#include "desk/dated_defaults.h"

#define STOP_RULE "银发〔2016〕86号"
#define PROCEDURE "公安机关办理刑事案件程序规定"
#define RETURN_RULE "银监发〔2016〕41号 Art. 8"
#define ANTI_FRAUD_LAW "反电信网络诈骗法"
#define CENTRE "the centre's own, no national rule was found"
#define PLATFORM "the Ministry's platform, 13 types (CCL23-Eval task 6 lists 12 and the rest)"
#define OWN(name, code, value, en, zh)                                                                                 \
    { name, code, value, "2022-12-01", CENTRE, en, zh }

const dated_default DATED_DEFAULTS[] = {
    /* stop, freeze, release */
    {"duration", "stop", "48h", "2016-03-18", STOP_RULE, "a stop payment holds so long from the stop", "止付期限"},
    {"cap", "stops_per_account", "2", "2016-03-18", STOP_RULE, "stops of one account at most", "同一账户止付次数上限"},
    OWN("duration", "stop_alarm", "6h", "alarm before a stop ends", "止付到期提醒"),
    {"months", "freeze", "6", "2020-09-01", PROCEDURE " Art. 243", "a freeze of a deposit, and each renewal",
     "冻结存款期限（月）"},
    {"months", "freeze_major", "12", "2020-09-01", PROCEDURE " Art. 243",
     "in a major and complex case, with the city's approval", "重大、复杂案件冻结期限（月）"},
    OWN("duration", "freeze_alarm", "7d", "alarm before a freeze ends", "冻结到期提醒"),
    {"duration", "unrelated_release", "3d", "2020-09-01", PROCEDURE " Art. 247",
     "property found to be unrelated is released within", "与案件无关财产解除期限"},
    OWN("duration", "order_answer", "30m", "a bank answers an order within", "银行反馈时限"),
    OWN("duration", "first_layer", "30m", "the first layer is entered so soon after the report", "一级卡录入时限"),
    OWN("duration", "appeal", "5d", "an appeal against a measure is answered within", "申诉答复时限"),
    /* return */
    {"duration", "return_notice", "30d", "2016-08-04", RETURN_RULE, "public notice before a return by proportion",
     "返还公告期"},
    {"days", "return_execution", "3", "2016-08-04", RETURN_RULE, "working days in which the bank acts",
     "银行办理返还工作日"},
    /* leads */
    OWN("duration", "lead_escalation", "2h", "between two escalations of a lead that is overdue",
        "线索逾期逐级上报间隔"),
    /* warnings */
    OWN("duration", "sign_urgent", "5m", "sign for an urgent warning within", "紧急预警签收时限"),
    OWN("duration", "sign_high", "10m", "sign for a high one within", "高危预警签收时限"),
    OWN("duration", "sign_medium", "30m", "sign for a medium one within", "中危预警签收时限"),
    OWN("duration", "sign_low", "2h", "sign for a low one within", "低危预警签收时限"),
    OWN("duration", "retry_sms", "5m", "after an SMS, the next step is due after", "短信后续时限"),
    OWN("duration", "retry_phone", "5m", "between two calls to a victim who does not answer", "电话重拨间隔"),
    OWN("duration", "retry_visit", "2h", "between two visits", "上门重访间隔"),
    OWN("cap", "attempts_sms", "1", "SMS before the next channel", "短信次数上限"),
    OWN("cap", "attempts_phone", "5", "calls before the next channel", "电话次数上限"),
    OWN("cap", "attempts_visit", "3", "visits before a supervisor decides", "上门次数上限"),
    OWN("duration", "warning_fold", "30d", "later alerts of one victim join the same thread for",
        "同一受害人预警合并期"),
    OWN("duration", "call_back", "72h", "call back after dissuasion", "回访时限"),
    OWN("percent", "averted", "100", "of the money that was about to leave, counted as averted", "避免损失折算比例"),
    /* tiers, with the channel each begins with */
    OWN("tier", "urgent", "visit", "urgent: visit and technical countermeasure", "紧急"),
    OWN("tier", "high", "visit", "high: visit and technical countermeasure", "高"),
    OWN("tier", "medium", "phone", "medium: phone", "中"),
    OWN("tier", "low", "sms", "low: SMS, then phone", "低"),
    OWN("tier_score", "urgent", "90", "urgent from this score on", "紧急起始分"),
    OWN("tier_score", "high", "70", "high from this score on", "高危起始分"),
    OWN("tier_score", "medium", "50", "medium from this score on", "中危起始分"),
    /* closing a warning */
    OWN("closing", "dissuaded", "", "dissuaded", "已劝阻"),
    OWN("closing", "not_found_yet", "", "not found yet", "暂时找不到"),
    OWN("closing", "cannot_be_found", "", "cannot be found", "确实找不到"),
    OWN("closing", "mismatch", "", "does not match: a false positive", "不符"),
    OWN("closing", "duplicate", "", "duplicate", "重复预警"),
    /* the taxonomy of fraud */
    {"fraud_type", "task_rebate", "", "2022-01-01", PLATFORM, "paid tasks with rebates", "刷单返利"},
    {"fraud_type", "customer_service", "", "2022-01-01", PLATFORM, "false customer service", "冒充电商物流客服"},
    {"fraud_type", "investment", "", "2022-01-01", PLATFORM, "false investment", "虚假网络投资理财"},
    {"fraud_type", "loan", "", "2022-01-01", PLATFORM, "loan or credit card", "贷款、代办信用卡"},
    {"fraud_type", "credit_report", "", "2022-01-01", PLATFORM, "false credit report", "虚假征信"},
    {"fraud_type", "shopping", "", "2022-01-01", PLATFORM, "false shopping or service", "虚假购物、服务"},
    {"fraud_type", "authority", "", "2022-01-01", PLATFORM, "false police, prosecutor or authority",
     "冒充公检法及政府机关"},
    {"fraud_type", "acquaintance", "", "2022-01-01", PLATFORM, "false leader or acquaintance", "冒充领导、熟人"},
    {"fraud_type", "game_trade", "", "2022-01-01", PLATFORM, "false trade of game goods", "网络游戏产品虚假交易"},
    {"fraud_type", "romance", "", "2022-01-01", PLATFORM, "romance without investment", "网络婚恋、交友（非投资）"},
    {"fraud_type", "extortion", "", "2022-01-01", PLATFORM, "online underworld case", "网黑案件"},
    {"fraud_type", "military_purchase", "", "2022-01-01", PLATFORM, "false military or police purchase",
     "冒充军警购物"},
    {"fraud_type", "other", "", "2022-01-01", PLATFORM, "other", "其他"},
    /* what to say, by type of fraud */
    OWN("script", "task_rebate",
        "您参与的“刷单任务”是诈骗：先返小利，再要求垫付大额，任务永远完不成。请立即停止转账，不要再垫付。",
        "The paid tasks are a fraud: small rebates first, then ever larger deposits and a task that never ends. Stop "
        "paying now.",
        "刷单返利劝阻话术"),
    OWN("script", "customer_service",
        "电商、物流客服不会让您共享屏幕，也没有“安全账户”。请退出会议软件，不要按对方指示操作。",
        "No shop or courier asks you to share your screen, and there is no safe account. Leave the meeting app.",
        "冒充客服劝阻话术"),
    OWN("script", "investment", "能小额提现不代表平台真实；大额提现时要求交“解冻费”“税费”就是诈骗。请停止充值。",
        "A small withdrawal proves nothing; a fee before a large one is the fraud. Pay in no more.",
        "虚假投资劝阻话术"),
    OWN("script", "loan", "放款前收取手续费、保证金、刷流水的都是诈骗。请不要转账。",
        "Whoever asks for a fee, a deposit or turnover before a loan is a fraud. Do not pay.", "贷款劝阻话术"),
    OWN("script", "credit_report", "征信不能由个人“修复”，也不需要转账注销贷款。请挂断并退出会议软件。",
        "Nobody repairs a credit record for money, and no loan is closed by a transfer. Hang up.", "虚假征信劝阻话术"),
    OWN("script", "authority", "公检法机关不会通过电话办案，没有“安全账户”，不会要求保密转账。我们可以当面向您核实。",
        "Police and courts do not work by phone, have no safe account and ask for no secret transfers. We can meet.",
        "冒充公检法劝阻话术"),
    OWN("script", "acquaintance", "请用您原来的号码回拨本人核实，不要只看头像和名字。",
        "Call the person back on the number you had before; a picture and a name prove nothing.", "冒充熟人劝阻话术"),
    OWN("script", "other", "您的账户可能正在被骗转账，请先停止付款，我们帮您核实对方身份。",
        "You may be paying a fraud. Stop first; we check with you who the other is.", "通用劝阻话术"),
    /* sign-in */
    OWN("cap", "sign_in_failures", "5", "wrong passwords before a user is locked", "登录失败上限"),
    OWN("duration", "sign_in_lock", "15m", "for so long", "登录锁定时长"),
    OWN("duration", "session", "12h", "a session ends after", "会话最长时长"),
    OWN("duration", "session_idle", "30m", "or when nothing was done for", "会话空闲时长"),
    OWN("duration", "activation", "72h", "an activation code holds for", "激活码有效期"),
    {"cap", "sims_per_carrier", "5", "2016-11-04", "工信部网安函〔2016〕452号; " ANTI_FRAUD_LAW " Art. 10",
     "SIM cards of a person at a carrier", "每人每运营商电话卡上限"},
    {"cap", "cards_per_bank", "4", "2016-12-01", "银发〔2016〕302号; " ANTI_FRAUD_LAW " Art. 16",
     "debit cards of a person at a bank", "每人每银行借记卡上限"},
};
const size_t DATED_DEFAULT_COUNT = sizeof DATED_DEFAULTS / sizeof *DATED_DEFAULTS;
