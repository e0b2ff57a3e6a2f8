import type { Query } from "@/api/queries";
import { FilterBar, useQueryState } from "@/components/filters";
import { PageHead } from "@/components/PageHead";
import { QueueTable } from "@/components/QueueTable";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";

const T = texts(
  { title: "资金返还", note: "从冻结页面发起；不能逐笔溯源的按损失比例返还，须公告三十日。" },
  {
    title: "Return of funds",
    note: "Begun from a freeze. What cannot be traced to one victim is shared by loss, after thirty days' public notice.",
  },
);

const DEFAULTS: Query = { order: "-id" };

export default function ReturnsPage() {
  const t = useTexts(T);
  const [query, change, reset] = useQueryState(DEFAULTS);
  return (
    <div className="page-fill">
      <PageHead title={t("title")} note={t("note")} />
      <FilterBar kind="return" fields={["state", "district"]} query={query} onChange={change} onReset={reset} />
      <QueueTable
        kind="return"
        columns={[
          { field: "number", width: "120px" },
          { field: "state", width: "110px" },
          { field: "account" },
          { field: "case", width: "120px" },
          { field: "frozen_fen", width: "140px", align: "right" },
          { field: "returned_fen", width: "140px", align: "right" },
          { field: "due", width: "150px" },
        ]}
        query={query}
        onOrder={(order) => change({ order })}
      />
    </div>
  );
}
