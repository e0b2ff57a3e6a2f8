// What banks were asked for in a case: each inquiry with its answer's hash, and a new one from here.
import { useFirst } from "@/api/queries";
import { count } from "@/app/format";
import { Time } from "@/components/labels";
import { OrderTable } from "@/components/PlainTable";
import { Empty, Failed, Loading } from "@/components/states";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { AskBank, Period } from "../inquiries/AskBank";

const T = texts(
  {
    title: "交易明细查询",
    none: "还没有查询",
    noneHint: "呈请查询后由另一人审批；银行反馈的原件自动存为本案证据。",
    period: "查询期间",
    answered: "反馈时间",
    rows: "入库 / 重复 / 拒收",
  },
  {
    title: "Bank inquiries",
    none: "No bank was asked yet",
    noneHint: "An inquiry is approved by another person; what the bank sends becomes evidence of this case.",
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
        <OrderTable
          label={t("title")}
          orders={data.items.map((row) => ({ kind: "inquiry", row }))}
          columns={[
            {
              key: "period",
              title: t("period"),
              cell: ({ row }) => <Period from={row.from_at as string} to={row.to_at as string} />,
            },
            {
              key: "answered",
              title: t("answered"),
              cell: ({ row }) => (
                <>
                  <Time value={row.answered_at as string | null} />
                  {typeof row.sha256 === "string" && (
                    <code className="under faint" title={`SHA-256 ${row.sha256}`}>
                      {row.sha256.slice(0, 12)}…
                    </code>
                  )}
                </>
              ),
            },
            {
              key: "rows",
              title: t("rows"),
              right: true,
              cell: ({ row }) =>
                row.imported_at
                  ? [row.accepted, row.duplicates, row.rejected].map((n) => count(Number(n ?? 0))).join(" / ")
                  : "—",
            },
          ]}
        />
      )}
    </>
  );
}
