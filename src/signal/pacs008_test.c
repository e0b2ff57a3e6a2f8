/* pacs.008 in the shapes in which it is published and kept: any version, prefixes, envelopes, several messages, each
 * account identification, with and without times and identifiers; and what is wrong with it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "support/format_support.h"

#define OPEN(version)                                                                                                  \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document "                                                           \
    "xmlns=\"urn:iso:std:iso:20022:tech:xsd:pacs.008.001." version "\"><FIToFICstmrCdtTrf>\n"
#define HEADER "<GrpHdr><MsgId>MSG-1</MsgId><CreDtTm>2026-11-25T10:00:00</CreDtTm><NbOfTxs>1</NbOfTxs></GrpHdr>\n"
#define CLOSE "</FIToFICstmrCdtTrf></Document>\n"
#define DEBTOR(number) "<DbtrAcct><Id><Othr><Id>" number "</Id></Othr></Id></DbtrAcct>"
#define CREDITOR(number) "<CdtrAcct><Id><IBAN>" number "</IBAN></Id></CdtrAcct>"
#define AMOUNT "<IntrBkSttlmAmt Ccy=\"CNY\">1234.5</IntrBkSttlmAmt>"
#define TX(id, rest)                                                                                                   \
    "<CdtTrfTxInf><PmtId><InstrId>I</InstrId><EndToEndId>NOTPROVIDED</EndToEndId><TxId>" id "</TxId></PmtId>" rest     \
    "</CdtTrfTxInf>\n"
#define GOOD(id) TX(id, AMOUNT DEBTOR("6228480402564890018") CREDITOR("DE89370400440532013000"))

#define TEN_SHANGHAI INT64_C(1795572000000) /* 2026-11-25T10:00:00+08:00 */

typedef struct world {
    char *folder, *schemas;
    collected got;
} world;

static int set_up(void **state) {
    static world w;
    w.folder = test_folder_new();
    w.schemas = NULL;
    *state = &w;
    return 0;
}

static int tear_down(void **state) {
    world *w = *state;
    collected_fini(&w->got);
    test_folder_remove(&w->folder);
    if (w->schemas != NULL) {
        test_folder_remove(&w->schemas);
    }
    return 0;
}

static void read_with(world *w, const char *xml, collect_how how) {
    char *path = test_text_file(w->folder, "payments.xml", xml);
    const char *paths[] = {path};
    const format_options options = {.format = "pacs008", .schemas_path = w->schemas};
    collect(&options, paths, 1, how, &w->got);
    release_path(path);
}

static void read_text(world *w, const char *xml) {
    read_with(w, xml, (collect_how){0});
}

static void expect_good(const world *w, size_t count) {
    if (w->got.result != SLUICE_OK || w->got.reject_count > 0) {
        fail_msg("%s %s", w->got.error.text, w->got.reject_count > 0 ? w->got.rejects[0].reason : "");
    }
    assert_int_equal(w->got.count, count);
}

static void expect_reject(const world *w, size_t index, uint64_t line, const char *field, const char *part) {
    assert_int_equal(w->got.result, SLUICE_OK);
    assert_true(index < w->got.reject_count);
    const collected_reject *reject = &w->got.rejects[index];
    assert_int_equal(reject->line, line);
    assert_string_equal(reject->field, field);
    if (strstr(reject->reason, part) == NULL) {
        fail_msg("'%s' is not in: %s", part, reject->reason);
    }
}

static void expect_refusal(const world *w, sluice_result result, const char *part) {
    assert_int_equal(w->got.result, result);
    if (strstr(w->got.error.text, part) == NULL) {
        fail_msg("'%s' is not in: %s", part, w->got.error.text);
    }
}

/* ---- what is good ---- */

static void test_a_transfer(void **state) {
    world *w = *state;
    read_text(w, OPEN("08") HEADER GOOD("T1") CLOSE);
    expect_good(w, 1);
    const sluice_signal *s = &w->got.signals[0];
    assert_int_equal(s->kind, SLUICE_SIGNAL_TRANSFER);
    assert_text(s->id, "T1");
    assert_text(s->from, "account:6228480402564890018");
    assert_text(s->to, "account:DE89370400440532013000");
    assert_int_equal(s->amount_fen, 123450);
    assert_int_equal(s->received_fen, 123450);
    assert_int_equal(s->time_ms, TEN_SHANGHAI);
    assert_int_equal(s->source_row, 1);
    assert_int_equal(s->source_line, 4);
}

static void test_every_version(void **state) {
    static const char *const VERSIONS[] = {"02", "04", "06", "08", "10", "12", "13"};
    world *w = *state;
    for (size_t i = 0; i < sizeof VERSIONS / sizeof *VERSIONS; i++) {
        char text[2000];
        (void)snprintf(text, sizeof text,
                       "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pacs.008.001.%s\">"
                       "<FIToFICstmrCdtTrf>" HEADER GOOD("T") CLOSE,
                       VERSIONS[i]);
        read_text(w, text);
        expect_good(w, 1);
    }
}

/* As a clearing system passes it on: a business message within an envelope, with prefixes, and two of them. */
static void test_envelopes_and_prefixes(void **state) {
    world *w = *state;
    read_text(w,
              "<Envelope xmlns=\"urn:some:envelope\"><AppHdr xmlns=\"urn:iso:std:iso:20022:tech:xsd:head.001.001.02\">"
              "<BizMsgIdr>B1</BizMsgIdr><GrpHdr/></AppHdr>"
              "<p:Document xmlns:p=\"urn:iso:std:iso:20022:tech:xsd:pacs.008.001.10\"><p:FIToFICstmrCdtTrf><p:GrpHdr>"
              "<p:MsgId>M</p:MsgId><p:CreDtTm>2026-11-25T02:00:00Z</p:CreDtTm></p:GrpHdr><p:CdtTrfTxInf><p:PmtId>"
              "<p:EndToEndId>E1</p:EndToEndId></p:PmtId><p:IntrBkSttlmAmt Ccy=\"USD\">7</p:IntrBkSttlmAmt>"
              "<p:DbtrAcct><p:Id><p:IBAN>A</p:IBAN></p:Id></p:DbtrAcct><p:CdtrAcct><p:Id><p:Othr><p:Id> B </p:Id>"
              "</p:Othr></p:Id></p:CdtrAcct></p:CdtTrfTxInf></p:FIToFICstmrCdtTrf></p:Document>"
              "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.029.001.14\"><CdtTrfTxInf/></Document>"
              "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08\"><FIToFICstmrCdtTrf>" HEADER GOOD(
                  "T2") "</FIToFICstmrCdtTrf></Document></Envelope>");
    expect_good(w, 2);
    char letters[4];
    sluice_currency_letters(w->got.signals[0].currency, letters);
    assert_string_equal(letters, "USD");
    assert_text(w->got.signals[0].id, "E1");
    assert_text(w->got.signals[0].to, "account:B");
    assert_int_equal(w->got.signals[0].time_ms, TEN_SHANGHAI);
    assert_text(w->got.signals[1].id, "T2");
}

static void test_ids_and_times(void **state) {
    world *w = *state;
#define IDS(ids, rest) "<CdtTrfTxInf><PmtId>" ids "</PmtId>" AMOUNT rest DEBTOR("1") CREDITOR("2") "</CdtTrfTxInf>"
    read_text(w, OPEN("08") HEADER IDS("<EndToEndId>E</EndToEndId><UETR>8a562c67-ca16-48ba-b074-65581be6f001</UETR>",
                                       "") IDS("<InstrId>I</InstrId><EndToEndId>NOTPROVIDED</EndToEndId>",
                                               "<AccptncDtTm>2026-11-25T10:00:01.250+08:00</AccptncDtTm>")
                     IDS("<EndToEndId>NOTPROVIDED</EndToEndId>", "<IntrBkSttlmDt>2026-11-26</IntrBkSttlmDt>") CLOSE);
    expect_good(w, 3);
    assert_text(w->got.signals[0].id, "8a562c67-ca16-48ba-b074-65581be6f001");
    assert_text(w->got.signals[1].id, "I");
    assert_int_equal(w->got.signals[1].time_ms, TEN_SHANGHAI + 1250);
    assert_text(w->got.signals[2].id, ""); /* the file's name and row */
    assert_int_equal(w->got.signals[2].time_ms, TEN_SHANGHAI);
}

static void test_folders(void **state) {
    world *w = *state;
    release_path(test_text_file(w->folder, "b.xml", OPEN("08") HEADER GOOD("B") CLOSE));
    release_path(test_text_file(w->folder, "a.xml", OPEN("10") HEADER GOOD("A") CLOSE));
    release_path(test_text_file(w->folder, "readme.txt", "not one"));
    collect_file("pacs008", NULL, w->folder, &w->got);
    expect_good(w, 2);
    assert_text(w->got.signals[0].id, "A");
    assert_int_equal(w->got.ignored_count, 1);
}

/* ---- what is wrong ---- */

static void test_each_field_is_named(void **state) {
    world *w = *state;
    static const struct {
        const char *rest, *field;
    } WRONG[] = {
        {DEBTOR("1") CREDITOR("2"), "IntrBkSttlmAmt"},
        {"<IntrBkSttlmAmt Ccy=\"CNY\">-1</IntrBkSttlmAmt>" DEBTOR("1") CREDITOR("2"), "IntrBkSttlmAmt"},
        {"<IntrBkSttlmAmt Ccy=\"CNY\">much</IntrBkSttlmAmt>" DEBTOR("1") CREDITOR("2"), "IntrBkSttlmAmt"},
        {"<IntrBkSttlmAmt>1</IntrBkSttlmAmt>" DEBTOR("1") CREDITOR("2"), "IntrBkSttlmAmt/@Ccy"},
        {"<IntrBkSttlmAmt Ccy=\"Groat\">1</IntrBkSttlmAmt>" DEBTOR("1") CREDITOR("2"), "IntrBkSttlmAmt/@Ccy"},
        {AMOUNT CREDITOR("2"), "DbtrAcct/Id"},
        {AMOUNT DEBTOR(" ") CREDITOR("2"), "DbtrAcct/Id"},
        {AMOUNT DEBTOR("1"), "CdtrAcct/Id"},
        {AMOUNT DEBTOR("1") CREDITOR("1&#9;2"), "CdtrAcct/Id"},
        {AMOUNT "<AccptncDtTm>soon</AccptncDtTm>" DEBTOR("1") CREDITOR("2"), "AccptncDtTm"},
    };
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        char text[3000];
        (void)snprintf(text, sizeof text, "%s%s%s<CdtTrfTxInf><PmtId><TxId>BAD</TxId></PmtId>%s</CdtTrfTxInf>%s%s",
                       OPEN("08"), HEADER, GOOD("T1"), WRONG[i].rest, GOOD("T3"), CLOSE);
        read_text(w, text);
        assert_int_equal(w->got.count, 2);
        assert_int_equal(w->got.reject_count, 1);
        expect_reject(w, 0, 5, WRONG[i].field, "MSG-1, transaction BAD");
        assert_non_null(strstr(w->got.rejects[0].content, "BAD"));
        assert_int_equal(w->got.signals[1].source_row, 3);
    }
}

static void test_without_any_time(void **state) {
    world *w = *state;
    read_text(w, OPEN("08") "<GrpHdr><MsgId>M</MsgId></GrpHdr>" GOOD("T1") CLOSE);
    assert_int_equal(w->got.count, 0);
    expect_reject(w, 0, 3, "GrpHdr/CreDtTm", "message M, transaction T1");
}

static void test_a_cut_file(void **state) {
    world *w = *state;
    read_text(w, OPEN("08") HEADER GOOD("T1") GOOD("T2") "<CdtTrfTxInf><PmtId><TxId>T3</Tx");
    assert_int_equal(w->got.count, 2);
    assert_int_equal(w->got.reject_count, 1);
    expect_reject(w, 0, 6, "", "not well-formed");
}

static void test_rounding_is_counted(void **state) {
    world *w = *state;
    read_text(w, OPEN("08") HEADER TX("T", "<IntrBkSttlmAmt Ccy=\"KWD\">1.255</IntrBkSttlmAmt>" DEBTOR("1")
                                               CREDITOR("2")) CLOSE);
    expect_good(w, 1);
    assert_int_equal(w->got.rounded, 1);
}

static void test_other_documents_are_refused(void **state) {
    world *w = *state;
    read_text(w, "");
    expect_refusal(w, SLUICE_E_INPUT, "well-formed XML is expected");
    read_text(w, "time,from,to\n1,2,3\n");
    expect_refusal(w, SLUICE_E_INPUT, "well-formed XML is expected");
    read_text(w, "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\"><CdtTrfTxInf/></Document>");
    expect_refusal(w, SLUICE_E_INPUT, "has no pacs.008");
    read_text(w, OPEN("08") HEADER CLOSE);
    expect_refusal(w, SLUICE_E_INPUT, "at least one CdtTrfTxInf");
    read_text(w, "<!DOCTYPE Document [<!ENTITY a \"aaaa\">]>" OPEN("08") HEADER GOOD("T1") CLOSE);
    expect_refusal(w, SLUICE_E_INPUT, "expected");
    read_text(w, "<!DOCTYPE D [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><Document "
                 "xmlns=\"urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08\"><FIToFICstmrCdtTrf>" HEADER TX(
                     "T", AMOUNT DEBTOR("&x;") CREDITOR("2")) CLOSE);
    expect_refusal(w, SLUICE_E_INPUT, "a document without DTD is expected");
}

/* However it is cut into chunks, and wherever a new reader goes on, the same comes out. */
static void test_chunks_and_resuming(void **state) {
    world *w = *state;
    collected whole = {0};
    static const char *const FILES[] = {
        OPEN("08") HEADER GOOD("1") TX("bad", "") GOOD("3") GOOD("4") GOOD("5") CLOSE,
        OPEN("08") HEADER GOOD("1") GOOD("2") GOOD("3") "<CdtTrfTxInf><PmtId>",
    };
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        char *path = test_text_file(w->folder, "payments.xml", FILES[i]);
        collect_file("pacs008", NULL, path, &whole);
        release_path(path);
        for (size_t capacity = FORMAT_ROW_SIGNALS_MAX; capacity < 7; capacity++) {
            read_with(w, FILES[i], (collect_how){.capacity = capacity});
            assert_same_signals(&whole, &w->got);
            read_with(w, FILES[i], (collect_how){.capacity = capacity, .reopen = true});
            assert_same_signals(&whole, &w->got);
            assert_int_equal(whole.rows, w->got.rows);
        }
    }
    collected_fini(&whole);
}

/* ---- schemas: one of our own with the elements of the real one that matter here ---- */

#define ELEMENTS(name, content)                                                                                        \
    "<xs:element name=\"" name "\"><xs:complexType><xs:sequence>" content "</xs:sequence></xs:complexType></"          \
    "xs:element>"
static const char SCHEMA[] =
    "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns=\"urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08\" "
    "targetNamespace=\"urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08\" elementFormDefault=\"qualified\">" ELEMENTS(
        "Document",
        ELEMENTS(
            "FIToFICstmrCdtTrf",
            ELEMENTS(
                "GrpHdr",
                "<xs:element name=\"MsgId\" type=\"xs:string\"/><xs:element name=\"CreDtTm\" type=\"xs:dateTime\"/>"
                "<xs:element name=\"NbOfTxs\" type=\"xs:string\"/>") "<xs:element name=\"CdtTrfTxInf\" "
                                                                     "maxOccurs=\"unbounded\"><xs:complexType><xs:"
                                                                     "sequence>" ELEMENTS(
                                                                         "PmtId", "<xs:element "
                                                                                  "name=\"InstrId\" "
                                                                                  "type=\"xs:string\" "
                                                                                  "minOccurs=\"0\"/"
                                                                                  "><xs:element "
                                                                                  "name=\"EndToEndId\" "
                                                                                  "type=\"xs:string\"/"
                                                                                  "><xs:element name=\"TxId\" "
                                                                                  "type=\"xs:string\" "
                                                                                  "minOccurs=\"0\"/>") "<xs:"
                                                                                                       "element"
                                                                                                       " name="
                                                                                                       "\"IntrB"
                                                                                                       "kSttlmA"
                                                                                                       "mt\"><"
                                                                                                       "xs:"
                                                                                                       "complex"
                                                                                                       "Type><"
                                                                                                       "xs:"
                                                                                                       "simpleC"
                                                                                                       "ontent>"
                                                                                                       "<xs:"
                                                                                                       "extensi"
                                                                                                       "on "
                                                                                                       "base="
                                                                                                       "\"xs:"
                                                                                                       "decimal"
                                                                                                       "\">"
                                                                                                       "<xs:"
                                                                                                       "attribu"
                                                                                                       "te "
                                                                                                       "name="
                                                                                                       "\"Ccy\""
                                                                                                       " use="
                                                                                                       "\"requi"
                                                                                                       "red\"/"
                                                                                                       "></"
                                                                                                       "xs:"
                                                                                                       "extensi"
                                                                                                       "on></"
                                                                                                       "xs:"
                                                                                                       "simpleC"
                                                                                                       "ontent>"
                                                                                                       "</"
                                                                                                       "xs:"
                                                                                                       "complex"
                                                                                                       "Type></"
                                                                                                       "xs:"
                                                                                                       "element"
                                                                                                       ">"
                                                                                                       "<xs:"
                                                                                                       "any "
                                                                                                       "minOccu"
                                                                                                       "rs="
                                                                                                       "\"0\" "
                                                                                                       "maxOccu"
                                                                                                       "rs="
                                                                                                       "\"unbou"
                                                                                                       "nded\" "
                                                                                                       "process"
                                                                                                       "Content"
                                                                                                       "s="
                                                                                                       "\"lax\""
                                                                                                       "/></"
                                                                                                       "xs:"
                                                                                                       "sequenc"
                                                                                                       "e></"
                                                                                                       "xs:"
                                                                                                       "complex"
                                                                                                       "Type></"
                                                                                                       "xs:"
                                                                                                       "element"
                                                                                                       ">")) "<"
                                                                                                             "/"
                                                                                                             "x"
                                                                                                             "s"
                                                                                                             ":"
                                                                                                             "s"
                                                                                                             "c"
                                                                                                             "h"
                                                                                                             "e"
                                                                                                             "m"
                                                                                                             "a"
                                                                                                             ">";

static void use_schema(world *w) {
    w->schemas = test_folder_new();
    release_path(test_text_file(w->schemas, "pacs.008.001.08.xsd", SCHEMA));
}

static void test_a_schema_rejects_what_it_does_not_have(void **state) {
    world *w = *state;
    use_schema(w);
    read_text(w, OPEN("08") HEADER GOOD("T1") "<CdtTrfTxInf><PmtId><TxId>T2</TxId></PmtId>" AMOUNT DEBTOR("1") CREDITOR(
                     "2") "</CdtTrfTxInf>\n" TX("T3", "<IntrBkSttlmAmt Ccy=\"CNY\">1,5</IntrBkSttlmAmt>" DEBTOR("1")
                                                          CREDITOR("2")) GOOD("T4") CLOSE);
    assert_int_equal(w->got.count, 2);
    assert_text(w->got.signals[1].id, "T4");
    assert_int_equal(w->got.reject_count, 2);
    expect_reject(w, 0, 5, "CdtTrfTxInf/PmtId/TxId", "pacs.008.001.08.xsd has it (message MSG-1)");
    expect_reject(w, 1, 6, "CdtTrfTxInf/IntrBkSttlmAmt", "schema");
}

static void test_a_header_that_is_not_as_its_schema_has_it(void **state) {
    world *w = *state;
    use_schema(w);
    read_text(w, OPEN("08") "<GrpHdr><MsgId>M</MsgId><CreDtTm>yesterday</CreDtTm><NbOfTxs>1</NbOfTxs></GrpHdr>" GOOD(
                     "T1") CLOSE);
    assert_int_equal(w->got.count, 0);
    expect_reject(w, 0, 3, "GrpHdr/CreDtTm", "schema");
    read_text(w, OPEN("08") GOOD("T1") CLOSE);
    expect_reject(w, 0, 3, "GrpHdr", "has no GrpHdr");
}

static void test_a_schema_that_is_not_there(void **state) {
    world *w = *state;
    use_schema(w);
    read_text(w, OPEN("10") HEADER GOOD("T1") CLOSE);
    expect_refusal(w, SLUICE_E_NOT_FOUND, "put pacs.008.001.10.xsd there");
    const format_options options = {.format = "csv", .schemas_path = w->schemas};
    const char *paths[] = {w->folder};
    collect(&options, paths, 1, (collect_how){0}, &w->got);
    expect_refusal(w, SLUICE_E_INPUT, "csv has no schemas");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_a_transfer),
        TEST(test_every_version),
        TEST(test_envelopes_and_prefixes),
        TEST(test_ids_and_times),
        TEST(test_folders),
        TEST(test_each_field_is_named),
        TEST(test_without_any_time),
        TEST(test_a_cut_file),
        TEST(test_rounding_is_counted),
        TEST(test_other_documents_are_refused),
        TEST(test_chunks_and_resuming),
        TEST(test_a_schema_rejects_what_it_does_not_have),
        TEST(test_a_header_that_is_not_as_its_schema_has_it),
        TEST(test_a_schema_that_is_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
