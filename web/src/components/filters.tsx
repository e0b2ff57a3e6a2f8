// Filters of a queue, made from the fields that the API filters by; in the address, so that a view can be sent to somebody
// (views.tsx keeps it under a name).
import { FilterOutlined } from "@ant-design/icons";
import { Button, Input } from "antd";
import { useCallback, useMemo, useState } from "react";
import { useSearchParams } from "react-router";
import { useAllDated, useUnits, useUsers } from "@/api/directory";
import type { Query } from "@/api/queries";
import { type Field, fieldOf, useWorkflow } from "@/api/workflow";
import { useSession } from "@/app/session";
import { useLanguage, useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { useCodeLabel, useNameOf } from "./labels";
import { BankPicker, RecordPicker } from "./RecordPicker";
import { Select } from "./Select";
import { Views } from "./views";

const T = texts(
  {
    all: "全部",
    mine: "只看我的",
    reset: "清除筛选",
    filters: "筛选",
    me: "我",
  },
  {
    all: "All",
    mine: "Mine only",
    reset: "Clear filters",
    filters: "Filters",
    me: "Me",
  },
);

/** The query of a list, kept in the address: what is not there is as `defaults` has it. */
export function useQueryState(defaults: Query): [Query, (change: Query) => void, () => void] {
  const [search, setSearch] = useSearchParams();
  const query = useMemo(() => {
    const made: Query = { ...defaults };
    for (const [name, value] of search) {
      if (value === "") delete made[name];
      else made[name] = value;
    }
    return made;
  }, [search, defaults]);
  const change = useCallback(
    (to: Query) =>
      setSearch(
        (before) => {
          const after = new URLSearchParams(before);
          for (const [name, value] of Object.entries(to)) {
            if (value === undefined && defaults[name] === undefined) after.delete(name);
            else after.set(name, String(value ?? ""));
          }
          return after;
        },
        { replace: true },
      ),
    [setSearch, defaults],
  );
  const reset = useCallback(() => setSearch({}, { replace: true }), [setSearch]);
  return [query, change, reset];
}

interface FilterBarProps {
  kind: string;
  /** Names of fields, in order. */
  fields: readonly string[];
  query: Query;
  onChange: (change: Query) => void;
  onReset: () => void;
}

export function FilterBar({ kind, fields, query, onChange, onReset }: FilterBarProps) {
  const t = useTexts(T);
  const workflow = useWorkflow(kind);
  const { me } = useSession();
  return (
    <search className="filter-bar" aria-label={t("filters")}>
      <FilterOutlined aria-hidden="true" className="faint" />
      {fields.map((name) => {
        const field = fieldOf(workflow, name);
        return field ? (
          <Filter
            key={name}
            kind={kind}
            field={field}
            value={query[name] === undefined ? "" : String(query[name])}
            me={me.user}
            onChange={(value) => onChange({ [name]: value || undefined })}
          />
        ) : null;
      })}
      <Views kind={kind} />
      <Button size="small" type="link" onClick={onReset}>
        {t("reset")}
      </Button>
    </search>
  );
}

function Filter({
  kind,
  field,
  value,
  me,
  onChange,
}: {
  kind: string;
  field: Field;
  value: string;
  me: number;
  onChange: (value: string) => void;
}) {
  const t = useTexts(T);
  const nameOf = useNameOf();
  const label = useCodeLabel();
  const { language } = useLanguage();
  const dated = useAllDated();
  const users = useUsers(field.target === "user");
  const units = useUnits(field.target === "unit");
  const name = nameOf(field);
  const [typed, setTyped] = useState(value);
  const options = useMemo(() => {
    if (field.target === "user") {
      return (users ?? []).map((user) => ({
        value: String(user.id),
        label: user.id === me ? `${user.name}（${t("me")}）` : user.name,
      }));
    }
    if (field.target === "unit") {
      return (units ?? []).map((unit) => ({
        value: String(unit.id),
        label: language === "zh" ? unit.name_zh : unit.name_en,
      }));
    }
    if (field.type !== "code") return null;
    const codes =
      field.codes.length > 0
        ? field.codes
        : [...new Set(dated.filter((row) => row.name === (field.target ?? field.name)).map((row) => row.code))];
    return codes.map((code) => ({ value: code, label: label(kind, field.name, code) }));
  }, [field, users, units, dated, language, label, kind, me, t]);
  if (field.type === "reference" && options === null && field.target) {
    return (
      <RecordPicker
        kind={field.target}
        filter={name}
        value={value === "" ? undefined : Number(value)}
        onChange={(id) => onChange(id === undefined ? "" : String(id))}
      />
    );
  }
  if (field.name === "institution") return <BankPicker filter={name} value={value} onChange={onChange} />;
  if (options === null) {
    return (
      <Input
        size="small"
        className="filter-text"
        aria-label={name}
        placeholder={name}
        value={typed}
        allowClear
        onChange={(event) => setTyped(event.target.value)}
        onPressEnter={() => onChange(typed.trim())}
        onBlur={() => typed.trim() !== value && onChange(typed.trim())}
      />
    );
  }
  const chosen = value === "" ? [] : value.split("|");
  return (
    <Select
      size="small"
      mode="multiple"
      className="filter-select"
      aria-label={name}
      placeholder={name}
      maxTagCount={chosen.length > 1 ? 0 : 1}
      maxTagPlaceholder={`${name} ${chosen.length}`}
      allowClear
      showSearch={{ optionFilterProp: "label" }}
      popupMatchSelectWidth={false}
      value={chosen}
      onChange={(codes: string[]) => onChange(codes.join("|"))}
      options={options}
    />
  );
}
