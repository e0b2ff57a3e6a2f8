/* Counts, groups, different values and many measures at once, from queries. */
#include <string.h>

#include "base/error.h"
#include "store/record_private.h"

sluice_result record_sql_count(sql_builder *b, const record_query *query, uint64_t limit, sluice_error *error) {
    text_printf(&b->text, limit == 0 ? "SELECT count(*) FROM \"%s\"" : "SELECT count(*) FROM (SELECT 1 FROM \"%s\"",
                b->binding->name);
    sluice_result result = sql_write_terms(b, query, error);
    if (limit != 0) {
        text_printf(&b->text, " LIMIT %llu) AS counted", (unsigned long long)limit);
    }
    return sql_finish(b, result, error);
}

/* The columns of the groups, each with a comma behind it; how many there are. */
static sluice_result write_groups(sql_builder *b, const uint8_t by[2], char columns_out[5], size_t *count_out,
                                  sluice_error *error) {
    const record_table *table = b->binding->table;
    *count_out = 0;
    text_write(&b->text, TEXT("SELECT "));
    for (size_t i = 0; i < 2 && by[i] != RECORD_END; i++) {
        if (by[i] >= table->field_count) {
            return sql_invalid_term(b, by[i], "groups are made by fields", error);
        }
        text_printf(&b->text, "\"%s\", ", table->fields[by[i]].name);
        columns_out[(*count_out)++] = sql_letter(table, by[i]);
    }
    memcpy(columns_out + *count_out, "ii", 3);
    return SLUICE_OK;
}

static void write_group_order(sql_builder *b, const uint8_t by[2], size_t count) {
    const record_field *fields = b->binding->table->fields;
    for (size_t i = 0; i < count; i++) {
        text_printf(&b->text, i == 0 ? " GROUP BY \"%s\"" : ", \"%s\"", fields[by[i]].name);
    }
    for (size_t i = 0; i < count; i++) {
        text_printf(&b->text, i == 0 ? " ORDER BY \"%s\" NULLS LAST" : ", \"%s\" NULLS LAST", fields[by[i]].name);
    }
}

sluice_result record_sql_group(sql_builder *b, const record_query *query, const uint8_t by[2], uint8_t sum,
                               char columns_out[5], sluice_error *error) {
    const record_table *table = b->binding->table;
    size_t count = 0;
    if (sum != RECORD_END && (sum >= table->field_count || sql_letter(table, sum) != 'i')) {
        return sql_invalid_term(b, sum, "only numbers have a sum", error);
    }
    sluice_result result = write_groups(b, by, columns_out, &count, error);
    if (result != SLUICE_OK) {
        return result;
    }
    if (sum == RECORD_END) {
        text_printf(&b->text, "count(*), CAST(0 AS BIGINT) FROM \"%s\"", b->binding->name);
    } else {
        text_printf(&b->text, "count(*), CAST(coalesce(sum(\"%s\"), 0) AS BIGINT) FROM \"%s\"", table->fields[sum].name,
                    b->binding->name);
    }
    result = sql_write_terms(b, query, error);
    write_group_order(b, by, count);
    return sql_finish(b, result, error);
}

/* Of different rows, not count(DISTINCT …): PostgreSQL sorts for that, and hashes for this. */
sluice_result record_sql_distinct(sql_builder *b, const record_query *query, const uint8_t by[2], uint8_t field,
                                  char columns_out[5], sluice_error *error) {
    const record_table *table = b->binding->table;
    size_t count = 0;
    if (field >= table->field_count || sql_letter(table, field) == 'b') {
        return sql_invalid_term(b, field, "only fields that are no blobs have different values", error);
    }
    sluice_result result = write_groups(b, by, columns_out, &count, error);
    if (result != SLUICE_OK) {
        return result;
    }
    text_write(&b->text, TEXT("count(*), CAST(0 AS BIGINT) FROM (SELECT DISTINCT "));
    for (size_t i = 0; i < count; i++) {
        text_printf(&b->text, "\"%s\", ", table->fields[by[i]].name);
    }
    text_printf(&b->text, "\"%s\" FROM \"%s\"", table->fields[field].name, b->binding->name);
    result = sql_write_terms(b, query, error);
    sql_write_null(b, field, false, "IS NOT NULL");
    text_write(&b->text, TEXT(") AS seen"));
    write_group_order(b, by, count);
    return sql_finish(b, result, error);
}

/* "count(*) FILTER (WHERE …)": an aggregate over the rows where the measure's terms hold. */
static sluice_result write_measure(sql_builder *b, const record_measure *measure, bool in_groups, sluice_error *error) {
    const record_table *table = b->binding->table;
    bool is_sum = measure->kind == MEASURE_SUM, is_distinct = measure->kind == MEASURE_DISTINCT;
    if (measure->kind != MEASURE_COUNT &&
        (measure->field >= table->field_count || sql_letter(table, measure->field) == (is_sum ? 't' : 'b') ||
         (is_sum && sql_letter(table, measure->field) == 'b'))) {
        return sql_invalid_term(b, measure->field, "only numbers have a sum, and blobs have no different values",
                                error);
    }
    if (is_sum) {
        text_printf(&b->text, "sum(\"%s\")", table->fields[measure->field].name);
    } else {
        text_write(&b->text, in_groups && is_distinct ? TEXT("max(1)") : TEXT("count(*)"));
    }
    sluice_result result = SLUICE_OK;
    b->has_where = false;
    if (measure->term_count > 0 || is_distinct) {
        text_write(&b->text, TEXT(" FILTER ("));
        for (size_t i = 0; result == SLUICE_OK && i < measure->term_count; i++) {
            result = sql_write_term(b, &measure->terms[i], false, error);
        }
        if (is_distinct) {
            sql_write_null(b, measure->field, false, "IS NOT NULL");
        }
        text_write_char(&b->text, ')');
    }
    return result;
}

/* Different values are counted as groups: each group says for each measure what it adds, and these are summed up. So a
 * field's values are gone through once, in an index's order where there is one. */
sluice_result record_sql_measure(sql_builder *b, const record_query *query, const record_measure *measures,
                                 size_t count, uint8_t distinct, sluice_error *error) {
    bool in_groups = distinct != RECORD_END;
    sluice_result result = SLUICE_OK;
    for (size_t i = 0; i < count; i++) {
        text_printf(&b->text, "%s CAST(coalesce(sum(m%zu), 0) AS BIGINT)", i == 0 ? "SELECT" : ",", i);
    }
    text_write(&b->text, TEXT(" FROM (SELECT "));
    for (size_t i = 0; result == SLUICE_OK && i < count; i++) {
        text_write(&b->text, i == 0 ? TEXT("") : TEXT(", "));
        result = write_measure(b, &measures[i], in_groups, error);
        text_printf(&b->text, " AS m%zu", i);
    }
    text_printf(&b->text, " FROM \"%s\"", b->binding->name);
    result = result == SLUICE_OK ? sql_write_terms(b, query, error) : result;
    if (in_groups && distinct < b->binding->table->field_count) {
        text_printf(&b->text, " GROUP BY \"%s\"", b->binding->table->fields[distinct].name);
    }
    text_write(&b->text, TEXT(") AS seen"));
    return sql_finish(b, result, error);
}
