// What banks were asked for in a case: each inquiry with its answer's hash, and a new one from here.
import { useFirst } from "@/api/queries";
import { count } from "@/app/format";
import { KeyText, RecordLink, StateTag, Time } from "@/components/labels";
import { Empty, Failed, Loading } from "@/components/states";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { AskBank, Period } from "../inquiries/AskBank";

const T = texts(
  {
    title: "交易明细查询",
    none: "还没有查询",
    noneHint: "呈请查询后由另一人审批；银行反馈的原件自动存为本案证据。",
    number: "编号",
    state: "状态",
    account: "账户",
    period: "查询期间",
    answered: "反馈时间",
    rows: "入库 / 重复 / 拒收",
  },
  {
    title: "Bank inquiries",
    none: "No bank was asked yet",
    noneHint: "An inquiry is approved by another person; what the bank sends becomes evidence of this case.",
    number: "No.",
    state: "State",
    account: "Account",
    period: "Period",
    answered: "Answered",
    rows: "New / known / not taken",
  },
);

export function Inquiries({ id }: { id: number }) {
  const t = useTexts(T);
  const { data, error, refetch } = useFirst("inquiry", { case: id, order: "-id" }, 200);
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!data) return <Loading lines={4} />;
  return (
    <>
      <div className="tab-acts">
        <AskBank caseId={id} />
      </div>
      {data.items.length === 0 ? (
        <Empty title={t("none")} hint={t("noneHint")} />
      ) : (
        <div className="table-scroll" tabIndex={0} role="region" aria-label={t("title")}>
          <table className="plain">
            <thead>
              <tr>
                <th>{t("number")}</th>
                <th>{t("state")}</th>
                <th>{t("account")}</th>
                <th>{t("period")}</th>
                <th>{t("answered")}</th>
                <th className="right">{t("rows")}</th>
              </tr>
            </thead>
            <tbody>
              {data.items.map((row) => (
                <tr key={row.id}>
                  <td>
                    <RecordLink kind="inquiry" id={row.id} />
                  </td>
                  <td>
                    <StateTag kind="inquiry" state={row.state ?? null} />
                  </td>
                  <td>
                    <KeyText value={row.account as string} />
                  </td>
                  <td>
                    <Period from={row.from_at as string} to={row.to_at as string} />
                  </td>
                  <td>
                    <Time value={row.answered_at as string | null} />
                    {typeof row.sha256 === "string" && (
                      <code className="under faint" title={`SHA-256 ${row.sha256}`}>
                        {row.sha256.slice(0, 12)}…
                      </code>
                    )}
                  </td>
                  <td className="right num">
                    {row.imported_at
                      ? [row.accepted, row.duplicates, row.rejected].map((n) => count(Number(n ?? 0))).join(" / ")
                      : "—"}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
