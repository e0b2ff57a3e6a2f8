// What the wall shows: today's figures and the operations under way, as GET /v1/command gives them. Read anew every 15 s, and
// soon after something happened; what was read before is thrown away, so that the screen is as light after a week as at first.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { request } from "@/api/client";
import { type LiveEvent, useLiveEvents } from "@/api/live";

export interface Part {
  district: number;
  zh: string;
  en: string;
  value: number;
}

export interface Figure {
  code: string;
  zh: string;
  en: string;
  type: "money_fen" | "number";
  value: number;
  districts?: Part[];
}

export interface Tally {
  operation: number;
  name: string;
  state: string;
  phase: string | null;
  from: string;
  figures?: Figure[];
  sites: { id: number; name: string; state: string }[];
  targets: Record<string, number>;
  steps: Record<string, number>;
  steps_overdue: number;
  places_overdue: number;
}

export interface CommandView {
  as_of: string;
  operations: Tally[];
  today: { from: string; to: string; figures: Figure[] };
}

const EVERY_MS = 15_000;
const SOON_MS = 3_000;

export function useCommandView() {
  const client = useQueryClient();
  const timer = useRef<number | undefined>(undefined);
  useLiveEvents("*", (event: LiveEvent) => {
    if (event.act === "presence") return;
    timer.current ??= window.setTimeout(() => {
      timer.current = undefined;
      void client.invalidateQueries({ queryKey: ["command"] });
    }, SOON_MS);
  });
  return useQuery<CommandView>({
    queryKey: ["command"],
    queryFn: ({ signal }) => request<CommandView>("GET", "/v1/command", { signal }),
    refetchInterval: EVERY_MS,
    refetchIntervalInBackground: true,
    gcTime: 0,
  });
}
