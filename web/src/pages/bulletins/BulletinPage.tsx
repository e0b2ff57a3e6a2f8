// One bulletin: its figures with their queries, its files, who computed, approved and issued it.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useParams } from "react-router";
import { newKey, request } from "@/api/client";
import { invalidate } from "@/api/queries";
import type { Row } from "@/api/workflow";
import { useSession } from "@/app/session";
import { type FigureSection, Figures } from "@/components/figures";
import { RecordFrame } from "@/components/RecordFrame";
import { Empty, Loading, ProblemNote } from "@/components/states";
import { useLanguage, useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";

const T = texts(
  {
    compute: "生成数据",
    again: "重新生成数据",
    none: "尚未生成数据",
    noneHint: "生成后可审阅每一项数字及其统计口径，再呈请审批。",
    files: "下载",
    figures: "数据",
  },
  {
    compute: "Compute the figures",
    again: "Compute the figures again",
    none: "No figures yet",
    noneHint: "Once they are computed, each can be looked at with its query, before approval is asked for.",
    files: "Download",
    figures: "Figures",
  },
);

const COMPUTED_HERE: readonly string[] = ["compute"];
const FORMATS = ["pdf", "xlsx", "text", "json"] as const;

interface BulletinDocument {
  sections: FigureSection[];
}

export default function BulletinPage() {
  const t = useTexts(T);
  const { id = "" } = useParams();
  return (
    <RecordFrame
      kind="bulletin"
      except={COMPUTED_HERE}
      id={Number(id)}
      title={(row) => String(row.title ?? "")}
      lead={(row) => <Files row={row} />}
      tabs={(row) => [{ key: "figures", label: t("figures"), children: <Content row={row} /> }]}
    />
  );
}

/** Only who makes bulletins may compute, and only while it is a draft. */
function Files({ row }: { row: Row }) {
  const t = useTexts(T);
  const { language } = useLanguage();
  const { has } = useSession();
  const client = useQueryClient();
  const computation = useMutation({
    mutationFn: () =>
      request("POST", `/v1/bulletins/${row.id}/compute`, { body: {}, version: row.version, once: newKey() }),
    onSettled: () => invalidate(client, "bulletin", row.id),
  });
  const isComputed = Boolean(row.cut_off);
  return (
    <section className="card bulletin-files" aria-label={t("files")}>
      {row.state === "drafted" && has(["duty", "analyst", "commander"]) && (
        <Button
          type={isComputed ? "default" : "primary"}
          loading={computation.isPending}
          onClick={() => computation.mutate()}
        >
          {isComputed ? t("again") : t("compute")}
        </Button>
      )}
      {isComputed && (
        <nav aria-label={t("files")}>
          <span className="faint">{t("files")}</span>
          {FORMATS.map((format) => (
            <a key={format} href={`/v1/bulletins/${row.id}/document?format=${format}&language=${language}`} download>
              {format === "text" ? "TXT" : format.toUpperCase()}
            </a>
          ))}
        </nav>
      )}
      {computation.error && <ProblemNote error={computation.error} />}
    </section>
  );
}

function Content({ row }: { row: Row }) {
  const t = useTexts(T);
  const isComputed = Boolean(row.cut_off);
  const found = useQuery<BulletinDocument>({
    queryKey: ["bulletin", row.id, row.figures_sha256],
    queryFn: ({ signal }) =>
      request<BulletinDocument>("GET", `/v1/bulletins/${row.id}/document`, { query: { format: "json" }, signal }),
    enabled: isComputed,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (!isComputed) return <Empty title={t("none")} hint={t("noneHint")} />;
  if (found.error) return <ProblemNote error={found.error} />;
  return found.data ? <Figures sections={found.data.sections} /> : <Loading lines={8} />;
}
