// How money, times and keys are shown: fen → ¥ with two places, RFC 3339 → the centre's time (+08:00), kind:value → the value
// in groups. Pure functions, no dependence on where the browser is.
import type { Language } from "@/i18n/texts";

/** 1234567 fen → "12,345.67". Exact: no floating point. */
export function yuan(fen: number): string {
  const negative = fen < 0;
  const digits = String(Math.abs(fen)).padStart(3, "0");
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return `${negative ? "−" : ""}${whole}.${digits.slice(-2)}`;
}

export function money(fen: number | null | undefined): string {
  return fen === null || fen === undefined ? "—" : `¥${yuan(fen)}`;
}

const LAYERS = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];

/** How far from the victim an account is, as analysts say it: "三级卡". */
export function layerName(n: number, language: Language): string {
  return language === "zh" ? `${LAYERS[n] ?? `${n} `}级卡` : `Layer ${n}`;
}

// Made once: a formatter for each number took more time than the rest of a list.
const TWO_PLACES = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });
const WHOLE = new Intl.NumberFormat("en-US");

/** For tiles and axes: 123456789 fen → "123.46 万" or "¥1.23M". */
export function moneyShort(fen: number, language: Language): string {
  const value = fen / 100;
  const size = Math.abs(value);
  const round = (n: number) => TWO_PLACES.format(n);
  if (language === "zh") {
    if (size >= 1e8) return `¥${round(value / 1e8)} 亿`;
    if (size >= 1e4) return `¥${round(value / 1e4)} 万`;
  } else {
    if (size >= 1e9) return `¥${round(value / 1e9)}B`;
    if (size >= 1e6) return `¥${round(value / 1e6)}M`;
    if (size >= 1e4) return `¥${round(value / 1e3)}k`;
  }
  return `¥${yuan(fen)}`;
}

/** What somebody typed or pasted, in yuan → fen; null: that is no amount. Exact. */
export function parseYuan(text: string): number | null {
  const clean = text.replace(/[,\s，¥￥元]/g, "");
  const match = /^(\d{1,13})(?:\.(\d{1,2}))?(万|亿)?$/.exec(clean);
  if (!match) return null;
  const fen = BigInt(match[1] ?? "0") * 100n + BigInt((match[2] ?? "").padEnd(2, "0"));
  const factor = match[3] === "万" ? 10000n : match[3] === "亿" ? 100000000n : 1n;
  const whole = fen * factor;
  return whole > BigInt(Number.MAX_SAFE_INTEGER) ? null : Number(whole);
}

/** The centre's clock is UTC+8 all year. */
export const OFFSET_MS = 8 * 3600 * 1000;
const two = (n: number) => String(n).padStart(2, "0");

/** The centre's wall clock, wherever the browser is. */
export function local(ms: number) {
  const date = new Date(ms + OFFSET_MS);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    weekday: date.getUTCDay(),
  };
}

export type TimePrecision = "second" | "minute" | "day";

/** "2026-11-29 15:04:05". */
export function time(value: string | number | null | undefined, precision: TimePrecision = "minute"): string {
  if (value === null || value === undefined || value === "") return "—";
  const ms = typeof value === "number" ? value : Date.parse(value);
  if (Number.isNaN(ms)) return String(value);
  const t = local(ms);
  const day = `${t.year}-${two(t.month)}-${two(t.day)}`;
  if (precision === "day") return day;
  return `${day} ${two(t.hour)}:${two(t.minute)}${precision === "second" ? `:${two(t.second)}` : ""}`;
}

/** For the API: an instant as RFC 3339 with +08:00. */
export function rfc3339(ms: number): string {
  const t = local(ms);
  return `${t.year}-${two(t.month)}-${two(t.day)}T${two(t.hour)}:${two(t.minute)}:${two(t.second)}+08:00`;
}

/** How long: "2 天 3 小时", "4:05". Below a day as h:mm:ss, so that countdowns line up. */
export function duration(ms: number, language: Language): string {
  const total = Math.floor(Math.abs(ms) / 1000);
  const days = Math.floor(total / 86400);
  const hours = Math.floor((total % 86400) / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  if (days > 0) return language === "zh" ? `${days} 天 ${hours} 小时` : `${days} d ${hours} h`;
  if (hours > 0) return `${hours}:${two(minutes)}:${two(total % 60)}`;
  return `${minutes}:${two(total % 60)}`;
}

/** A duration of the API: "1h30m" or milliseconds → ms; null: neither. */
export function parseDuration(text: string | number): number | null {
  if (typeof text === "number") return text;
  const units: Record<string, number> = { ms: 1, s: 1000, m: 60000, h: 3600000, d: 86400000 };
  let sum = 0;
  const rest = text.replace(/(\d+)(ms|s|m|h|d)/g, (_, n: string, unit: string) => {
    sum += Number(n) * (units[unit] ?? 0);
    return "";
  });
  return rest === "" && text !== "" ? sum : null;
}

export interface KeyParts {
  kind: string;
  value: string;
}

/** "account:6228…" → its parts; a text without a kind has the kind "". */
export function keyParts(key: string): KeyParts {
  const at = key.indexOf(":");
  return at < 0 ? { kind: "", value: key } : { kind: key.slice(0, at), value: key.slice(at + 1) };
}

/** Account numbers in groups of four, as on a card. Masked ones too. */
export function grouped(value: string): string {
  return /^[\d*]{12,}$/.test(value) ? value.replace(/(.{4})(?=.)/g, "$1 ") : value;
}

/** "W" and 17 → "W-00000017": what people call a record. */
export function recordNumber(prefix: string | null | undefined, id: number): string {
  return prefix ? `${prefix}-${String(id).padStart(8, "0")}` : `#${id}`;
}

export function count(n: number): string {
  return WHOLE.format(n);
}
