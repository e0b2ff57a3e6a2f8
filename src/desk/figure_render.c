/* Figures as JSON, each with its query in the words of the API. */
#include "desk/desk_private.h"
#include "desk/figure_private.h"

static const char *const OPERATORS[] = {
    [QUERY_EQUAL] = "=",       [QUERY_NOT_EQUAL] = "!=", [QUERY_LESS] = "<",
    [QUERY_LESS_EQUAL] = "<=", [QUERY_GREATER] = ">",    [QUERY_GREATER_EQUAL] = ">=",
    [QUERY_IN] = "in",         [QUERY_NULL] = "is_null", [QUERY_NOT_NULL] = "is_not_null"};

static void add_value(json_document *json, yyjson_mut_val *object, const record_field *field,
                      const record_value *value) {
    bool is_time = field == NULL || field->type == FIELD_TIME; /* created_at has no field */
    if (field != NULL && field_is_text(field->type)) {
        json_add_text(json, object, "value", value->text);
    } else if (is_time) {
        json_add_time(json, object, "value", value->integer);
    } else if (field->type == FIELD_BOOLEAN) {
        json_add_bool(json, object, "value", value->integer != 0);
    } else {
        json_add_int(json, object, "value", value->integer);
    }
}

static void add_query_term(json_document *json, yyjson_mut_val *terms, const record_table *table,
                           const query_term *term) {
    const record_field *field = term->field < table->field_count ? &table->fields[term->field] : NULL;
    yyjson_mut_val *item = json_append_object(json, terms);
    json_add_text(json, item, "field", field == NULL ? TEXT("created_at") : text_of(field->name));
    json_add_text(json, item, "is", text_of(OPERATORS[term->is]));
    if (term->is == QUERY_IN) {
        yyjson_mut_val *values = json_add_array(json, item, "values");
        for (size_t i = 0; i < term->value_count; i++) {
            sluice_text word = term->values[i].text;
            if (values != NULL && !yyjson_mut_arr_add_strn(json->doc, values, word.data, word.length)) {
                json->failed = true;
            }
        }
    } else if (term->is != QUERY_NULL && term->is != QUERY_NOT_NULL) {
        add_value(json, item, field, &term->value);
    }
}

/* "warnings"; of what is read where its parent is: the path with a star instead of the parent's id. */
static sluice_text collection_of(const desk_kind *kind, arena *a) {
    const desk_kind *parent = kind->parent;
    if (kind->collection != NULL || parent == NULL || parent->collection == NULL) {
        return text_of(kind->collection);
    }
    for (size_t i = 0; i < parent->child_count; i++) {
        if (parent->children[i].kind == kind) {
            char path[128];
            int length = snprintf(path, sizeof path, "%s/*/%s", parent->collection, parent->children[i].name);
            return (sluice_text){arena_copy(a, path, (size_t)length), (size_t)length};
        }
    }
    return (sluice_text){0};
}

static void add_query(json_document *json, yyjson_mut_val *object, const figure_scope *scope, const figure *f,
                      arena *a) {
    static const char *const MEASURES[] = {"count", "sum", "distinct", "per_day", "days"};
    const figure_line *line = f->line;
    yyjson_mut_val *query = json_add_object(json, object, "query");
    json_add_text(json, query, "measure", text_of(MEASURES[line->measure]));
    if (line->measure > FIGURE_DISTINCT) {
        json_add_text_or_null(json, query, "of", text_of(line->field));
        json_add_int(json, query, "days", figure_days(figure_from(scope, f->section), scope->to_ms));
        return;
    }
    figure_query q;
    figure_query_make(&q, scope, f->section, line);
    json_add_text_or_null(json, query, "field", text_of(line->field));
    json_add_text_or_null(json, query, "by", text_of(line->by));
    json_add_text(json, query, "kind", text_of(line->kind));
    json_add_text_or_null(json, query, "collection", collection_of(q.kind, a));
    json_add_text_or_null(json, query, "at", text_of(line->at));
    yyjson_mut_val *terms = json_add_array(json, query, "terms");
    for (size_t i = 0; i < q.count; i++) {
        add_query_term(json, terms, q.kind->table, &q.terms[i]);
    }
}

static void add_part(const desk *d, json_document *json, yyjson_mut_val *parts, const figure_scope *scope,
                     const figure_line *line, const figure_part *part) {
    yyjson_mut_val *item = json_append_object(json, parts);
    bool is_text = !part->by.is_null && part->by.text.length > 0;
    const dated_row *row =
        is_text && line->labels != NULL ? dated_find(d, line->labels, part->by.text, scope->to_ms - 1) : NULL;
    json_add_text_or_null(json, item, "code", is_text ? part->by.text : (sluice_text){0});
    json_add_text(json, item, "en", row != NULL ? row->en : is_text ? part->by.text : TEXT("not stated yet"));
    json_add_text(json, item, "zh", row != NULL ? row->zh : is_text ? part->by.text : TEXT("未认定"));
    json_add_int(json, item, "value", part->value);
}

static void add_figure(const desk *d, json_document *json, yyjson_mut_val *list, const figure_scope *scope,
                       const figure *f, arena *a) {
    const figure_line *line = f->line;
    yyjson_mut_val *item = json_append_object(json, list);
    json_add_text(json, item, "code", text_of(line->code));
    json_add_text(json, item, "en", text_of(line->en));
    json_add_text(json, item, "zh", text_of(line->zh));
    json_add_text(json, item, "type", (line->flags & FIGURE_MONEY) != 0 ? TEXT("money_fen") : TEXT("number"));
    json_add_text(json, item, "unit_en", text_of(line->unit_en));
    json_add_text(json, item, "unit_zh", text_of(line->unit_zh));
    json_add_int(json, item, "value", f->value);
    json_add_text(json, item, "means_en", text_of(line->means_en));
    json_add_text(json, item, "means_zh", text_of(line->means_zh));
    if (line->by != NULL) {
        yyjson_mut_val *parts = json_add_array(json, item, "parts");
        for (size_t i = 0; i < f->part_count; i++) {
            add_part(d, json, parts, scope, line, &f->parts[i]);
        }
    }
    add_query(json, item, scope, f, a);
}

void figures_render(const desk *d, json_document *json, yyjson_mut_val *object, const figure_scope *scope,
                    const figure *figures, size_t count, arena *a) {
    yyjson_mut_val *sections = json_add_array(json, object, "sections"), *list = NULL;
    for (size_t i = 0; i < count; i++) {
        const figure_section *section = figures[i].section;
        if (i == 0 || section != figures[i - 1].section) {
            yyjson_mut_val *item = json_append_object(json, sections);
            json_add_text(json, item, "code", text_of(section->code));
            json_add_text(json, item, "en", text_of(section->en));
            json_add_text(json, item, "zh", text_of(section->zh));
            json_add_time(json, item, "from", figure_from(scope, section));
            json_add_time(json, item, "to", scope->to_ms);
            list = json_add_array(json, item, "figures");
        }
        add_figure(d, json, list, scope, &figures[i], a);
    }
}
