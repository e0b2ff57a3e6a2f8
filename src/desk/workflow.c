#include "desk/workflow.h"

#include <string.h>

#include "desk/kind.h"
#include "text/law.h"

typedef struct role_name {
    unsigned role;
    const char *en, *zh;
} role_name;
static const role_name ROLE_NAMES[] = {
    {ROLE_DUTY, "duty officer", "值班员"},
    {ROLE_ANALYST, "analyst", "研判员"},
    {ROLE_INVESTIGATOR, "investigator", "侦查员"},
    {ROLE_COMMANDER, "commander", "指挥员"},
    {ROLE_APPROVER, "approver", "审批人"},
    {ROLE_OUTREACH, "outreach", "宣传员"},
    {ROLE_AUDITOR, "auditor", "审计员"},
    {ROLE_PARTNER, "partner", "合作单位"},
    {ROLE_ADMINISTRATOR, "administrator", "管理员"},
    {ROLE_SYSTEM, "the clock", "系统定时"},
};

typedef struct flag_name {
    unsigned flag;
    const char *en, *zh;
} flag_name;
static const flag_name FLAG_NAMES[] = {
    {ACT_CITY, "city only", "限市级"},
    {ACT_DISTRICT, "district or city", "县区级以上"},
    {ACT_REASON, "with a reason", "须说明理由"},
    {ACT_ASSIGNEE, "by the one it is assigned to, or a commander", "限承办人或指挥员"},
    {ACT_ANY_UNIT, "any unit", "不限辖区"},
    {ACT_PARTNER_OWN, "a partner only for its own institution", "合作单位限本单位"},
};

static const char *in(bool chinese, const char *en, const char *zh) {
    return chinese ? zh : en;
}

static void write_roles(text_writer *w, unsigned roles, bool chinese) {
    bool first = true;
    for (size_t i = 0; i < sizeof ROLE_NAMES / sizeof *ROLE_NAMES; i++) {
        if ((roles & ROLE_NAMES[i].role) != 0) {
            text_printf(w, "%s%s", first ? "" : in(chinese, ", ", "、"),
                        in(chinese, ROLE_NAMES[i].en, ROLE_NAMES[i].zh));
            first = false;
        }
    }
}

/* An input as the API has it: the name, in brackets unless it is required. */
static void write_inputs(text_writer *w, const desk_act_row *act) {
    for (size_t i = 0; i < act->input_count; i++) {
        const record_field *field = &act->inputs[i];
        bool needed = (field->flags & FIELD_REQUIRED) != 0 ||
                      ((act->flags & ACT_REASON) != 0 && strcmp(field->name, "note") == 0);
        text_printf(w, "%s%s`%s`%s", i == 0 ? "" : " ", needed ? "" : "[", field->name, needed ? "" : "]");
    }
}

static void write_conditions(text_writer *w, const desk_kind *kind, const desk_act_row *act, bool chinese) {
    bool first = true;
    for (size_t i = 0; i < sizeof FLAG_NAMES / sizeof *FLAG_NAMES; i++) {
        if ((act->flags & FLAG_NAMES[i].flag) != 0) {
            text_printf(w, "%s%s", first ? "" : in(chinese, "; ", "；"),
                        in(chinese, FLAG_NAMES[i].en, FLAG_NAMES[i].zh));
            first = false;
        }
    }
    if (has_field(act->other_than)) {
        text_printf(w, "%s%s`%s`%s", first ? "" : in(chinese, "; ", "；"), in(chinese, "another person than ", "须由 "),
                    kind->table->fields[field_of(act->other_than)].name, in(chinese, "", " 以外的人"));
    }
}

/* Each word of "a|b|c", or of the kind's states for "*". */
static void each_word(text_writer *w, const desk_kind *kind, const char *words,
                      void (*visit)(text_writer *w, sluice_text word, const char *to, const char *act), const char *to,
                      const char *act) {
    const char *all = strcmp(words, "*") == 0 ? kind->table->fields[field_of(kind->state)].codes : words;
    sluice_text rest = text_of(all), word;
    for (bool more = true; more;) {
        more = text_split(rest, '|', &word, &rest);
        visit(w, word, to, act);
    }
}

static void write_edge(text_writer *w, sluice_text from, const char *to, const char *act) {
    text_printf(w, "    %.*s --> %s: %s\n", TEXT_ARGS(from), to, act);
}

/* Acts that change the state; those that leave it, or decide it themselves, are in the table alone. */
static void write_diagram(text_writer *w, const desk_kind *kind) {
    text_printf(w, "```mermaid\nstateDiagram-v2\n");
    for (size_t i = 0; i < kind->act_count; i++) {
        const desk_act_row *act = &kind->acts[i];
        if (act->from == NULL) {
            text_printf(w, "    [*] --> %s: %s\n", act->to == NULL ? "?" : act->to, act->name);
        } else if (act->to != NULL) {
            each_word(w, kind, act->from, write_edge, act->to, act->name);
        }
    }
    text_printf(w, "```\n\n");
}

static void write_states(text_writer *w, const char *words) {
    if (words == NULL) {
        text_printf(w, "—");
        return;
    }
    sluice_text rest = text_of(words), word;
    for (bool more = true, first = true; more; first = false) {
        more = text_split(rest, '|', &word, &rest);
        text_printf(w, "%s%.*s", first ? "" : " ", TEXT_ARGS(word));
    }
}

static void write_act(text_writer *w, const desk_kind *kind, const desk_act_row *act, bool chinese) {
    text_printf(w, "| `%s` | %s | ", act->name, in(chinese, act->en, act->zh));
    write_states(w, act->from);
    text_printf(w, " | %s | ",
                act->to == NULL ? in(chinese, "stays, or as the act finds", "不变或由操作决定") : act->to);
    write_roles(w, act->roles, chinese);
    text_printf(w, " | ");
    write_conditions(w, kind, act, chinese);
    text_printf(w, " | ");
    write_inputs(w, act);
    text_printf(w, " | ");
    law_write(w, text_of(act->law), chinese);
    text_printf(w, " |\n");
}

static void write_kind(text_writer *w, const desk_kind *kind, bool chinese) {
    text_printf(w, "## %s (`%s`)\n\n", in(chinese, kind->table->en, kind->table->zh), kind->name);
    text_printf(w, "%s ", in(chinese, "Seen by:", "可见角色："));
    write_roles(w, kind->readers, chinese);
    text_printf(w, "%s\n\n", in(chinese, ".", "。"));
    write_diagram(w, kind);
    text_printf(w, "%s\n|---|---|---|---|---|---|---|---|\n",
                in(chinese, "| act | what | from | to | who | conditions | inputs ([may be missing]) | rule |",
                   "| 操作 | 内容 | 原状态 | 新状态 | 角色 | 条件 | 输入（[可缺省]） | 依据 |"));
    for (size_t i = 0; i < kind->act_count; i++) {
        write_act(w, kind, &kind->acts[i], chinese);
    }
    text_printf(w, "\n");
}

void workflow_write(text_writer *w, bool chinese) {
    size_t count = 0;
    const desk_kind *const *kinds = desk_kinds(&count);
    text_printf(
        w, "%s",
        in(chinese,
           "# Workflows\n\nDrawn from the tables of acts in `src/desk` by `scripts/workflows.sh`; a test fails when "
           "this file is out of date. Whatever a row does not allow is refused, and nothing is changed. Deadlines "
           "and caps are dated tables (`/v1/dated`), and may be other than the defaults. 中文: "
           "[workflows.zh.md](workflows.zh.md)\n\n",
           "# 工作流程\n\n由 `scripts/workflows.sh` 根据 `src/desk` 中的操作表生成；本文件过期时测试不通过。表中未"
           "允许的操作一律拒绝，且不产生任何变更。期限与上限为时效表（`/v1/dated`），可能与默认值不同。English: "
           "[workflows.md](workflows.md)\n\n"));
    for (size_t i = 0; i < count; i++) {
        if (has_field(kinds[i]->state) && kinds[i]->act_count > 0) {
            write_kind(w, kinds[i], chinese);
        }
    }
}
