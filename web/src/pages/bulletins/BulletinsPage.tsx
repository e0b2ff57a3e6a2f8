import type { Query } from "@/api/queries";
import { FilterBar, useQueryState } from "@/components/filters";
import { PageHead } from "@/components/PageHead";
import { QueueTable } from "@/components/QueueTable";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { DraftBulletin } from "./DraftBulletin";

const T = texts(
  { title: "战果通报", note: "所有数字均由记录统计得出，签发后不可更改；更正另发新通报。" },
  {
    title: "Bulletins",
    note: "Every figure is counted from records. An issued bulletin never changes; a correction is a new one.",
  },
);

const DEFAULTS: Query = { order: "-id" };

export default function BulletinsPage() {
  const t = useTexts(T);
  const [query, change, reset] = useQueryState(DEFAULTS);
  return (
    <div className="page-fill">
      <PageHead title={t("title")} note={t("note")} actions={<DraftBulletin />} />
      <FilterBar kind="bulletin" fields={["state", "unit"]} query={query} onChange={change} onReset={reset} />
      <QueueTable
        kind="bulletin"
        columns={[
          { field: "number", width: "120px" },
          { field: "state", width: "110px" },
          { field: "title" },
          { field: "unit", width: "140px", title: ["单位", "Unit"] },
          { field: "from", width: "150px" },
          { field: "to", width: "150px" },
        ]}
        query={query}
        onOrder={(order) => change({ order })}
      />
    </div>
  );
}
