import { useParams } from "react-router";
import { RecordFrame } from "@/components/RecordFrame";
import { NoPage } from "@/components/states";
import { FreezeAfterStop } from "./FreezeAfterStop";
import { Measure, Rights } from "./Measure";

const SOON_MS = 6 * 3600_000;

const PRIMARY: readonly string[] = ["approve", "release_approve", "confirm"];

export default function StopPage() {
  const { id = "" } = useParams();
  if (!/^\d+$/.test(id)) return <NoPage />;
  return (
    <RecordFrame
      kind="stop"
      primary={PRIMARY}
      id={Number(id)}
      title={(row) => row.holder as string | null}
      lead={(row) => (
        <>
          <Measure row={row} executedAt="stopped_at" soonMs={SOON_MS} />
          {row.state === "stopped" && <FreezeAfterStop row={row} />}
        </>
      )}
      side={(row) => <Rights row={row} />}
    />
  );
}
