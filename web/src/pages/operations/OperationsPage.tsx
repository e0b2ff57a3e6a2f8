import type { Query } from "@/api/queries";
import { FilterBar, useQueryState } from "@/components/filters";
import { MakeButtons } from "@/components/make";
import { PageHead } from "@/components/PageHead";
import { QueueTable } from "@/components/QueueTable";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";

const T = texts(
  { title: "专项行动", note: "统一指挥、分类侦查、突出重点、确保战果" },
  { title: "Operations", note: "One command, investigation by type, focus, results that hold" },
);

const DEFAULTS: Query = { order: "-id" };

export default function OperationsPage() {
  const t = useTexts(T);
  const [query, change, reset] = useQueryState(DEFAULTS);
  return (
    <div className="page-fill">
      <PageHead title={t("title")} note={t("note")} actions={<MakeButtons kind="operation" />} />
      <FilterBar kind="operation" fields={["state", "district"]} query={query} onChange={change} onReset={reset} />
      <QueueTable
        kind="operation"
        columns={[
          { field: "number", width: "120px" },
          { field: "state", width: "110px" },
          { field: "name" },
          { field: "phase", width: "140px" },
          { field: "commander", width: "160px" },
          { field: "from", width: "150px" },
          { field: "until", width: "150px" },
        ]}
        query={query}
        onOrder={(order) => change({ order })}
      />
    </div>
  );
}
