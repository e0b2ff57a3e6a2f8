// Campaigns, and what they are made of.
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { request } from "@/api/client";
import { type Query, useFirst } from "@/api/queries";
import { useWorkflows } from "@/api/workflow";
import { FilterBar, useQueryState } from "@/components/filters";
import { useNameOf } from "@/components/labels";
import { MakeButtons } from "@/components/make";
import { PageHead } from "@/components/PageHead";
import { QueueTable } from "@/components/QueueTable";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { ReachTable } from "./ReachTable";
import type { Reach } from "./reach";

const T = texts(
  { title: "宣传防范", parts: "受众、素材、群、活动、联盟单位" },
  { title: "Outreach", parts: "Audiences, material, groups, events, partners" },
);

const DEFAULTS: Query = { order: "-id" };
const PARTS = ["audience", "material", "chat_group", "outreach_event", "alliance_partner", "alliance_action"];

export default function OutreachPage() {
  const t = useTexts(T);
  const nameOf = useNameOf();
  const workflows = useWorkflows();
  const [query, change, reset] = useQueryState(DEFAULTS);
  const campaigns = useFirst("campaign", DEFAULTS, 1);
  const reach = useQuery<Reach>({
    queryKey: ["reach", "all", campaigns.dataUpdatedAt],
    queryFn: ({ signal }) => request<Reach>("GET", "/v1/outreach/reach", { signal }),
    retry: false,
  });
  const parts = PARTS.flatMap((kind) => workflows?.byKind.get(kind) ?? []);
  return (
    <div className="page-fill">
      <PageHead title={t("title")} actions={<MakeButtons kind="campaign" />} />
      <nav className="part-links" aria-label={t("parts")}>
        {parts.map((part) => (
          <Link key={part.kind} to={`/records/${part.collection}`}>
            {nameOf(part)}
          </Link>
        ))}
      </nav>
      {reach.data && <ReachTable reach={reach.data} />}
      <FilterBar kind="campaign" fields={["state", "channel"]} query={query} onChange={change} onReset={reset} />
      <QueueTable
        kind="campaign"
        columns={[
          { field: "number", width: "120px" },
          { field: "state", width: "110px" },
          { field: "title" },
          { field: "channel", width: "120px" },
          { field: "started_at", width: "150px" },
        ]}
        query={query}
        onOrder={(order) => change({ order })}
      />
    </div>
  );
}
