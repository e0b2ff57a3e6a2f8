/* Banks by their names, and holders by the word before them (户名, 收款人 …). */
#include <string.h>

#include "text/extract_private.h"

/* ---- banks ---- */

/* The usual name first, then what people call it. */
static const struct {
    const char *name, *words;
} BANKS[] = {
    {"中国工商银行", "中国工商银行|工商银行|工行|ICBC"},
    {"中国农业银行", "中国农业银行|农业银行|农行|ABC银行"},
    {"中国银行", "中国银行|中行"},
    {"中国建设银行", "中国建设银行|建设银行|建行|CCB"},
    {"交通银行", "交通银行|交行"},
    {"中国邮政储蓄银行", "中国邮政储蓄银行|邮政储蓄银行|邮储银行|邮政银行|邮储|邮政储蓄"},
    {"招商银行", "招商银行|招行|CMB"},
    {"中信银行", "中信银行"},
    {"中国光大银行", "中国光大银行|光大银行"},
    {"华夏银行", "华夏银行"},
    {"中国民生银行", "中国民生银行|民生银行"},
    {"广发银行", "广发银行|广东发展银行"},
    {"平安银行", "平安银行|深圳发展银行"},
    {"兴业银行", "兴业银行"},
    {"上海浦东发展银行", "上海浦东发展银行|浦东发展银行|浦发银行"},
    {"北部湾银行", "广西北部湾银行|北部湾银行"},
    {"桂林银行", "桂林银行"},
    {"柳州银行", "柳州银行"},
    {"广西农村信用社", "广西农村信用社|广西农信|农村信用社|农信社|农村信用合作社"},
    {"渤海银行", "渤海银行"},
    {"恒丰银行", "恒丰银行"},
    {"浙商银行", "浙商银行"},
    {"北京银行", "北京银行"},
    {"上海银行", "上海银行"},
    {"江苏银行", "江苏银行"},
    {"南京银行", "南京银行"},
    {"宁波银行", "宁波银行"},
    {"杭州银行", "杭州银行"},
    {"微众银行", "微众银行|深圳前海微众银行"},
    {"网商银行", "网商银行|浙江网商银行"},
    {"支付宝", "支付宝|alipay"},
    {"微信支付", "微信支付|财付通|微信转账|微信钱包|微信零钱"},
    {"云闪付", "云闪付"},
    {"京东支付", "京东支付|京东钱包"},
    {"数字人民币", "数字人民币|数字钱包"},
};

/* The branch, where it follows: 南宁青秀支行. */
static size_t branch_end(const scan *s, size_t end) {
    enum { BRANCH_MAX = 20 };
    for (size_t i = end; i < end + BRANCH_MAX && scan_is_han(s->c[i]) && s->taken[i] == 0; i++) {
        if (scan_word(s, i, "卡号|账|户|的|卡|转|尾号") > 0) {
            return end;
        }
        size_t word = scan_word(s, i, "支行|分行|营业部|分理处|营业厅");
        if (word > 0) {
            return i + word;
        }
    }
    return end;
}

static size_t take_bank(scan *s, size_t i) {
    size_t best = 0, longest = 0;
    for (size_t k = 0; k < sizeof BANKS / sizeof *BANKS; k++) {
        size_t length = scan_word(s, i, BANKS[k].words);
        if (length > longest) {
            longest = length;
            best = k;
        }
    }
    bool is_letters = scan_is_letter(s->c[i]);
    if (longest == 0 || (is_letters && (scan_is_letter(s->c[i + longest]) || (i > 0 && scan_is_letter(s->c[i - 1])))) ||
        scan_word(s, i + longest, "长|动|业|为|李|程") > 0 || !scan_is_free(s, i, i + longest)) {
        return i;
    }
    size_t end = branch_end(s, i + longest);
    extract_item *item = scan_add(s, EXTRACT_BANK, i, end, longest > 2 ? 95 : 80, text_of(BANKS[best].name));
    if (item != NULL && i > 0 && scan_word(s, i - 1, "【|[") > 0 && scan_word(s, end, "】|]") > 0) {
        item->role = EXTRACT_ROLE_OWN; /* whose SMS it is: the bank that the money left */
    }
    return end;
}

/* Characters that lead to a bank's name and are none of it. */
static const char NOT_OF_BANK[] =
    "的|在|到|从|是|给|向|用|我|于|和|与|去|某|家|对|该|往|入|名|户|张|个|各|他|她|你|有|把|被|问|联|系|打|及|过|说|方|"
    "己|后|先|好|最|"
    "可|会|没|这|那|以|为|行|让|叫|带|找|跟|了|着|请|能|要|您|们|些|种|任|何|其|每|由|经|接|拿|卡";

/* Another bank: the Chinese characters before 银行, without the words that lead to it. */
static size_t take_other_bank(scan *s, size_t i) {
    if (scan_word(s, i, "银行") == 0 ||
        scan_word(s, i, "银行卡|银行账|银行帐|银行工作|银行客服|银行转账|银行柜台|银行的|银行App") > 0 ||
        scan_before(s, i, "手机|网上|电子|掌上|个人|自助", 0) != EXTRACT_NONE) {
        return i;
    }
    size_t from = i;
    while (from > 0 && i - from < 6 && scan_is_han(s->c[from - 1]) && s->taken[from - 1] == 0 &&
           scan_word(s, from - 1, NOT_OF_BANK) == 0) {
        from--;
    }
    if (i - from < 2) {
        return i;
    }
    size_t end = branch_end(s, i + 2);
    (void)scan_add(s, EXTRACT_BANK, from, end, 65, scan_copy(s, from, i + 2, false));
    return end;
}

void scan_banks(scan *s) {
    for (size_t i = 0; i < s->count;) {
        size_t end = i;
        if (s->taken[i] == 0 && (scan_is_han(s->c[i]) || scan_is_letter(s->c[i]))) {
            end = take_bank(s, i);
            end = end == i ? take_other_bank(s, i) : end;
        }
        i = end > i ? end : i + 1;
    }
}

/* ---- names ---- */

static const char LABELS[] = "户名|账户名称|账户名|帐户名|账户姓名|开户名|开户人|收款人姓名|收款人|收款户名|收款方|"
                             "收款单位|对方户名|对方姓名|对方账户名|卡主|持卡人|持有人|"
                             "姓名|名字|名称|户主|法人|收款的";
static const char ENDS[] = "卡号|账号|帐号|账户|帐户|银行|开户|电话|手机|身份|金额|转账|汇款|工商|农业|建设|交通|招商|"
                           "邮政|邮储|工行|农行|建行|中行|支付宝|微信|的|和|与|在|"
                           "向|于|是|给|到|转|收|付|汇|打|银|卡|尾号|先生|女士";
static const char COMPANY[] =
    "有限责任公司|股份有限公司|有限公司|公司|商行|经营部|商店|商贸部|工作室|合作社|中心|超市|店|厂|部";
static const char SURNAMES[] = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋"
                               "蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊"
                               "金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪"
                               "严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐"
                               "沿梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋"
                               "植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边蒙农蓝";

bool scan_is_surname(const scan *s, size_t i) {
    static const char DOUBLES[] = "欧阳|上官|司马|诸葛|司徒|东方|独孤|南宫|夏侯|皇甫|尉迟|令狐|慕容|端木|公孙";
    if (scan_word(s, i, DOUBLES) > 0) {
        return true;
    }
    for (size_t at = 0; at + 3 < sizeof SURNAMES; at += 3) {
        uint32_t c = ((uint32_t)(unsigned char)SURNAMES[at] & 0x0F) << 12 |
                     ((uint32_t)(unsigned char)SURNAMES[at + 1] & 0x3F) << 6 |
                     ((uint32_t)(unsigned char)SURNAMES[at + 2] & 0x3F);
        if (c == s->c[i]) {
            return true;
        }
    }
    return false;
}

/* A run of Chinese characters, and the dot in names of some peoples. */
static bool is_name_character(uint32_t c) {
    return scan_is_han(c) || c == 0x00B7 || c == '*' || c == 0x2022;
}

/* Where the company that begins at i ends, if the run is one. */
static size_t company_end(const scan *s, size_t i, size_t run) {
    size_t found = i;
    for (size_t at = i + 2; at < run; at++) {
        size_t word = scan_word(s, at, COMPANY);
        found = word > 0 && at + word <= run ? at + word : found;
        if (word >= 2) {
            return found;
        }
    }
    return found;
}

static size_t person_end(const scan *s, size_t i, size_t run) {
    size_t end = i, dots = 0;
    while (end < run && (end == i || scan_word(s, end, ENDS) == 0)) {
        dots += s->c[end] == 0x00B7 || s->c[end] == 0x2022 ? 1 : 0;
        end++;
    }
    size_t length = end - i;
    if (dots > 0) {
        return length >= 4 && length <= 20 ? end : i;
    }
    bool is_double = scan_word(s, i, "欧阳|上官|司马|诸葛|司徒|皇甫|慕容") > 0;
    if (length > 4) { /* no mark ends it: as long as names are */
        length = is_double ? 4 : 3;
    }
    return length >= 2 && length <= 4 ? i + length : i;
}

static size_t run_end(const scan *s, size_t i) {
    enum { RUN_MAX = 40 };
    size_t end = i;
    while (end < i + RUN_MAX && is_name_character(s->c[end]) && s->taken[end] == 0) {
        end++;
    }
    return end;
}

static bool is_quote(uint32_t c) {
    return c == '"' || c == 0x201C || c == 0x201D;
}

static size_t take_labelled(scan *s, size_t i) {
    size_t label = scan_word(s, i, LABELS);
    if (label == 0) {
        return i;
    }
    size_t at = i + label, fillers = 0;
    while (fillers < 4 && (s->c[at] == ' ' || s->c[at] == ':' || s->c[at] == '(' || is_quote(s->c[at]) ||
                           scan_word(s, at, "是|为|叫|都") > 0)) {
        at++;
        fillers++;
    }
    size_t run = run_end(s, at), company = company_end(s, at, run), end = company > at ? company : at;
    if (end == at) {
        end = person_end(s, at, run);
    }
    bool is_nobody = scan_word(s, at, "未知|任何|何人|何时|没有|对方|不|什么|我") > 0;
    if (end == at || is_nobody || (fillers == 0 && !scan_is_surname(s, at) && company == at)) {
        return i;
    }
    bool masked = false;
    for (size_t k = at; k < end; k++) {
        masked = masked || s->c[k] == '*';
    }
    int confidence = company > at ? 90 : masked ? 60 : scan_is_surname(s, at) ? 92 : 65;
    (void)scan_add(s, EXTRACT_NAME, at, end, confidence, scan_copy(s, at, end, false));
    return end;
}

/* 我叫赵小满, 报警人张三: who speaks. 我是王强 only where his phone or home follows: 我是高中生 is no name. */
static size_t take_self(scan *s, size_t i) {
    size_t word = scan_word(s, i,
                            "我的名字叫|我的名字是|我名叫|我叫|本人叫|本人姓名|报警人|报案人|被骗人|受害人|被害人|事主|"
                            "付款人|汇款人|转账人|我是|本人");
    bool is_weak = scan_word(s, i, "我是|本人") == word;
    size_t at = i + word;
    while (word > 0 && (s->c[at] == ' ' || s->c[at] == ':' || scan_word(s, at, "是|叫|为") > 0)) {
        at++;
    }
    size_t run = word == 0 || !scan_is_surname(s, at) ? at : run_end(s, at);
    size_t end = at;
    while (end < run && end - at < 4 && (end == at || scan_word(s, end, ENDS) == 0)) {
        end++;
    }
    bool ends = end == s->count || scan_is_comma(s->c[end]) || scan_is_stop(s->c[end]) || s->c[end] == ' ' ||
                scan_word(s, end, "电话|手机|身份") > 0;
    if (end - at < 2 || !ends || (is_weak && scan_word(s, end + 1, "手机|电话|身份|住|家住|联系|今年|男|女") == 0)) {
        return i;
    }
    extract_item *item = scan_add(s, EXTRACT_NAME, at, end, is_weak ? 75 : 90, scan_copy(s, at, end, false));
    if (item != NULL) {
        item->role = EXTRACT_ROLE_OWN;
    }
    return end;
}

/* 向张三转账, 转给李四: without a label, only with a surname and what follows a name. */
static size_t take_payee(scan *s, size_t i) {
    size_t word = scan_word(s, i, "转给|汇给|打给|转账给|汇款给|支付给|转到|转至|汇至|至 |向|给");
    size_t at = i + word + (is_quote(s->c[i + word]) ? 1 : 0);
    if (word == 0 || !scan_is_surname(s, at) ||
        scan_word(s, at, "任何|对方|平台|客服|方便|安全|金融|农业|华夏|上海|北京|公司|陌生|方|和") > 0) {
        return i;
    }
    for (size_t length = 2; length <= 4; length++) {
        size_t end = at + length;
        if (run_end(s, at) < end) {
            break;
        }
        bool follows = scan_word(s, end, "转|汇|打|支付|付款|的|银行|账|帐|卡|(|，|。|,|尾号| ") > 0 ||
                       is_quote(s->c[end]) || end == s->count;
        if (follows) {
            (void)scan_add(s, EXTRACT_NAME, at, end, 55, scan_copy(s, at, end, false));
            return end;
        }
    }
    return i;
}

/* 6222…王强: right behind an account, where nothing else follows the name. */
static size_t take_behind(scan *s, size_t i) {
    bool behind = false;
    size_t before = i - (i > 0 && (s->c[i - 1] == ' ' || s->c[i - 1] == '(') ? 1 : 0);
    for (size_t k = 0; k < s->item_count && !behind; k++) {
        const extract_item *item = &s->items[k];
        behind = (item->kind == EXTRACT_CARD || item->kind == EXTRACT_ACCOUNT) && item->to == s->at[before];
    }
    size_t end = behind && scan_is_surname(s, i) ? run_end(s, i) : i;
    if (end - i < 2 || end - i > 4 || scan_word(s, i, ENDS) > 0) {
        return i;
    }
    (void)scan_add(s, EXTRACT_NAME, i, end, 60, scan_copy(s, i, end, false));
    return end;
}

void scan_names(scan *s) {
    for (size_t i = 0; i < s->count;) {
        size_t end = i;
        if (s->taken[i] == 0 && scan_is_han(s->c[i])) {
            end = take_self(s, i);
            end = end == i ? take_labelled(s, i) : end;
            end = end == i ? take_payee(s, i) : end;
            bool begins = i == 0 || !scan_is_han(s->c[i - 1]);
            end = end == i && begins ? take_behind(s, i) : end;
        }
        i = end > i ? end : i + 1;
    }
}
