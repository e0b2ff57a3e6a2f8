// What this institution reported, and what came of it.
import { useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { call } from "@/api/client";
import type { Schemas } from "@/api/schema";
import { DataTable } from "@/components/DataTable";
import { Time } from "@/components/labels";
import { useReveal } from "@/components/reveal";
import { Failed, Loading } from "@/components/states";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";

const T = texts(
  {
    tips: "报送的线索",
    none: "本机构还没有报送过线索",
    at: "报送时间",
    reference: "来源编号",
    words: "内容",
    feedback: "办理反馈",
    waits: "办理中",
    told: "反馈时间",
    more: "更早的",
  },
  {
    tips: "Tips reported",
    none: "This institution has reported nothing yet",
    at: "Reported",
    reference: "Own number",
    words: "Details",
    feedback: "What came of it",
    waits: "In progress",
    told: "Told",
    more: "Older ones",
  },
);

type Tip = Schemas["partner_tip"];

export function Tips() {
  const t = useTexts(T);
  const { purpose } = useReveal();
  const found = useInfiniteQuery({
    queryKey: ["partner-tips", purpose],
    queryFn: ({ pageParam, signal }) => call("GET /v1/partner/tips", { query: { before: pageParam }, purpose, signal }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (last) => last.before,
    gcTime: purpose ? 0 : 300_000,
  });
  if (found.error && !found.data) return <Failed error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Loading lines={8} />;
  return (
    <>
      <DataTable<Tip>
        label={t("tips")}
        height={500}
        columns={[
          { key: "at", title: t("at"), width: "140px", by: (tip) => tip.at, render: (tip) => <Time value={tip.at} /> },
          {
            key: "reference",
            title: t("reference"),
            width: "minmax(100px, 1fr)",
            render: (tip) => tip.reference ?? "—",
          },
          { key: "words", title: t("words"), width: "minmax(160px, 3fr)", render: (tip) => tip.words ?? "—" },
          {
            key: "feedback",
            title: t("feedback"),
            width: "minmax(160px, 3fr)",
            render: (tip) => tip.feedback ?? <span className="faint">{t("waits")}</span>,
          },
          {
            key: "told",
            title: t("told"),
            width: "140px",
            by: (tip) => tip.feedback_at ?? "",
            render: (tip) => <Time value={tip.feedback_at} />,
          },
        ]}
        rows={found.data.pages.flatMap((page) => page.items)}
        id={(tip) => String(tip.id)}
        empty={t("none")}
      />
      {found.hasNextPage && <Button onClick={() => void found.fetchNextPage()}>{t("more")}</Button>}
    </>
  );
}
