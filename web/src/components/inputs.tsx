// Inputs of an act, made from its rows in the workflow tables: one control for each type, with its name as its label.
import { Checkbox, Input, InputNumber } from "antd";
import { type ReactNode, useId } from "react";
import { useDated, useUnits, useUsers } from "@/api/directory";
import type { Field } from "@/api/workflow";
import { parseYuan, yuan } from "@/app/format";
import { useLanguage, useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { LossesInput } from "./LossesInput";
import { useCodeLabel, useHintOf, useNameOf } from "./labels";
import { loadable } from "./loadable";
import { type LossRow, lossesOf } from "./losses";
import { BankPicker, RecordPicker } from "./RecordPicker";
import { Select } from "./Select";
import { TextArea } from "./TextArea";
import type { TimePickerProps } from "./TimePicker";

const T = texts(
  {
    required: "必填",
    needed: "请填写“{name}”",
    notAmount: "请填写金额，如 12,345.67 或 3万",
    notJson: "请填写 JSON",
    notLosses: "每名受害人须有姓名和大于零的损失金额",
    yuan: "元",
    choose: "请选择",
    unset: "未填",
  },
  {
    required: "Required",
    needed: "Please fill in: {name}",
    notAmount: "Please give an amount such as 12,345.67",
    notJson: "Please give JSON",
    notLosses: "Each victim needs a name and a loss above zero",
    yuan: "yuan",
    choose: "Choose",
    unset: "Not given",
  },
);

/** What is in the form, as typed; `bodyOf` makes the API's body of it. */
export type Draft = Record<string, unknown>;

const LONG_TEXT = /^(note|words|reason|feedback|summary|answer|remedy|appeal|result|description|.*_words)$/;

interface LabeledProps {
  label: string;
  required?: boolean;
  error?: string | undefined;
  hint?: ReactNode;
  wide?: boolean;
  children: (ids: { id: string; describedBy: string | undefined; invalid: boolean }) => ReactNode;
}

/** A control with its label, hint and mistake, tied together for screen readers. */
export function Labeled({ label, required, error, hint, wide, children }: LabeledProps) {
  const t = useTexts(T);
  const id = useId();
  const noteId = `${id}-note`;
  const note = error ?? hint;
  return (
    <div className={wide ? "field field-wide" : "field"}>
      <label htmlFor={id}>
        {label}
        {required && (
          <span className="required" title={t("required")}>
            *<span className="sr-only">{t("required")}</span>
          </span>
        )}
      </label>
      {children({ id, describedBy: note ? noteId : undefined, invalid: error !== undefined })}
      {note && (
        <div id={noteId} className={error ? "field-error" : "field-hint"} role={error ? "alert" : undefined}>
          {note}
        </div>
      )}
    </div>
  );
}

interface ControlProps {
  id: string;
  describedBy: string | undefined;
  invalid: boolean;
  value: unknown;
  onChange: (value: unknown) => void;
}

const text = (value: unknown) => (value === undefined || value === null ? "" : String(value));

/** An amount in yuan, as typed; `bodyOf` reads it. */
export function MoneyInput({ id, describedBy, invalid, value, onChange }: ControlProps) {
  const t = useTexts(T);
  return (
    <Input
      id={id}
      aria-describedby={describedBy}
      aria-invalid={invalid}
      inputMode="decimal"
      prefix="¥"
      suffix={<span className="faint">{t("yuan")}</span>}
      className="num"
      value={typeof value === "number" ? yuan(value) : text(value)}
      onChange={(event) => onChange(event.target.value)}
      onBlur={() => {
        const fen = typeof value === "string" ? parseYuan(value) : null;
        if (fen !== null) onChange(yuan(fen));
      }}
    />
  );
}

/** A day and a time, or a month; the calendar's code comes when a form has one. */
export const TimeInput = loadable<TimePickerProps>(
  () => import("./TimePicker"),
  ({ id, label }) => <Input disabled {...(id ? { id } : {})} aria-label={label} className="time-input" />,
);

function ReferenceSelect({ field, ...control }: ControlProps & { field: Field }) {
  const t = useTexts(T);
  const { language } = useLanguage();
  const users = useUsers(field.target === "user");
  const units = useUnits(field.target === "unit");
  const options =
    field.target === "user"
      ? (users ?? []).filter((user) => user.state !== "disabled").map((user) => ({ value: user.id, label: user.name }))
      : (units ?? [])
          .filter((unit) => unit.state === "open")
          .map((unit) => ({ value: unit.id, label: language === "zh" ? unit.name_zh : unit.name_en }));
  if (field.target !== "user" && field.target !== "unit") {
    return (
      <RecordPicker
        id={control.id}
        kind={field.target ?? ""}
        describedBy={control.describedBy}
        invalid={control.invalid}
        value={control.value as number | undefined}
        onChange={control.onChange}
      />
    );
  }
  return (
    <Select
      id={control.id}
      aria-describedby={control.describedBy}
      className="full"
      showSearch={{ optionFilterProp: "label" }}
      allowClear={!field.required}
      placeholder={t("choose")}
      value={control.value as number | undefined}
      onChange={control.onChange}
      options={options}
    />
  );
}

function CodeSelect({ kind, field, ...control }: ControlProps & { kind: string; field: Field }) {
  const t = useTexts(T);
  const label = useCodeLabel();
  const dated = useDated(field.target ?? field.name);
  const codes = field.codes.length > 0 ? field.codes : dated.map((row) => row.code);
  return (
    <Select
      id={control.id}
      aria-describedby={control.describedBy}
      className="full"
      allowClear={!field.required}
      placeholder={t("choose")}
      value={control.value as string | undefined}
      onChange={control.onChange}
      options={codes.map((code) => ({ value: code, label: label(kind, field.name, code) }))}
    />
  );
}

function FileInput({ id, describedBy, invalid, onChange }: ControlProps) {
  return (
    <input
      id={id}
      aria-describedby={describedBy}
      aria-invalid={invalid}
      type="file"
      className="plain-input"
      onChange={(event) => {
        const file = event.target.files?.[0];
        if (!file) return onChange(undefined);
        const reader = new FileReader();
        reader.onload = () => onChange(String(reader.result).replace(/^data:[^,]*,/, ""));
        reader.readAsDataURL(file);
      }}
    />
  );
}

function Control({ kind, field, ...control }: ControlProps & { kind: string; field: Field }) {
  const { id, describedBy, invalid, value, onChange } = control;
  switch (field.type) {
    case "money":
      return <MoneyInput {...control} />;
    case "time":
      return <TimeInput {...control} />;
    case "code":
      return <CodeSelect kind={kind} field={field} {...control} />;
    case "reference":
      return <ReferenceSelect field={field} {...control} />;
    case "boolean":
      return <Checkbox id={id} checked={value === true} onChange={(event) => onChange(event.target.checked)} />;
    case "integer":
      return (
        <InputNumber
          id={id}
          aria-describedby={describedBy}
          aria-invalid={invalid}
          className="full"
          precision={0}
          value={(value as number | undefined) ?? null}
          onChange={(number) => onChange(number ?? undefined)}
        />
      );
    case "blob":
      return <FileInput {...control} />;
    default: {
      if (field.name === "institution") return <BankPicker {...control} value={text(value)} />;
      const shared = {
        id,
        "aria-describedby": describedBy,
        "aria-invalid": invalid,
        value: text(value),
        onChange: (event: { target: { value: string } }) => onChange(event.target.value),
      };
      return field.type === "json" || LONG_TEXT.test(field.name) ? (
        <TextArea {...shared} rows={2} />
      ) : (
        <Input {...shared} className={field.type === "key" ? "num" : undefined} />
      );
    }
  }
}

/** Written as a table, not as JSON. */
function isLosses(kind: string, field: Field): boolean {
  return kind === "return" && field.name === "losses";
}

interface FieldsProps {
  kind: string;
  fields: readonly Field[];
  draft: Draft;
  errors: Record<string, string>;
  onChange: (draft: Draft) => void;
}

export function Fields({ kind, fields, draft, errors, onChange }: FieldsProps) {
  const nameOf = useNameOf();
  const hintOf = useHintOf();
  return (
    <div className="fields">
      {fields.map((field) => (
        <Labeled
          key={field.name}
          label={nameOf(field)}
          required={field.required}
          error={errors[field.name]}
          hint={isLosses(kind, field) ? undefined : hintOf(field)}
          wide={LONG_TEXT.test(field.name) || field.type === "json"}
        >
          {(ids) =>
            isLosses(kind, field) ? (
              <LossesInput
                id={ids.id}
                value={draft[field.name]}
                freeze={draft.freeze as number | undefined}
                onChange={(rows) => onChange({ ...draft, [field.name]: rows })}
              />
            ) : (
              <Control
                kind={kind}
                field={field}
                {...ids}
                value={draft[field.name]}
                onChange={(value) => onChange({ ...draft, [field.name]: value })}
              />
            )
          }
        </Labeled>
      ))}
    </div>
  );
}

export type Parsed = { body: Record<string, unknown>; errors: Record<string, string> };

/** The body of an act out of what was typed; what is wrong comes by field. */
export function useBodyOf(): (fields: readonly Field[], draft: Draft) => Parsed {
  const t = useTexts(T);
  const nameOf = useNameOf();
  return (fields, draft) => {
    const parsed: Parsed = { body: {}, errors: {} };
    for (const field of fields) {
      const value = draft[field.name];
      const missing = value === undefined || value === null || (typeof value === "string" && value.trim() === "");
      if (missing) {
        if (field.required) parsed.errors[field.name] = t("needed", { name: nameOf(field) });
        continue;
      }
      if (field.type === "money") {
        const fen = typeof value === "number" ? value : parseYuan(String(value));
        if (fen === null) parsed.errors[field.name] = t("notAmount");
        else parsed.body[field.name] = fen;
      } else if (field.type === "json" && Array.isArray(value) && field.name === "losses") {
        const losses = "loss_fen" in (value[0] ?? {}) ? value : lossesOf(value as LossRow[]);
        if (losses === null) parsed.errors[field.name] = t("notLosses");
        else parsed.body[field.name] = losses;
      } else if (field.type === "json" && typeof value === "string") {
        try {
          parsed.body[field.name] = JSON.parse(value);
        } catch {
          parsed.errors[field.name] = t("notJson");
        }
      } else if (field.type === "key" && /^[\d\s]{8,}$/.test(String(value))) {
        parsed.body[field.name] = `account:${String(value).replace(/\s/g, "")}`;
      } else {
        parsed.body[field.name] = typeof value === "string" ? value.trim() : value;
      }
    }
    return parsed;
  };
}
