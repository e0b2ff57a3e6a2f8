#include "text/law.h"

#include <ctype.h>

/* In the canonical text, and for readers. */
typedef struct law_words {
    const char *said, *read;
} law_words;

/* Official or usual English titles; a document's number is "银发〔2016〕86号". */
static const law_words ENGLISH[] = {
    {"反电信网络诈骗法", "Anti-Telecom and Online Fraud Law"},
    {"个人信息保护法", "Personal Information Protection Law"},
    {"刑事诉讼法", "Criminal Procedure Law"},
    {"治安管理处罚法", "Public Security Administration Punishments Law"},
    {"公安机关办理刑事案件程序规定", "Rules of Procedure for Criminal Cases"},
    {"联合惩戒办法", "Joint Punishment Measures"},
    {"银监发", "CBRC notice"},
    {"银发", "PBOC notice"},
    {"公通字", "MPS notice"},
    {"法发", "SPC opinions"},
    {"法释", "SPC interpretation"},
    {"工信部网安函", "MIIT letter"},
    {" (综合治理、属地责任)", ""},
    {" (统一指挥)", ""},
    {"管辖", "Jurisdiction"},
    {"搜查、查封、扣押", "Search, sealing and seizure"},
    {"〔", " ["},
    {"〕", "] no. "},
    {"号", ""},
    {" [S]", ""},
    {" [D]", ""},
    {" [U]", ""},
};

static const law_words CHINESE[] = {
    {"the centre's own, no national rule was found", "本中心规定，未见全国统一规定"},
    {"the centre's own rule (four eyes)", "本中心规定（双人复核）"},
    {"the centre's own rule", "本中心规定"},
    {"the Ministry's platform, 13 types (CCL23-Eval task 6 lists 12 and the rest)", "公安部平台十三类"},
    {" (jurisdiction)", "（管辖）"},
    {" (综合治理、属地责任)", "（综合治理、属地责任）"},
    {" [S]", ""},
    {" [D]", ""},
    {" [U]", ""},
};

/* Behind a colon. */
static const law_words REMARKS[] = {
    {"2 or 3 years, at most 5 in a row", "二年或三年，连续不超过五年"},
    {"30 days of public notice before a return by proportion", "按比例返还前公告30日"},
    {"48 hours", "48小时"},
    {"a bureau of city level identifies", "由设区的市级以上公安机关认定"},
    {"a role is suggested until somebody else confirms it", "角色经他人认定前仅为建议"},
    {"a rule can stop anybody's payment", "规则可能拦截任何人的付款"},
    {"an upheld appeal lifts at once", "申诉成立的立即解除"},
    {"approved by a county-level head", "经县级以上公安机关负责人批准"},
    {"at most twice", "止付不超过两次"},
    {"automated decisions are assessed beforehand, and that is recorded", "自动化决策须事前评估并记录"},
    {"decided at city level or above", "由设区的市级以上公安机关决定"},
    {"each renewal at most as long", "每次续冻期限不超过原期限"},
    {"figures are signed by another person, and stay as they were signed", "数据由他人签发，签发后不再变动"},
    {"for a stated purpose", "须有明确目的"},
    {"for anti-fraud use only", "仅用于反诈工作"},
    {"frozen already, may wait in line", "已被冻结的可轮候冻结"},
    {"in a filed case", "须为已立案案件"},
    {"its owner is told", "通知当事人"},
    {"lifted at once", "立即解除"},
    {"name, account, amount and time match: stopped for 48 hours", "户名、账号、金额、时间相符的，止付48小时"},
    {"not renewed in time, lifted by itself", "逾期不办理续冻的，自动解除"},
    {"objections are reviewed", "对异议进行审核"},
    {"one command, approved by another person (统一指挥)", "统一指挥，由他人批准"},
    {"only in a filed case", "须为已立案案件"},
    {"only what is undisputed is returned", "只返还权属无争议的资金"},
    {"police decide, banks carry out", "公安机关决定，银行执行"},
    {"released within three days, the owner told", "三日内解除，并通知当事人"},
    {"six months, a year in a major case", "期限六个月，重大案件一年"},
    {"the bank acts on the spot, else within three working days", "银行当场办理，不能当场办理的三个工作日内办结"},
    {"the rest stays frozen to the original expiry", "其余资金继续冻结至原到期日"},
    {"the result message is immediate", "即时反馈结果报文"},
    {"two officers attend", "由二名以上人员办理"},
    {"what does not match must not be stopped", "不符的不得止付"},
    {"what is wrong is corrected", "有误的予以更正"},
    {"who served the notice does not inspect alone", "下达通知的人不单独验收"},
    {"within three days when unrelated", "与案件无关的三日内解除"},
    {"written notice", "书面告知"},
};

static bool begins(sluice_text text, size_t at, const char *with) {
    size_t length = strlen(with);
    return text.length - at >= length && memcmp(text.data + at, with, length) == 0;
}

/* The row that is said at `at`; NULL for none. */
static const law_words *said_at(const law_words *rows, size_t count, sluice_text text, size_t at) {
    for (size_t i = 0; i < count; i++) {
        if (begins(text, at, rows[i].said)) {
            return &rows[i];
        }
    }
    return NULL;
}

/* Digits, with ", " or "–" between them; what stands between is not at the end. */
static size_t numbers_length(sluice_text text, size_t at) {
    size_t end = at;
    for (size_t i = at; i < text.length && strchr("0123456789, –", text.data[i]) != NULL; i++) {
        end = isdigit((unsigned char)text.data[i]) ? i + 1 : end;
    }
    return end - at;
}

/* " Arts. 174, 239–247" as 第174、239–247条, " ch. 8 " as 第8章: how much was read, 0 if nothing of it begins at `at`.
 */
static size_t write_articles(text_writer *w, sluice_text text, size_t at) {
    static const law_words MARKS[] = {{" Arts. ", "条"}, {" Art. ", "条"}, {" ch. ", "章"}};
    const law_words *mark = said_at(MARKS, sizeof MARKS / sizeof *MARKS, text, at);
    size_t from = mark == NULL ? 0 : at + strlen(mark->said);
    size_t length = mark == NULL ? 0 : numbers_length(text, from);
    if (length == 0) {
        return 0;
    }
    sluice_text rest = {text.data + from, length}, one;
    text_printf(w, "第");
    for (bool more = true, first = true; more; first = false) {
        more = text_split(rest, ',', &one, &rest);
        text_printf(w, "%s%.*s", first ? "" : "、", TEXT_ARGS(text_trim(one)));
    }
    text_printf(w, "%s", mark->read);
    bool is_followed = begins(text, from + length, " ") && strcmp(mark->read, "章") == 0;
    return from + length - at + (is_followed ? 1 : 0);
}

static void write_part(text_writer *w, sluice_text part, bool chinese) {
    const law_words *rows = chinese ? CHINESE : ENGLISH;
    size_t count = chinese ? sizeof CHINESE / sizeof *CHINESE : sizeof ENGLISH / sizeof *ENGLISH;
    for (size_t at = 0; at < part.length;) {
        const law_words *row = said_at(rows, count, part, at);
        size_t articles = row == NULL && chinese ? write_articles(w, part, at) : 0;
        if (row != NULL) {
            text_printf(w, "%s", row->read);
            at += strlen(row->said);
        } else if (articles > 0) {
            at += articles;
        } else {
            text_write_char(w, part.data[at++]);
        }
    }
}

/* The Chinese of the remark at the end of `part`, which becomes shorter by it; NULL for none that is known. */
static const char *take_remark(sluice_text *part) {
    for (size_t at = 0; at + 2 < part->length; at++) {
        sluice_text remark = {part->data + at + 2, part->length - at - 2};
        for (size_t i = 0; begins(*part, at, ": ") && i < sizeof REMARKS / sizeof *REMARKS; i++) {
            if (text_equal(remark, text_of(REMARKS[i].said))) {
                part->length = at;
                return REMARKS[i].read;
            }
        }
    }
    return NULL;
}

void law_write(text_writer *writer, sluice_text law, bool chinese) {
    size_t from = 0;
    for (size_t at = 0; law.length > 0 && at <= law.length; at++) {
        if (at < law.length && !begins(law, at, "; ")) {
            continue;
        }
        sluice_text part = {law.data + from, at - from};
        const char *remark = chinese ? take_remark(&part) : NULL;
        write_part(writer, part, chinese);
        if (remark != NULL) {
            text_printf(writer, "（%s）", remark);
        }
        if (at < law.length) {
            text_printf(writer, "%s", chinese ? "；" : "; ");
        }
        from = at + 2;
    }
}
