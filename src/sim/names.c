/* Names and keys. People's names are drawn character by character from two lists and belong to nobody; companies carry
 * （虚构） (invented) in theirs. Card numbers have the length of real ones and a check digit that is always wrong
 * (Luhn's sum never ends in 0), so that none of them can be a card. Identity numbers and phone numbers are not made at
 * all. */
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "sim/sim_private.h"

/* Nanning (GB/T 2260), as in the reference data of the console's map. */
const char *const sim_district_codes[SIM_DISTRICT_COUNT] = {"450102", "450103", "450105", "450107", "450108", "450109",
                                                            "450110", "450123", "450124", "450125", "450126", "450127"};
const char *const sim_role_names[] = {"mule", "cash", "pos", "vasp", "dealer"};
const char *const sim_account_types[] = {"debit card", "company account", "pos", "vasp", "vasp"};

#define CHARACTER_BYTES 3 /* of every Chinese character here, in UTF-8 */
static const char surnames[] = "韦黄李陈梁覃陆莫农蒙卢潘周何刘谢罗杨张王林吴唐邓赵苏曾钟廖欧石邱甘玉麻零蓝岑庞翁";
static const char given_characters[] =
    "明华丽芳建国伟玲军海燕秀英志强文斌晓东雪梅春桂兰永平安康子涵欣怡浩宇思琪佳慧俊杰雨桐诗航天佑美凤金荣福生"
    "少波小云飞世昌素珍月娥艳红彩霞锦程乐民启善若溪";
static const char company_characters[] = "桂邕朝阳云锦恒瑞青禾南湖盛泰和顺启明宏达金穗绿城同心万里鸿运百川嘉木";

static const char *const company_suffixes[SIM_COMPANY_KINDS] = {
    "商行",   "科技有限公司", "批发有限公司", "公用事业有限公司", "社保基金专户", "贸易集团有限公司",
    "大酒店", "置业有限公司", "快递有限公司", "消费金融有限公司", "医院"};

#define LIST_COUNT(list) ((uint8_t)((sizeof(list) - 1) / CHARACTER_BYTES))

void sim_person_draw_name(random_stream *stream, sim_person *person) {
    person->surname = (uint8_t)random_below(stream, LIST_COUNT(surnames));
    person->given_first = (uint8_t)random_below(stream, LIST_COUNT(given_characters));
    person->given_second =
        random_chance(stream, 1, 6) ? UINT8_MAX : (uint8_t)random_below(stream, LIST_COUNT(given_characters));
}

size_t sim_person_name(const sim_person *person, char name_out[SIM_NAME_BYTES]) {
    size_t length = 0;
    memcpy(name_out, surnames + person->surname * CHARACTER_BYTES, CHARACTER_BYTES);
    length += CHARACTER_BYTES;
    memcpy(name_out + length, given_characters + person->given_first * CHARACTER_BYTES, CHARACTER_BYTES);
    length += CHARACTER_BYTES;
    if (person->given_second != UINT8_MAX) {
        memcpy(name_out + length, given_characters + person->given_second * CHARACTER_BYTES, CHARACTER_BYTES);
        length += CHARACTER_BYTES;
    }
    return length;
}

size_t sim_company_name(const sim_company *company, uint32_t number, char name_out[SIM_NAME_BYTES]) {
    uint8_t count = LIST_COUNT(company_characters);
    int length = snprintf(name_out, SIM_NAME_BYTES, "%.3s%.3s%s（虚构%u号）",
                          company_characters + (company->name_first % count) * CHARACTER_BYTES,
                          company_characters + (company->name_second % count) * CHARACTER_BYTES,
                          company_suffixes[company->kind], number);
    return (size_t)length;
}

/* Appends the check digit of Luhn plus five: never the right one. */
static void append_wrong_check_digit(char *digits, size_t length) {
    unsigned sum = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned digit = (unsigned)(digits[length - 1 - i] - '0') * (i % 2 == 0 ? 2 : 1);
        sum += digit / 10 + digit % 10;
    }
    digits[length] = (char)('0' + ((10 - sum % 10) % 10 + 5) % 10);
    digits[length + 1] = '\0';
}

/* Four rounds of a Feistel network, walked until the number is in range. */
uint64_t sim_scramble(uint64_t number, unsigned half_bits, uint64_t modulus, uint64_t salt) {
    uint64_t mask = (UINT64_C(1) << half_bits) - 1;
    do {
        uint64_t left = number >> half_bits, right = number & mask;
        for (uint64_t round = 1; round <= 4; round++) {
            uint64_t next = left ^ (hash_u64(right ^ hash_u64(salt * 8 + round)) & mask);
            left = right;
            right = next;
        }
        number = left << half_bits | right;
    } while (number >= modulus);
    return number;
}

uint64_t sim_person_id(const sim *sim, uint32_t person) {
    return sim_scramble(person, 14, UINT64_C(100000000), sim->options->seed);
}

/* Numbers say nothing of the order in which accounts were made: victims' and mules' would show. */
void sim_account_key(sim_account *account, uint32_t number, uint8_t district, uint64_t salt) {
    uint64_t card = sim_scramble(number, 20, UINT64_C(1000000000000), salt);
    uint64_t company = sim_scramble(number, 17, UINT64_C(10000000000), salt);
    uint64_t terminal = sim_scramble(number, 14, UINT64_C(100000000), salt);
    int length = 0;
    switch ((sim_account_kind)account->kind) {
    case SIM_DEBIT_CARD:
    case SIM_VASP_CARD: {
        length = snprintf(account->key, sizeof account->key, "card:6299%02u%012llu", account->bank,
                          (unsigned long long)card);
        append_wrong_check_digit(account->key + strlen("card:"), (size_t)length - strlen("card:"));
        length++;
        break;
    }
    case SIM_COMPANY_ACCOUNT:
        length = snprintf(account->key, sizeof account->key, "account:4501%02u%010llu", account->bank,
                          (unsigned long long)company);
        break;
    case SIM_POS:
        length = snprintf(account->key, sizeof account->key, "pos:%s%08llu", sim_district_codes[district],
                          (unsigned long long)terminal);
        break;
    case SIM_VASP_WALLET:
        length =
            snprintf(account->key, sizeof account->key, "wallet:SIM%016llx", (unsigned long long)hash_u64(card * 7919));
        break;
    }
    account->key_length = (uint8_t)length;
}

sluice_text sim_atm_key(uint8_t district, uint32_t machine, char buffer[SIM_KEY_BYTES]) {
    int length =
        machine < SIM_MACHINES
            ? snprintf(buffer, SIM_KEY_BYTES, "atm:%s%04u", sim_district_codes[district], machine)
            : snprintf(buffer, SIM_KEY_BYTES, "counter:%s%03u", sim_district_codes[district], machine - SIM_MACHINES);
    return (sluice_text){buffer, (size_t)length};
}
