// Who lost how much, for a return: a row for each victim, filled from the reports of the freeze's case.
import { DeleteOutlined, PlusOutlined, SolutionOutlined } from "@ant-design/icons";
import { Button, Input } from "antd";
import { useState } from "react";
import { request } from "@/api/client";
import type { Page, Row } from "@/api/workflow";
import { money, parseYuan, yuan } from "@/app/format";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { isEmptyLoss, type LossRow, NO_LOSS, rowsOf } from "./losses";
import { ProblemNote } from "./states";

const T = texts(
  {
    party: "受害人",
    loss: "损失金额（元）",
    refunded: "已获返还（元）",
    to: "返还账号",
    accounts: "转出账号（多个用逗号分隔）",
    add: "增加一人",
    remove: "删除第 {n} 行",
    fill: "从案件警情带入",
    purpose: "资金返还：核对案件受害人及损失",
    filled: "已带入 {n} 名受害人，请逐人核对",
    none: "该冻结所属案件没有关联警情，请手工填写",
    sum: "{n} 人，损失合计 {sum}",
    hint: "带入会读取完整姓名和账号，并记入审计。保存草稿后即显示每人份额和计算依据，核对无误再公告或报批。",
  },
  {
    party: "Victim",
    loss: "Loss (yuan)",
    refunded: "Received already (yuan)",
    to: "Pay back to",
    accounts: "Paid from (commas between)",
    add: "Add a victim",
    remove: "Remove row {n}",
    fill: "Take from the case's reports",
    purpose: "return of funds: check the victims and losses of the case",
    filled: "Taken in: {n}. Check each of them",
    none: "The case of this freeze has no reports: fill in by hand",
    sum: "Victims: {n}; lost {sum}",
    hint: "Names and accounts are read in full, which is audited. The draft shows each share and its basis; check them before it is noticed or submitted.",
  },
);

/** The reports of the case that the freeze belongs to: a row for each victim, his reports added up. */
async function fromReports(freeze: number, purpose: string): Promise<LossRow[]> {
  const order = await request<Row>("GET", `/v1/freezes/${freeze}`);
  if (!order.case) return [];
  const reports = await request<Page>("GET", `/v1/cases/${order.case}/reports`, { query: { limit: 200 }, purpose });
  const found = new Map<string, { fen: number; accounts: Set<string> }>();
  for (const report of reports.items) {
    const name = String(report.victim_name ?? "");
    const one = found.get(name) ?? { fen: 0, accounts: new Set<string>() };
    one.fen += (report.loss_fen as number | null) ?? 0;
    if (report.victim_account) one.accounts.add(String(report.victim_account).replace(/^account:/, ""));
    found.set(name, one);
  }
  return [...found].map(([party, { fen, accounts }]) => ({
    party,
    loss: yuan(fen),
    refunded: "",
    to_account: [...accounts][0] ?? "",
    accounts: [...accounts].join("，"),
  }));
}

interface LossesInputProps {
  id: string;
  value: unknown;
  freeze: number | undefined;
  onChange: (rows: LossRow[]) => void;
}

export function LossesInput({ id, value, freeze, onChange }: LossesInputProps) {
  const t = useTexts(T);
  const [said, setSaid] = useState("");
  const [problem, setProblem] = useState<unknown>(null);
  const rows = Array.isArray(value) && value.length > 0 && "loss" in value[0] ? (value as LossRow[]) : rowsOf(value);
  const set = (at: number, change: Partial<LossRow>) =>
    onChange(rows.map((row, i) => (i === at ? { ...row, ...change } : row)));
  const fill = async () => {
    setProblem(null);
    try {
      const found = await fromReports(freeze ?? 0, t("purpose"));
      setSaid(found.length > 0 ? t("filled", { n: found.length }) : t("none"));
      if (found.length > 0) onChange(found);
    } catch (error) {
      setProblem(error);
    }
  };
  const columns = ["party", "loss", "refunded", "to_account", "accounts"] as const;
  const nameOf = (column: (typeof columns)[number]) => t(column === "to_account" ? "to" : column);
  const sum = rows.reduce((all, row) => all + (parseYuan(row.loss) ?? 0), 0);
  return (
    <div className="losses" id={id}>
      <div className="losses-bar">
        {freeze !== undefined && (
          <Button size="small" icon={<SolutionOutlined />} data-fill-losses onClick={() => void fill()}>
            {t("fill")}
          </Button>
        )}
        <span role="status" className="faint">
          {said}
        </span>
      </div>
      <ProblemNote error={problem} />
      <div className="table-scroll">
        <table className="plain">
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column}>{nameOf(column)}</th>
              ))}
              <th />
            </tr>
          </thead>
          <tbody>
            {rows.map((row, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
              <tr key={at}>
                {columns.map((column) => (
                  <td key={column}>
                    <Input
                      size="small"
                      className={column === "party" ? undefined : "num"}
                      aria-label={`${nameOf(column)} ${at + 1}`}
                      value={row[column]}
                      onChange={(event) => set(at, { [column]: event.target.value })}
                    />
                  </td>
                ))}
                <td>
                  <Button
                    type="text"
                    size="small"
                    icon={<DeleteOutlined />}
                    aria-label={t("remove", { n: at + 1 })}
                    onClick={() => onChange(rows.length > 1 ? rows.filter((_, i) => i !== at) : [NO_LOSS])}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="losses-bar">
        <Button size="small" icon={<PlusOutlined />} onClick={() => onChange([...rows, NO_LOSS])}>
          {t("add")}
        </Button>
        <span className="strong num">
          {t("sum", { n: rows.filter((row) => !isEmptyLoss(row)).length, sum: money(sum) })}
        </span>
      </div>
      <p className="field-hint">{t("hint")}</p>
    </div>
  );
}
