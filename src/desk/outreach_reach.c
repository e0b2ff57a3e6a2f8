/* Counted by the database in groups: distinct persons and groups are the groups' number, members their maximum. */
#include "desk/outreach_reach.h"

enum { PAGE = 10000 };

typedef struct counting {
    store *store;
    const outreach_question *q;
    arena *a;
    sluice_error *error;
} counting;

static void put_term(query_term *terms, size_t *count, uint8_t field, query_operator is, int64_t value) {
    terms[(*count)++] = (query_term){field, is, value_integer(value), NULL, 0};
}

/* The period and what else was asked for; fields that a table does not have are RECORD_END. */
static size_t put_terms(const outreach_question *q, query_term *terms, uint8_t at, uint8_t district, uint8_t campaign,
                        uint8_t operation) {
    size_t count = 0;
    put_term(terms, &count, at, QUERY_GREATER_EQUAL, q->from_ms);
    put_term(terms, &count, at, QUERY_LESS, q->to_ms);
    if (q->district != 0 && district != RECORD_END) {
        put_term(terms, &count, district, QUERY_EQUAL, q->district);
    }
    if (q->campaign != 0) {
        put_term(terms, &count, campaign, QUERY_EQUAL, q->campaign);
    }
    if (q->operation != 0 && operation != RECORD_END) {
        put_term(terms, &count, operation, QUERY_EQUAL, q->operation);
    }
    return count;
}

/* ---- sends ---- */

static sluice_result group_sends(counting *k, const char *to, const uint8_t by[2], record_group **groups,
                                 size_t *count) {
    static const record_value SENT[] = {{.text = {"queued", 6}}, {.text = {"delivered", 9}}};
    query_term terms[8];
    size_t term_count = put_terms(k->q, terms, SEND_AT, SEND_DISTRICT, SEND_CAMPAIGN, SEND_OPERATION);
    terms[term_count++] = (query_term){SEND_TO, QUERY_EQUAL, value_text(text_of(to)), NULL, 0};
    terms[term_count++] = (query_term){SEND_STATE, QUERY_IN, value_null(), SENT, 2};
    record_query query = {.table = CAMPAIGN_SEND_KIND.table, .terms = terms, .term_count = term_count};
    return store_group(k->store, &query, by, RECORD_END, k->a, groups, count, k->error);
}

static sluice_result count_persons(counting *k, outreach_reach *r) {
    record_group *groups = NULL;
    size_t count = 0;
    sluice_result result = group_sends(k, "person", (const uint8_t[2]){SEND_PERSON, RECORD_END}, &groups, &count);
    r->person_hashes = result == SLUICE_OK ? arena_alloc(k->a, (count + 1) * sizeof *r->person_hashes) : NULL;
    for (size_t i = 0; r->person_hashes != NULL && i < count; i++) {
        r->person_hashes[r->persons++] = groups[i].by[0].text;
    }
    return result == SLUICE_OK && r->person_hashes == NULL
               ? error_set(k->error, SLUICE_E_NO_MEMORY, "no memory for %zu persons", count)
               : result;
}

/* Sorted by group, then members: the last row of a group has its largest count. */
static sluice_result count_groups(counting *k, outreach_reach *r) {
    record_group *rows = NULL;
    size_t count = 0;
    sluice_result result = group_sends(k, "group", (const uint8_t[2]){SEND_GROUP, SEND_MEMBERS}, &rows, &count);
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        r->group_posts += (int64_t)rows[i].count;
        if (i + 1 == count || rows[i + 1].by[0].integer != rows[i].by[0].integer) {
            int64_t members = rows[i].by[1].is_null ? 0 : rows[i].by[1].integer;
            r->groups++;
            r->group_members += members;
            r->group_largest = members > r->group_largest ? members : r->group_largest;
        }
    }
    return result;
}

/* ---- events and actions ---- */

typedef void (*take_row)(outreach_reach *r, const record *row);

static sluice_result each(counting *k, const record_table *table, query_term *terms, size_t term_count, take_row take,
                          outreach_reach *r) {
    record_query query = {.table = table, .terms = terms, .term_count = term_count, .order = QUERY_ID, .limit = PAGE};
    for (size_t count = PAGE; count == PAGE; query.has_after = true) {
        record *rows = NULL;
        sluice_result result = store_select(k->store, &query, k->a, &rows, &count, k->error);
        if (result != SLUICE_OK) {
            return result;
        }
        for (size_t i = 0; i < count; i++) {
            take(r, &rows[i]);
            query.after_id = rows[i].id;
            query.after = value_integer(rows[i].id);
        }
    }
    return SLUICE_OK;
}

static int64_t number(const record *r, uint8_t field) {
    return r->values[field].is_null ? 0 : r->values[field].integer;
}

static void take_event(outreach_reach *r, const record *row) {
    int64_t parents = number(row, OUTREACH_EVENT_PARENTS), students = number(row, OUTREACH_EVENT_STUDENTS),
            residents = number(row, OUTREACH_EVENT_RESIDENTS), staff = number(row, OUTREACH_EVENT_STAFF);
    int64_t heads = parents + students + residents + staff;
    r->events++;
    r->points += number(row, OUTREACH_EVENT_POINTS);
    r->parents += parents;
    r->students += students;
    r->residents += residents;
    r->staff += staff;
    r->officers += number(row, OUTREACH_EVENT_OFFICERS);
    r->event_materials += number(row, OUTREACH_EVENT_MATERIALS);
    r->event_largest = heads > r->event_largest ? heads : r->event_largest;
}

static void take_action(outreach_reach *r, const record *row) {
    int64_t reach = number(row, ALLIANCE_ACTION_REACH);
    r->actions++;
    r->action_reach += reach;
    r->action_materials += number(row, ALLIANCE_ACTION_MATERIALS);
    r->action_largest = reach > r->action_largest ? reach : r->action_largest;
}

static sluice_result count_events(counting *k, outreach_reach *r) {
    query_term terms[8];
    size_t count = put_terms(k->q, terms, OUTREACH_EVENT_AT, OUTREACH_EVENT_DISTRICT, OUTREACH_EVENT_CAMPAIGN,
                             OUTREACH_EVENT_OPERATION);
    terms[count++] = (query_term){OUTREACH_EVENT_STATE, QUERY_EQUAL, value_text(TEXT("held")), NULL, 0};
    return each(k, OUTREACH_EVENT_KIND.table, terms, count, take_event, r);
}

/* Actions have no district and no operation of their own: of one district's partners, they are read partner by
 * partner. */
static sluice_result count_actions(counting *k, outreach_reach *r) {
    query_term terms[8];
    size_t count = put_terms(k->q, terms, ALLIANCE_ACTION_FROM, RECORD_END, ALLIANCE_ACTION_CAMPAIGN, RECORD_END);
    terms[count++] = (query_term){ALLIANCE_ACTION_STATE, QUERY_EQUAL, value_text(TEXT("done")), NULL, 0};
    if (k->q->operation != 0) {
        return SLUICE_OK;
    }
    if (k->q->district == 0) {
        return each(k, ALLIANCE_ACTION_KIND.table, terms, count, take_action, r);
    }
    query_term here = {ALLIANCE_DISTRICT, QUERY_EQUAL, value_integer(k->q->district), NULL, 0};
    record_query query = {
        .table = ALLIANCE_PARTNER_KIND.table, .terms = &here, .term_count = 1, .order = QUERY_ID, .limit = PAGE};
    record *partners = NULL;
    size_t partner_count = 0;
    sluice_result result = store_select(k->store, &query, k->a, &partners, &partner_count, k->error);
    for (size_t i = 0; result == SLUICE_OK && i < partner_count; i++) {
        terms[count] = (query_term){ALLIANCE_ACTION_PARTNER, QUERY_EQUAL, value_integer(partners[i].id), NULL, 0};
        result = each(k, ALLIANCE_ACTION_KIND.table, terms, count + 1, take_action, r);
    }
    return result;
}

static int64_t larger(int64_t a, int64_t b) {
    return a > b ? a : b;
}

sluice_result outreach_reach_of(store *s, const outreach_question *question, arena *a, outreach_reach *r,
                                sluice_error *error) {
    counting k = {s, question, a, error};
    *r = (outreach_reach){0};
    sluice_result result = count_persons(&k, r);
    result = result == SLUICE_OK ? count_groups(&k, r) : result;
    result = result == SLUICE_OK ? count_events(&k, r) : result;
    result = result == SLUICE_OK ? count_actions(&k, r) : result;
    int64_t persons = (int64_t)r->persons;
    r->other_largest = larger(r->group_largest, larger(r->event_largest, r->action_largest));
    r->other_sum = r->group_members + r->parents + r->students + r->residents + r->staff + r->action_reach;
    r->lower = larger(persons, r->other_largest);
    r->upper = persons + r->other_sum;
    return result;
}
