// What to trace: a transfer, or an account with an amount at a time; how, and how far.
import { SearchOutlined } from "@ant-design/icons";
import { Button, Input, InputNumber, Segmented } from "antd";
import { useState } from "react";
import { parseDuration } from "@/app/format";
import { Labeled, MoneyInput, TimeInput } from "@/components/inputs";
import { Select } from "@/components/Select";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { accountKey, amountOf, amountText, METHODS, type Question } from "./question";
import { useTraceWords } from "./words";

const T = texts(
  {
    start: "起点",
    transfer: "一笔转账",
    account: "账户 + 时间 + 金额",
    id: "流水号",
    idHint: "受害人转账的银行流水号",
    key: "账号",
    at: "时间",
    amount: "金额",
    amountOptional: "金额（不填：整笔）",
    method: "方法",
    within: "每跳时限",
    withinHint: "如 24h、30m；不填不限",
    depth: "最多层级",
    least: "最小金额",
    asOf: "数据截至序号",
    asOfHint: "不填：当前全部数据",
    go: "开始穿透",
    needId: "请填写流水号",
    needKey: "请填写账号",
    needAt: "请填写时间",
    needAmount: "请填写金额，如 50,000 或 5万",
    badWithin: "请填写时长，如 24h、30m",
  },
  {
    start: "Start",
    transfer: "A transfer",
    account: "Account, time, amount",
    id: "Transfer id",
    idHint: "The bank's id of the victim's transfer",
    key: "Account",
    at: "Time",
    amount: "Amount",
    amountOptional: "Amount (none: all of it)",
    method: "Method",
    within: "Limit per hop",
    withinHint: "Such as 24h or 30m; none: no limit",
    depth: "Layers at most",
    least: "Smallest amount",
    asOf: "As of sequence",
    asOfHint: "None: all data there is now",
    go: "Trace",
    needId: "Please give the transfer's id",
    needKey: "Please give the account",
    needAt: "Please give the time",
    needAmount: "Please give the amount, such as 50,000",
    badWithin: "Please give a duration such as 24h or 30m",
  },
);

interface QuestionFormProps {
  question: Question;
  onAsk: (question: Question) => void;
}

export function QuestionForm({ question, onAsk }: QuestionFormProps) {
  const t = useTexts(T);
  const words = useTraceWords();
  const [by, setBy] = useState<"transfer" | "account">(question.account && !question.transfer ? "account" : "transfer");
  const [draft, setDraft] = useState(question);
  const [amount, setAmount] = useState(amountText(question.amount));
  const [least, setLeast] = useState(amountText(question.least));
  const [tried, setTried] = useState(false);
  const set = (change: Partial<Question>) => setDraft((before) => ({ ...before, ...change }));
  const errors = {
    id: by === "transfer" && draft.transfer.trim() === "" ? t("needId") : undefined,
    key: by === "account" && draft.account.trim() === "" ? t("needKey") : undefined,
    at: by === "account" && draft.at === "" ? t("needAt") : undefined,
    amount: amountOf(amount) === null && (by === "account" || amount.trim() !== "") ? t("needAmount") : undefined,
    within: draft.within !== "" && parseDuration(draft.within) === null ? t("badWithin") : undefined,
    least: least.trim() !== "" && amountOf(least) === null ? t("needAmount") : undefined,
  };
  const shown = (name: keyof typeof errors) => (tried ? errors[name] : undefined);
  const submit = () => {
    setTried(true);
    if (Object.values(errors).some(Boolean)) return;
    onAsk({
      ...draft,
      transfer: by === "transfer" ? draft.transfer.trim() : "",
      account: by === "account" ? accountKey(draft.account) : "",
      at: by === "account" ? draft.at : "",
      told: draft.told && draft.at === question.at,
      amount: amountOf(amount),
      least: amountOf(least),
    });
  };
  return (
    <form
      className="card trace-form"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Segmented
        aria-label={t("start")}
        value={by}
        onChange={setBy}
        options={[
          { value: "transfer", label: t("transfer") },
          { value: "account", label: t("account") },
        ]}
      />
      <div className="fields">
        {by === "transfer" ? (
          <Labeled label={t("id")} required hint={t("idHint")} error={shown("id")}>
            {({ id, describedBy, invalid }) => (
              <Input
                id={id}
                aria-describedby={describedBy}
                aria-invalid={invalid}
                className="num"
                value={draft.transfer}
                onChange={(event) => set({ transfer: event.target.value })}
              />
            )}
          </Labeled>
        ) : (
          <>
            <Labeled label={t("key")} required error={shown("key")}>
              {({ id, describedBy, invalid }) => (
                <Input
                  id={id}
                  aria-describedby={describedBy}
                  aria-invalid={invalid}
                  className="num"
                  value={draft.account}
                  onChange={(event) => set({ account: event.target.value })}
                />
              )}
            </Labeled>
            <Labeled label={t("at")} required error={shown("at")}>
              {(ids) => <TimeInput {...ids} value={draft.at} onChange={(at) => set({ at: String(at ?? "") })} />}
            </Labeled>
          </>
        )}
        <Labeled
          label={t(by === "transfer" ? "amountOptional" : "amount")}
          required={by === "account"}
          error={shown("amount")}
        >
          {(ids) => <MoneyInput {...ids} value={amount} onChange={(value) => setAmount(String(value ?? ""))} />}
        </Labeled>
        <Labeled label={t("method")}>
          {({ id }) => (
            <Select
              id={id}
              value={draft.method}
              onChange={(method) => set({ method })}
              options={METHODS.map((value) => ({ value, label: words.t(value) }))}
            />
          )}
        </Labeled>
        <Labeled label={t("within")} hint={t("withinHint")} error={shown("within")}>
          {({ id, describedBy, invalid }) => (
            <Input
              id={id}
              aria-describedby={describedBy}
              aria-invalid={invalid}
              value={draft.within}
              onChange={(event) => set({ within: event.target.value.trim() })}
            />
          )}
        </Labeled>
        <Labeled label={t("depth")}>
          {({ id }) => (
            <InputNumber
              id={id}
              className="full"
              min={1}
              max={1000}
              precision={0}
              value={draft.depth}
              onChange={(depth) => set({ depth })}
            />
          )}
        </Labeled>
        <Labeled label={t("least")} error={shown("least")}>
          {(ids) => <MoneyInput {...ids} value={least} onChange={(value) => setLeast(String(value ?? ""))} />}
        </Labeled>
        <Labeled label={t("asOf")} hint={t("asOfHint")}>
          {({ id, describedBy }) => (
            <InputNumber
              id={id}
              aria-describedby={describedBy}
              className="full"
              min={1}
              precision={0}
              value={draft.asOf}
              onChange={(asOf) => set({ asOf })}
            />
          )}
        </Labeled>
      </div>
      <Button type="primary" htmlType="submit" icon={<SearchOutlined />}>
        {t("go")}
      </Button>
    </form>
  );
}
