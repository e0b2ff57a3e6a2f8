import { useQuery } from "@tanstack/react-query";
import { Avatar, Tooltip } from "antd";
import { useEffect } from "react";
import { call } from "@/api/client";
import { useLiveEvents } from "@/api/live";
import { time } from "@/app/format";
import { useSession } from "@/app/session";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { useIsEditing } from "./editing";

const T = texts(
  { looks: "{name} 正在查看（{since} 起）", edits: "{name} 正在编辑（{since} 起）", also: "还有 {n} 人在此记录" },
  {
    looks: "{name} is looking (since {since})",
    edits: "{name} is editing (since {since})",
    also: "{n} others are at this record",
  },
);

const SAY_AGAIN_MS = 20_000;

/** Who else is at the record at this moment. */
export function Presence({ kind, id }: { kind: string; id: number }) {
  const t = useTexts(T);
  const { has } = useSession();
  const what = useIsEditing(kind, id) ? "edit" : "look";
  const enabled = !has(["partner"]);
  const { data, refetch } = useQuery({
    queryKey: ["presence", kind, id, what],
    queryFn: () => call("POST /v1/presence", { body: { kind, id, what } }),
    refetchInterval: SAY_AGAIN_MS,
    refetchIntervalInBackground: true,
    enabled,
    retry: false,
    placeholderData: (before) => before,
  });
  useLiveEvents(kind, (event) => {
    if (event.act === "presence" && event.id === id && enabled) void refetch();
  });
  useEffect(() => {
    if (!enabled) return;
    return () => {
      void call("POST /v1/presence", { body: { kind, id, what: "leave" } }).catch(() => undefined);
    };
  }, [kind, id, enabled]);
  const others = data?.others ?? [];
  if (others.length === 0) return null;
  return (
    <span className="presence" role="status" aria-label={t("also", { n: others.length })}>
      {others.map((other) => {
        const name = other.name ?? `#${other.user}`;
        const words = t(other.edits ? "edits" : "looks", { name, since: time(other.since) });
        return (
          <Tooltip key={other.user} title={words}>
            <Avatar size={26} className={other.edits ? "avatar avatar-edits" : "avatar"} alt={words}>
              {name.slice(-2)}
            </Avatar>
            <span className="sr-only">{words}</span>
          </Tooltip>
        );
      })}
    </span>
  );
}
