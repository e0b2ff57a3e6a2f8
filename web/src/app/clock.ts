// Deadlines are the daemon's: how far its clock is ahead of this machine's is measured once and then every few minutes.
import { call } from "@/api/client";
import { serverAhead } from "@/components/labels";

const EVERY_MS = 5 * 60_000;

export async function measureClock(): Promise<void> {
  const sent = Date.now();
  try {
    const health = await call("GET /healthz");
    const middle = (sent + Date.now()) / 2;
    serverAhead.ms = Date.parse(health.now) - middle;
  } catch {
    // The next time, then.
  }
}

export function keepClock(): () => void {
  void measureClock();
  const timer = window.setInterval(() => void measureClock(), EVERY_MS);
  return () => window.clearInterval(timer);
}
