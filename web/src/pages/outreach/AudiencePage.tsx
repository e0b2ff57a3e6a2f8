// An audience: a definition and how many it is about. Never who.
import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import { request } from "@/api/client";
import { RecordFrame } from "@/components/RecordFrame";
import { Loading, ProblemNote } from "@/components/states";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import type { Shown } from "./reach";

const T = texts(
  {
    persons: "受众人数",
    hidden: "人数过少，不显示",
    how: "只给数量，不列名单；小数目隐藏，其余带固定扰动，以防逐次相减推断个人。",
  },
  {
    persons: "People in it",
    hidden: "Too few to be told",
    how: "A number, never a list. Small counts are hidden and others carry a fixed noise, so that nobody is found by subtraction.",
  },
);

export default function AudiencePage() {
  const t = useTexts(T);
  const id = Number(useParams().id);
  const found = useQuery<{ persons: Shown }>({
    queryKey: ["audience", id],
    queryFn: ({ signal }) => request("GET", `/v1/audiences/${id}/preview`, { signal }),
    retry: false,
  });
  return (
    <RecordFrame
      kind="audience"
      id={id}
      title={(row) => String(row.title ?? "")}
      lead={() => (
        <section className="card" aria-label={t("persons")}>
          <h2>{t("persons")}</h2>
          {found.error && <ProblemNote error={found.error} />}
          {!found.data && !found.error && <Loading />}
          {found.data && (
            <p className="tile-n num">
              {found.data.persons.text} {found.data.persons.is_hidden && <span className="faint">{t("hidden")}</span>}
            </p>
          )}
          <p className="faint">{t("how")}</p>
        </section>
      )}
    />
  );
}
