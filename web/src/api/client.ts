// Calls of the API. `call` takes an operation by method and path, as src/api/schema.d.ts has it, and knows what goes in and
// comes out; `request` takes any path, for what is made from the workflow tables. Both send the session's cookie, the header
// against forged requests, versions (If-Match), keys of what must happen once, and the purpose for personal data.
import { Problem, problemOf } from "./problem";
import type { Operations } from "./schema";

export interface CallOptions {
  query?: Record<string, string | number | boolean | undefined | null>;
  body?: unknown;
  /** The record's version: If-Match. */
  version?: number;
  /** Idempotency-Key: one per thing that is meant to happen; the same when it is tried again. */
  once?: string;
  /** Why personal data is needed; it is written into the audit. */
  purpose?: string;
  accept?: string;
  /** The ETag of what is here already: If-None-Match. */
  tag?: string;
  signal?: AbortSignal;
}

export interface Answer<T> {
  data: T;
  version: number | null;
  location: string | null;
  requestId: string;
}

type Listener = () => void;
const signedOut = new Set<Listener>();

/** Calls back when an answer says that nobody is signed in any more. */
export function onSignedOut(listener: Listener): () => void {
  signedOut.add(listener);
  return () => signedOut.delete(listener);
}

export function newKey(): string {
  return crypto.randomUUID();
}

function address(path: string, query: CallOptions["query"]): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== "") search.append(name, String(value));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

function headersOf(method: string, options: CallOptions): Headers {
  const headers = new Headers({ Accept: options.accept ?? "application/json" });
  if (method !== "GET") headers.set("Sluice-CSRF", "1");
  if (options.body !== undefined) headers.set("Content-Type", "application/json");
  if (options.version !== undefined) headers.set("If-Match", `"${options.version}"`);
  if (options.tag) headers.set("If-None-Match", options.tag);
  if (options.once) headers.set("Idempotency-Key", options.once);
  if (options.purpose) headers.set("Sluice-Purpose", encodeURIComponent(options.purpose));
  return headers;
}

const THERE_WAIT_MS = 3000;

/** Whether the daemon answers now. A wire that was pulled tells nobody: it is waited for so long and no longer. */
export async function isThere(): Promise<boolean> {
  if (!navigator.onLine) return false;
  return fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(THERE_WAIT_MS) }).then(
    () => true,
    () => false,
  );
}

export async function send(method: string, path: string, options: CallOptions = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(address(path, options.query), {
      method,
      headers: headersOf(method, options),
      body: options.body === undefined ? null : JSON.stringify(options.body),
      credentials: "same-origin",
      signal: options.signal ?? null,
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Problem({ status: 0 });
  }
  if (!response.ok && response.status !== 304) {
    const problem = await problemOf(response);
    if (problem.status === 401 && path !== "/v1/session") {
      forgetAnswers();
      for (const listener of signedOut) listener();
    }
    throw problem;
  }
  return response;
}

/** Answers that had an ETag, by address, the oldest first: asked for again, what has not changed costs a "304" without a body and
 * is the same object as before, so that nothing is drawn anew. Only tags of the content (W/…): that of a record is its version,
 * and what may be done with it changes with the clock too. Personal data in full (a purpose) is never kept. */
const kept = new Map<string, { tag: string; answer: Answer<unknown> }>();
const KEPT_MAX = 100;

/** Somebody else may sign in on this page. */
export function forgetAnswers(): void {
  kept.clear();
}

function keep(url: string, tag: string | null, answer: Answer<unknown>): void {
  kept.delete(url);
  if (tag?.startsWith("W/")) kept.set(url, { tag, answer });
  const [oldest] = kept.keys();
  if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest);
}

async function answerOf(response: Response): Promise<Answer<unknown>> {
  const isJson = (response.headers.get("Content-Type") ?? "").includes("json");
  const version = /^"(\d+)"$/.exec(response.headers.get("ETag") ?? "");
  return {
    data: isJson ? await response.json() : undefined,
    version: version ? Number(version[1]) : null,
    location: response.headers.get("Location"),
    requestId: response.headers.get("Sluice-Request-Id") ?? "",
  };
}

export async function requestFull<T>(method: string, path: string, options: CallOptions = {}): Promise<Answer<T>> {
  const keeps = method === "GET" && !options.purpose && !options.accept;
  const url = address(path, options.query);
  const before = keeps ? kept.get(url) : undefined;
  const response = await send(method, path, before ? { ...options, tag: before.tag } : options);
  if (response.status === 304 && before) {
    keep(url, before.tag, before.answer);
    return before.answer as Answer<T>;
  }
  const answer = await answerOf(response);
  if (keeps) keep(url, response.headers.get("ETag"), answer);
  return answer as Answer<T>;
}

export async function request<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
  return (await requestFull<T>(method, path, options)).data;
}

type Name = keyof Operations;

export interface TypedOptions<K extends Name> extends Omit<CallOptions, "query" | "body"> {
  /** `{id}` and other variables of the path. */
  path?: Record<string, string | number>;
  query?: { [Q in Operations[K]["query"] & string]?: string | number | boolean | null };
  body?: Operations[K]["body"];
}

export function pathOf(template: string, variables: Record<string, string | number> = {}): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = variables[name];
    if (value === undefined) throw new Error(`${template}: ${whole} is not given`);
    return encodeURIComponent(String(value));
  });
}

export function call<K extends Name>(operation: K, options: TypedOptions<K> = {}): Promise<Operations[K]["answer"]> {
  const [method, template] = operation.split(" ") as [string, string];
  const { path, ...rest } = options;
  return request<Operations[K]["answer"]>(method, pathOf(template, path), rest as CallOptions);
}
