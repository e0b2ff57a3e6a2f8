// Another record, or a bank, chosen by what people call it: typed words are searched, nothing typed shows the newest.
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useMemo, useState } from "react";
import { call, request } from "@/api/client";
import { useDated } from "@/api/directory";
import { useFirst } from "@/api/queries";
import { type Page, type Row, useWorkflow, useWorkflows, type Workflow } from "@/api/workflow";
import { grouped, keyParts, money, recordNumber } from "@/app/format";
import { type Role, useSession } from "@/app/session";
import { useLanguage, useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { useCodeLabel } from "./labels";
import { AutoComplete, Select } from "./Select";

const T = texts(
  { record: "输入编号、姓名或账号查找", bank: "输入银行名称或机构代码", none: "没有符合的记录" },
  { record: "Number, name or account", bank: "Bank or its code", none: "Nothing matches" },
);

/** What says most of a record in one line; the first two that it has. */
const TELLING = ["title", "name", "victim_name", "holder", "victim", "account", "subject", "key", "phone", "path"];

function useRecordText(): (workflow: Workflow, row: Row) => string {
  const label = useCodeLabel();
  return (workflow, row) => {
    const words = TELLING.flatMap((name) => {
      const value = row[name];
      if (typeof value !== "string" || value === "") return [];
      return [/^[a-z]+:/.test(value) ? grouped(keyParts(value).value) : value];
    }).slice(0, 2);
    if (words.length < 2 && typeof row.amount_fen === "number") words.push(money(row.amount_fen));
    if (row.state) words.push(label(workflow.kind, "state", row.state));
    return [recordNumber(workflow.prefix, row.id), ...words].join(" · ");
  };
}

interface RecordPickerProps {
  id?: string;
  kind: string;
  value: number | undefined;
  onChange: (id: number | undefined) => void;
  describedBy?: string | undefined;
  invalid?: boolean;
  /** In a bar of filters: small, and named by this instead of a label. */
  filter?: string;
}

const NEWEST = 20;

function look(filter: string | undefined) {
  return filter
    ? ({ size: "small", className: "filter-select", "aria-label": filter, popupMatchSelectWidth: false } as const)
    : { className: "full" };
}

export function RecordPicker({ id, kind, value, onChange, describedBy, invalid, filter }: RecordPickerProps) {
  const t = useTexts(T);
  const workflow = useWorkflow(kind);
  const textOf = useRecordText();
  const [typed, setTyped] = useState("");
  const words = useDeferredValue(typed.trim());
  const newest = useFirst(kind, { order: "-id" }, NEWEST);
  const number = /^[A-Za-z]{0,3}-?0*(\d{1,15})$/.exec(words)?.[1];
  const found = useQuery({
    queryKey: ["search", words, kind],
    queryFn: ({ signal }) => call("GET /v1/search", { query: { q: words, kind }, signal }),
    enabled: words.length >= 2,
  });
  const wanted = value ?? (number ? Number(number) : 0);
  const one = useQuery<Row>({
    queryKey: ["record", kind, wanted, ""],
    queryFn: ({ signal }) => request<Row>("GET", `/v1/${workflow?.collection}/${wanted}`, { signal }),
    enabled: workflow !== undefined && wanted > 0,
    retry: false,
  });
  const rows = useMemo(() => {
    const all = new Map<number, Row>();
    const put = (row: Row | undefined) => row && all.set(row.id, row);
    if (one.data) put(one.data);
    if (words.length >= 2) for (const hit of found.data?.items ?? []) put(hit.record as Row);
    else for (const row of newest.data?.items ?? []) put(row);
    return [...all.values()];
  }, [one.data, found.data, newest.data, words]);
  return (
    <Select
      {...(id ? { id } : {})}
      aria-describedby={describedBy}
      aria-invalid={invalid}
      {...look(filter)}
      data-picker={kind}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      allowClear
      placeholder={filter ?? t("record")}
      notFoundContent={t("none")}
      loading={found.isFetching || newest.isFetching}
      value={value ?? null}
      onChange={(chosen: number | null | undefined) => {
        setTyped("");
        onChange(chosen ?? undefined);
      }}
      options={rows.map((row) => ({
        value: row.id,
        label: workflow ? textOf(workflow, row) : recordNumber(undefined, row.id),
      }))}
    />
  );
}

interface BankPickerProps {
  id?: string;
  value: string;
  onChange: (code: string) => void;
  describedBy?: string | undefined;
  invalid?: boolean;
  /** In a bar of filters: small, and named by this instead of a label. */
  filter?: string;
}

/** Codes of banks that the desk has worked with; what may not be read adds none. */
async function banksInUse(readable: readonly Workflow[], signal: AbortSignal): Promise<string[]> {
  const codes = new Set<string>();
  for (const { kind, collection } of readable) {
    const page = await request<Page>("GET", `/v1/${collection}`, { query: { limit: 200, order: "-id" }, signal });
    const field = kind === "partner_link" ? "partner" : "institution";
    for (const row of page.items) if (typeof row[field] === "string") codes.add(row[field] as string);
  }
  return [...codes].filter((code) => code !== "").sort();
}

const KINDS_WITH_BANKS = ["partner_link", "stop", "freeze"];

export function BankPicker({ id, value, onChange, describedBy, invalid, filter }: BankPickerProps) {
  const t = useTexts(T);
  const { language } = useLanguage();
  const named = useDated("institution");
  const workflows = useWorkflows();
  const { has } = useSession();
  const readable = KINDS_WITH_BANKS.flatMap((kind) => {
    const one = workflows?.byKind.get(kind);
    return one && has(one.readers.split(",") as Role[]) ? [one] : [];
  });
  const banks = useQuery({
    queryKey: ["banks"],
    queryFn: ({ signal }) => banksInUse(readable, signal),
    enabled: workflows !== undefined,
    staleTime: 600_000,
  });
  const textOf = (code: string) => {
    const name = named.find((row) => row.code === code);
    return name ? `${name[language]} ${code}` : code;
  };
  return (
    <AutoComplete
      {...(id ? { id } : {})}
      aria-describedby={describedBy}
      aria-invalid={invalid}
      {...look(filter)}
      data-picker="institution"
      placeholder={filter ?? t("bank")}
      value={value}
      onChange={(typed: string | undefined) => onChange(typed ?? "")}
      showSearch={{ filterOption: (typed, option) => textOf(String(option?.value)).includes(typed) }}
      options={[...new Set([...(banks.data ?? []), ...named.map((row) => row.code)])].map((code) => ({
        value: code,
        label: textOf(code),
      }))}
    />
  );
}
