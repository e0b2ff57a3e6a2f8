#include "server/signal_json_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "server/schema.h"
#include "signal/json.h"

typedef struct made {
    sluice_signal signal;
    signal_fault fault;
    bool good, rounded;
} made;

static made from(arena *a, const char *text) {
    made m = {0};
    yyjson_alc allocator = json_arena(a);
    yyjson_doc *doc = json_read(text_of(text), &allocator, NULL);
    assert_non_null(doc);
    m.good = signal_from_json(yyjson_doc_get_root(doc), SLUICE_SIGNAL_TRANSFER, a, &m.signal, &m.rounded, &m.fault);
    return m;
}

#define BASE "\"id\":\"T1\",\"time\":\"2026-01-05T10:20:30+08:00\""

static void a_transfer(void **state) {
    (void)state;
    arena a = {0};
    made m = from(&a, "{" BASE ",\"from\":\"6228 4804 0256 4890 018\",\"to\":\"card:6217\",\"amount\":1234.5,"
                      "\"currency\":\"USD\",\"received_fen\":7,\"received_currency\":\"CNY\","
                      "\"from_balance\":\"-3.00\",\"to_balance_fen\":5,\"label\":null}");
    assert_true(m.good);
    assert_int_equal(m.signal.kind, SLUICE_SIGNAL_TRANSFER);
    assert_int_equal(m.signal.time_ms, INT64_C(1767579630000));
    assert_true(text_equal(m.signal.from, TEXT("account:6228480402564890018")));
    assert_true(text_equal(m.signal.to, TEXT("card:6217")));
    assert_int_equal(m.signal.amount_fen, 123450);
    assert_int_equal(m.signal.received_fen, 7);
    assert_true(m.signal.currency != m.signal.received_currency);
    assert_true(m.signal.has_from_balance && m.signal.from_balance_fen == -300);
    assert_true(m.signal.has_to_balance && m.signal.to_balance_fen == 5);
    assert_false(m.rounded);
    m = from(&a, "{" BASE ",\"from\":\"1\",\"to\":\"2\",\"amount\":1.005}");
    assert_true(m.good && m.rounded && m.signal.amount_fen == 100 && m.signal.received_fen == 100);
    m = from(&a, "{" BASE ",\"from\":\"1\",\"to\":\"2\",\"amount_fen\":9007199254740993}");
    assert_true(m.good && m.signal.amount_fen == INT64_C(9007199254740993)); /* beyond what a double holds */
    arena_fini(&a);
}

static void the_other_kinds(void **state) {
    (void)state;
    arena a = {0};
    made m = from(&a, "{\"kind\":\"withdrawal\"," BASE ",\"from\":\"1\",\"amount_fen\":3}");
    assert_true(m.good && m.signal.kind == SLUICE_SIGNAL_WITHDRAWAL && m.signal.to.length == 0);
    m = from(&a,
             "{\"kind\":\"login\",\"time\":\"2026-01-05\",\"account\":\"1\",\"device\":\"d 1\",\"place\":\"南宁\"}");
    assert_true(m.good && text_equal(m.signal.key, TEXT("account:1")) &&
                text_equal(m.signal.device, TEXT("device:d 1")));
    m = from(&a, "{\"kind\":\"account\",\"time\":\"2026-01-05\",\"key\":\"1\",\"holder\":\"company:x\",\"event\":"
                 "\"blocked\",\"type\":\"debit card\",\"name\":\"王\"}");
    assert_true(m.good && m.signal.event == SLUICE_EVENT_BLOCKED && text_equal(m.signal.holder, TEXT("company:x")));
    m = from(&a, "{\"kind\":\"holder\",\"time\":\"2026-01-05\",\"holder\":\"p1\"}");
    assert_true(m.good && text_equal(m.signal.key, TEXT("person:p1")) && m.signal.event == SLUICE_EVENT_SEEN);
    m = from(&a, "{\"kind\":\"device\",\"time\":\"2026-01-05\",\"key\":\"imei:7\"}");
    assert_true(m.good && text_equal(m.signal.key, TEXT("imei:7")));
    arena_fini(&a);
}

static void what_is_refused_says_where(void **state) {
    (void)state;
    static const struct {
        const char *text, *field;
    } WRONG[] = {
        {"7", ""},
        {"{}", "id"},
        {"{\"kind\":\"what\"}", "kind"},
        {"{" BASE "}", "from"},
        {"{" BASE ",\"from\":\"1\"}", "to"},
        {"{" BASE ",\"from\":\"1\",\"to\":\"2\"}", "amount_fen"},
        {"{" BASE ",\"from\":\"1\",\"to\":\"2\",\"amount_fen\":1.5}", "amount_fen"},
        {"{" BASE ",\"from\":\"1\",\"to\":\"2\",\"amount_fen\":-1}", "amount_fen"},
        {"{" BASE ",\"from\":\"1\",\"to\":\"2\",\"amount_fen\":1,\"amount\":1}", "amount_fen"},
        {"{" BASE ",\"from\":\"1\",\"to\":\"2\",\"amount_fen\":99999999999999999999}", "amount_fen"},
        {"{" BASE ",\"from\":\"1\",\"to\":\"2\",\"amount\":\"ten\"}", "amount"},
        {"{" BASE ",\"from\":\"6.22848E+18\",\"to\":\"2\",\"amount_fen\":1}", "from"},
        {"{" BASE ",\"from\":\"card:\",\"to\":\"2\",\"amount_fen\":1}", "from"},
        {"{" BASE ",\"from\":\"card: \",\"to\":\"2\",\"amount_fen\":1}", "from"},
        {"{" BASE ",\"from\":\"a\\nb\",\"to\":\"2\",\"amount_fen\":1}", "from"},
        {"{" BASE ",\"from\":[],\"to\":\"2\",\"amount_fen\":1}", "from"},
        {"{" BASE ",\"id\":\"again\"}", "id"},
        {"{" BASE ",\"ammount\":3}", "ammount"},
        {"{\"\":1}", ""},
        {"{\"id\":\"T\",\"time\":\"soon\"}", "time"},
        {"{\"kind\":\"account\",\"time\":\"2026-01-05\",\"key\":\"1\",\"event\":\"gone\"}", "event"},
    };
    arena a = {0};
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        made m = from(&a, WRONG[i].text);
        assert_false(m.good);
        assert_string_equal(m.fault.field, WRONG[i].field);
        assert_true(m.fault.text[0] != '\0' && !m.fault.no_memory);
    }
    arena_fini(&a);
}

/* ---- bodies by schema ---- */

static const api_field ITEM_FIELDS[] = {
    {.name = "key", .type = API_KEY, .flags = API_REQUIRED},
    {.name = "at", .type = API_TIME},
};
static const api_schema ITEM = {.name = "item", .fields = ITEM_FIELDS, .field_count = 2};
static const api_field FIELDS[] = {
    {.name = "name", .type = API_TEXT, .flags = API_REQUIRED, .min = 2, .max = 5},
    {.name = "count", .type = API_INTEGER, .min = 1, .max = 9},
    {.name = "sum_fen", .type = API_MONEY},
    {.name = "method", .type = API_CODE, .codes = "fifo|lifo"},
    {.name = "within", .type = API_DURATION},
    {.name = "on", .type = API_BOOLEAN},
    {.name = "items", .type = API_OBJECT, .flags = API_LIST, .object = &ITEM, .min = 1, .max = 2},
};
static const api_schema SCHEMA = {
    .name = "s", .fields = FIELDS, .field_count = sizeof FIELDS / sizeof *FIELDS, .at_least_of = "count|items"};

static void bodies_keep_to_their_schema(void **state) {
    (void)state;
    static const struct {
        const char *text, *pointer; /* NULL: good */
    } CASES[] = {
        {"{\"name\":\"ab\",\"count\":9,\"method\":\"lifo\",\"within\":\"6h\",\"on\":true,\"sum_fen\":-4}", NULL},
        {"{\"name\":\"ab\",\"items\":[{\"key\":\"card:1\",\"at\":\"2026-01-05\"}],\"count\":null}", NULL},
        {"[]", ""},
        {"{\"name\":\"ab\"}", ""},
        {"{\"count\":1}", "/name"},
        {"{\"name\":null,\"count\":1}", "/name"},
        {"{\"name\":\"a\",\"count\":1}", "/name"},
        {"{\"name\":\"abcdef\",\"count\":1}", "/name"},
        {"{\"name\":\"ab\",\"count\":0}", "/count"},
        {"{\"name\":\"ab\",\"count\":10}", "/count"},
        {"{\"name\":\"ab\",\"count\":1.0}", "/count"},
        {"{\"name\":\"ab\",\"count\":18446744073709551615}", "/count"},
        {"{\"name\":\"ab\",\"count\":1,\"sum_fen\":\"4\"}", "/sum_fen"},
        {"{\"name\":\"ab\",\"count\":1,\"method\":\"f\"}", "/method"},
        {"{\"name\":\"ab\",\"count\":1,\"method\":\"\"}", "/method"},
        {"{\"name\":\"ab\",\"count\":1,\"method\":\"fifo|lifo\"}", "/method"},
        {"{\"name\":\"ab\",\"count\":1,\"within\":\"6\"}", "/within"},
        {"{\"name\":\"ab\",\"count\":1,\"on\":1}", "/on"},
        {"{\"name\":\"ab\",\"count\":1,\"count\":2}", "/count"},
        {"{\"name\":\"ab\",\"count\":1,\"other\":2}", "/other"},
        {"{\"name\":\"ab\",\"items\":[]}", "/items"},
        {"{\"name\":\"ab\",\"items\":[1]}", "/items/0"},
        {"{\"name\":\"ab\",\"items\":[{\"key\":\"card:1\"},{\"key\":\"card\"}]}", "/items/1/key"},
        {"{\"name\":\"ab\",\"items\":[{\"key\":\"card:1\",\"at\":\"then\"}]}", "/items/0/at"},
    };
    arena a = {0};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        yyjson_alc allocator = json_arena(&a);
        char text[200];
        (void)snprintf(text, sizeof text, "%s", CASES[i].text);
        yyjson_doc *doc = yyjson_read_opts(text, strlen(text), YYJSON_READ_NOFLAG, &allocator, NULL);
        api_faults faults;
        bool good = api_check(&SCHEMA, yyjson_doc_get_root(doc), &a, &faults);
        assert_int_equal(good, CASES[i].pointer == NULL);
        if (!good) {
            assert_true(text_equal(faults.rows[0].pointer, text_of(CASES[i].pointer)));
            assert_true(faults.rows[0].detail.length > 0);
        }
    }
    arena_fini(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_transfer),
        cmocka_unit_test(the_other_kinds),
        cmocka_unit_test(what_is_refused_says_where),
        cmocka_unit_test(bodies_keep_to_their_schema),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
