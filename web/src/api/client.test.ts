import { afterEach, expect, test, vi } from "vitest";
import { call, forgetAnswers, pathOf, request } from "./client";
import { Problem } from "./problem";

const answers: Response[] = [];
const asked: { url: string; init: RequestInit }[] = [];

vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
  asked.push({ url, init });
  const answer = answers.shift();
  return answer ? Promise.resolve(answer) : Promise.reject(new TypeError("no network"));
});

afterEach(() => {
  answers.length = 0;
  asked.length = 0;
});

const json = (body: unknown, init?: ResponseInit) =>
  new Response(JSON.stringify(body), { headers: { "Content-Type": "application/json" }, ...init });

test("an act sends version, key, purpose and the header against forgery", async () => {
  answers.push(json({ id: 7 }));
  await request("POST", "/v1/stops/7/approve", { version: 3, once: "k", purpose: "核实 案情", body: { note: "" } });
  const headers = new Headers(asked[0]?.init.headers);
  expect(headers.get("If-Match")).toBe('"3"');
  expect(headers.get("Idempotency-Key")).toBe("k");
  expect(decodeURIComponent(headers.get("Sluice-Purpose") ?? "")).toBe("核实 案情");
  expect(headers.get("Sluice-CSRF")).toBe("1");
});

test("reading sends no such header, and leaves out what is not given", async () => {
  answers.push(json({ items: [], next: null }));
  await call("GET /v1/warnings", { query: { state: "new|signed", tier: null, order: "due" } });
  expect(asked[0]?.url).toBe("/v1/warnings?state=new%7Csigned&order=due");
  expect(new Headers(asked[0]?.init.headers).has("Sluice-CSRF")).toBe(false);
});

test("what has not changed is asked for by its tag, and is the same object", async () => {
  forgetAnswers();
  answers.push(json({ items: [1] }, { headers: { "Content-Type": "application/json", ETag: 'W/"a"' } }));
  answers.push(new Response(null, { status: 304 }));
  const first = await request("GET", "/v1/stops", { query: { limit: 1 } });
  const second = await request("GET", "/v1/stops", { query: { limit: 1 } });
  expect(new Headers(asked[1]?.init.headers).get("If-None-Match")).toBe('W/"a"');
  expect(second).toBe(first);
});

test("personal data in full is not kept", async () => {
  forgetAnswers();
  for (let i = 0; i < 2; i++) {
    answers.push(json({ id: 1 }, { headers: { "Content-Type": "application/json", ETag: '"1"' } }));
    await request("GET", "/v1/stops/1", { purpose: "核实" });
  }
  expect(new Headers(asked[1]?.init.headers).has("If-None-Match")).toBe(false);
});

test("a refusal is a problem with its faults and its request", async () => {
  answers.push(
    json(
      {
        type: "urn:sluice:problem:invalid",
        title: "x",
        title_zh: "内容有误",
        request: "r-1",
        errors: [{ pointer: "/note", detail: "why" }],
      },
      { status: 422 },
    ),
  );
  const problem = await request("POST", "/v1/stops", { body: {} }).catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(Problem);
  expect((problem as Problem).errors).toEqual([{ pointer: "/note", detail: "why" }]);
  expect((problem as Problem).request).toBe("r-1");
});

test("no network is a problem too", async () => {
  const problem = await request("GET", "/v1/me").catch((error: unknown) => error);
  expect((problem as Problem).isOffline).toBe(true);
});

test("variables of a path are encoded", () => {
  expect(pathOf("/v1/accounts/{key}", { key: "account:6228/1" })).toBe("/v1/accounts/account%3A6228%2F1");
  expect(() => pathOf("/v1/cases/{id}")).toThrow("{id}");
});
