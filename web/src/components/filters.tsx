// Filters of a queue, made from the fields that the API filters by; in the address, so that a view can be sent to somebody;
// kept under a name by whoever wants it again.
import { FilterOutlined, SaveOutlined } from "@ant-design/icons";
import { Button, Dropdown, Input, Modal, Select } from "antd";
import { useCallback, useMemo, useState } from "react";
import { useSearchParams } from "react-router";
import { type Query, useAllDated, useUnits, useUsers } from "@/api/queries";
import { type Field, fieldOf, useWorkflow } from "@/api/workflow";
import { useSession } from "@/app/session";
import { useLanguage, useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { useCodeLabel, useNameOf } from "./labels";

const T = texts(
  {
    all: "全部",
    mine: "只看我的",
    views: "视图",
    save: "保存当前视图",
    saveAs: "视图名称",
    cancel: "取消",
    reset: "清除筛选",
    remove: "删除“{name}”",
    filters: "筛选",
    me: "我",
  },
  {
    all: "All",
    mine: "Mine only",
    views: "Views",
    save: "Save this view",
    saveAs: "Name of the view",
    cancel: "Cancel",
    reset: "Clear filters",
    remove: "Delete “{name}”",
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

interface View {
  name: string;
  search: string;
}

function keptViews(key: string): View[] {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "[]") as View[];
  } catch {
    return [];
  }
}

function Views({ kind }: { kind: string }) {
  const t = useTexts(T);
  const { me } = useSession();
  const key = `sluice.views.${me.user}.${kind}`;
  const [search, setSearch] = useSearchParams();
  const [views, setViews] = useState(() => keptViews(key));
  const [naming, setNaming] = useState<string | null>(null);
  const keep = (after: View[]) => {
    setViews(after);
    localStorage.setItem(key, JSON.stringify(after));
  };
  const save = () => {
    const name = naming?.trim();
    if (name) keep([...views.filter((view) => view.name !== name), { name, search: search.toString() }]);
    setNaming(null);
  };
  const items = [
    ...views.map((view) => ({ key: `open:${view.name}`, label: view.name })),
    ...(views.length > 0 ? [{ type: "divider" as const }] : []),
    { key: "save", label: t("save"), icon: <SaveOutlined /> },
    ...views.map((view) => ({ key: `remove:${view.name}`, label: t("remove", { name: view.name }), danger: true })),
  ];
  return (
    <>
      <Dropdown
        trigger={["click"]}
        menu={{
          items,
          onClick: ({ key: chosen }) => {
            if (chosen === "save") return setNaming("");
            const name = chosen.slice(chosen.indexOf(":") + 1);
            if (chosen.startsWith("remove:")) return keep(views.filter((view) => view.name !== name));
            setSearch(views.find((view) => view.name === name)?.search ?? "");
          },
        }}
      >
        <Button size="small">{t("views")}</Button>
      </Dropdown>
      <Modal
        open={naming !== null}
        title={t("save")}
        okText={t("save")}
        cancelText={t("cancel")}
        onOk={save}
        onCancel={() => setNaming(null)}
        destroyOnHidden
      >
        <Input
          autoFocus
          aria-label={t("saveAs")}
          placeholder={t("saveAs")}
          maxLength={40}
          value={naming ?? ""}
          onChange={(event) => setNaming(event.target.value)}
          onPressEnter={save}
        />
      </Modal>
    </>
  );
}
