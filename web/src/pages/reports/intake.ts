// What the intake form holds, and how pasted text fills it. Pure: intake.test.ts.
import { parseYuan, yuan } from "@/app/format";

export interface ParsedItem {
  kind: string;
  value: string;
  confidence: number;
  role?: string;
  amount_fen?: number;
}

export interface Parsed {
  items: ParsedItem[];
  transfers: {
    to: string;
    name?: string;
    amount_fen?: number;
    time?: string;
    confidence: number;
    bank?: string;
    id?: string;
  }[];
}

export interface TransferDraft {
  key: number;
  to: string;
  name: string;
  bank: string;
  amount: string;
  time: string | undefined;
  id: string;
}

export interface IntakeDraft {
  channel: string;
  name: string;
  phone: string;
  identity: string;
  address: string;
  account: string;
  fraudType: string | undefined;
  words: string;
  transfers: TransferDraft[];
}

let nextKey = 1;

export function emptyTransfer(): TransferDraft {
  return { key: nextKey++, to: "", name: "", bank: "", amount: "", time: undefined, id: "" };
}

export function emptyDraft(): IntakeDraft {
  return {
    channel: "phone",
    name: "",
    phone: "",
    identity: "",
    address: "",
    account: "",
    fraudType: undefined,
    words: "",
    transfers: [emptyTransfer()],
  };
}

/** Nothing that somebody would miss. */
export function isEmpty(draft: IntakeDraft): boolean {
  const said = [draft.name, draft.phone, draft.identity, draft.address, draft.account, draft.words];
  return said.every((text) => text === "") && draft.transfers.every(isBlank);
}

const isBlank = (row: TransferDraft) => row.to === "" && row.amount === "" && row.name === "";
const bare = (key: string) => key.replace(/^account:/, "");

/** The type of fraud whose name, or a part of it, is in the words: "冒充领导、熟人" is found by 冒充领导. */
export function typeIn(text: string, types: readonly { code: string; zh: string }[]): string | undefined {
  const parts = (name: string) => name.split(/[、，（）/]/).filter((part) => part.length >= 3);
  return types.find((type) => parts(type.zh).some((part) => text.includes(part)))?.code;
}

/** Fills what is empty; what somebody typed stays. A transfer that is there already is not added again. */
export function fillIn(
  draft: IntakeDraft,
  parsed: Parsed,
  text: string,
  types: readonly { code: string; zh: string }[] = [],
): IntakeDraft {
  const first = (kind: string, role?: string) =>
    parsed.items.find((item) => item.kind === kind && (role === undefined || item.role === role))?.value ?? "";
  const there = new Set(draft.transfers.map((row) => `${bare(row.to)}|${parseYuan(row.amount) ?? ""}`));
  const added = parsed.transfers
    .filter((one) => !there.has(`${bare(one.to)}|${one.amount_fen ?? ""}`))
    .map<TransferDraft>((one) => ({
      key: nextKey++,
      to: bare(one.to),
      name: one.name ?? "",
      bank: one.bank ?? "",
      amount: one.amount_fen === undefined ? "" : yuan(one.amount_fen),
      time: one.time,
      id: one.id ?? "",
    }));
  const kept = draft.transfers.filter((row) => !isBlank(row));
  const transfers = [...kept, ...added];
  return {
    ...draft,
    name: draft.name || first("name", "own"),
    fraudType: draft.fraudType ?? typeIn(text, types),
    phone: draft.phone || first("phone"),
    identity: draft.identity || first("identity"),
    account: draft.account || first("card", "own") || first("account", "own"),
    words: draft.words || text.trim(),
    transfers: transfers.length > 0 ? transfers : [emptyTransfer()],
  };
}

export type IntakeFault = "name" | "phone" | "transfers";

export interface IntakeBody {
  body: Record<string, unknown>;
  faults: IntakeFault[];
  /** Keys of transfers that are not whole. */
  bad: number[];
}

const accountKey = (text: string) => {
  const clean = text.replace(/\s/g, "");
  return clean.includes(":") ? clean : `account:${clean}`;
};

/** The API's body of a report (called now, by the daemon's clock), or what is missing in it. */
export function bodyOf(draft: IntakeDraft): IntakeBody {
  const faults: IntakeFault[] = [];
  const bad: number[] = [];
  if (draft.name.trim() === "") faults.push("name");
  if (draft.phone.trim() !== "" && !/^\+?[\d\s-]{6,20}$/.test(draft.phone.trim())) faults.push("phone");
  const transfers = draft.transfers
    .filter((row) => !isBlank(row))
    .map((row) => {
      const fen = parseYuan(row.amount);
      if (row.to.trim() === "" || fen === null || fen === 0) bad.push(row.key);
      return {
        to: accountKey(row.to),
        amount_fen: fen ?? 0,
        ...(row.name ? { name: row.name.trim() } : {}),
        ...(row.bank ? { bank: row.bank.trim() } : {}),
        ...(row.time ? { time: row.time } : {}),
        ...(row.id ? { id: row.id.trim() } : {}),
      };
    });
  if (bad.length > 0) faults.push("transfers");
  const optional: Record<string, string | undefined> = {
    victim_phone: draft.phone.trim(),
    victim_identity: draft.identity.trim(),
    victim_address: draft.address.trim(),
    victim_account: draft.account.trim() ? accountKey(draft.account) : "",
    fraud_type: draft.fraudType,
    words: draft.words.trim(),
  };
  const body: Record<string, unknown> = {
    channel: draft.channel,
    victim_name: draft.name.trim(),
    transfers,
    stop: true,
  };
  for (const [name, value] of Object.entries(optional)) if (value) body[name] = value;
  return { body, faults, bad };
}
