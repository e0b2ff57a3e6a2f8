import type { Schemas } from "./schema";

/** What the daemon said instead of an answer (RFC 9457), or that it could not be asked at all (status 0). */
export class Problem extends Error {
  readonly status: number;
  readonly kind: string;
  readonly titleZh: string;
  readonly detail: string;
  readonly detailZh: string;
  readonly request: string;
  readonly errors: NonNullable<Schemas["problem"]["errors"]>;

  constructor(body: Partial<Omit<Schemas["problem"], "status">> & { status: number }) {
    super(body.detail ?? body.title ?? `HTTP ${body.status}`);
    this.name = "Problem";
    this.status = body.status;
    this.kind = (body.type ?? "").split(":").at(-1) ?? "";
    this.titleZh = body.title_zh ?? "";
    this.detail = body.detail ?? body.title ?? "";
    this.detailZh = body.detail_zh ?? (body.detail ? "" : this.titleZh);
    this.request = body.request ?? "";
    this.errors = body.errors ?? [];
  }

  /** Somebody else changed the record meanwhile. */
  get isStale(): boolean {
    return this.status === 412;
  }

  get isOffline(): boolean {
    return this.status === 0;
  }
}

export async function problemOf(response: Response): Promise<Problem> {
  const request = response.headers.get("Sluice-Request-Id") ?? "";
  try {
    const body = (await response.json()) as Partial<Schemas["problem"]>;
    return new Problem({ request, ...body, status: response.status });
  } catch {
    return new Problem({ status: response.status, request });
  }
}
