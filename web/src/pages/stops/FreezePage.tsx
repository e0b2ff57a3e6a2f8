import { useParams } from "react-router";
import { MakeButtons } from "@/components/make";
import { RecordFrame } from "@/components/RecordFrame";
import { NoPage } from "@/components/states";
import { Measure, Rights } from "./Measure";

const SOON_MS = 15 * 24 * 3600_000;

const DRAFT: readonly string[] = ["draft"];
const PRIMARY: readonly string[] = ["approve", "renew_approve", "release_approve", "confirm"];

export default function FreezePage() {
  const { id = "" } = useParams();
  if (!/^\d+$/.test(id)) return <NoPage />;
  return (
    <RecordFrame
      kind="freeze"
      primary={PRIMARY}
      id={Number(id)}
      title={(row) => row.holder as string | null}
      lead={(row) => (
        <>
          <Measure row={row} executedAt="frozen_at" soonMs={SOON_MS} />
          {row.state === "frozen" && (
            <p className="after-lead">
              <MakeButtons kind="return" only={DRAFT} initial={{ freeze: row.id }} />
            </p>
          )}
        </>
      )}
      side={(row) => <Rights row={row} />}
    />
  );
}
