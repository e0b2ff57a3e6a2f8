// The days that bulletins are made of, by the centre's calendar. A day ends where the next begins: `to` is not included.
import { local, rfc3339, time } from "@/app/format";

export const PERIODS = ["today", "yesterday", "week", "month"] as const;
export type Period = (typeof PERIODS)[number];

const DAY_MS = 86_400_000;

export function periodOf(period: Period, nowMs: number): { from: string; to: string; days: string } {
  const now = local(nowMs);
  const today = Date.parse(`${time(nowMs, "day")}T00:00:00+08:00`);
  const from = {
    today,
    yesterday: today - DAY_MS,
    week: today - 6 * DAY_MS,
    month: today - (now.day - 1) * DAY_MS,
  }[period];
  const to = period === "yesterday" ? today : today + DAY_MS;
  const first = time(from, "day");
  const last = time(to - 1, "day");
  return { from: rfc3339(from), to: rfc3339(to), days: first === last ? first : `${first} – ${last}` };
}
