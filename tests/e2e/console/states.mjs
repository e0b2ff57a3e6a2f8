// What a page shows when there is nothing to show: while it loads, when nothing is there, when something failed, when one may not.
// The answers to the page's own requests are made so on their way; those of the frame (who is signed in, the tables of words) pass.
const FRAME = /^\/v1\/(me|session|notice|workflows|dated|events|presence|settings)(\/|$)/;
// While a page loads, the code of a calendar has not come either.
const LATE_CODE = /^\/assets\/TimePicker-/;

export const STATES = ["empty", "loading", "error", "forbidden"];

/** Of a page that shows one thing: it is there or not, but never empty. */
export const NEVER_EMPTY = ["loading", "error", "forbidden"];

const PROBLEMS = {
  error: {
    status: 500,
    body: {
      type: "urn:sluice:problem:internal",
      title: "Internal error",
      title_zh: "内部错误",
      detail: "The database does not answer; the request was not carried out",
      detail_zh: "数据库没有响应，请求未执行",
      request: "5f0c2b71",
    },
  },
  forbidden: { status: 403, body: { type: "urn:sluice:problem:forbidden", title: "Forbidden", title_zh: "无权操作" } },
};

/** An answer in which every list is empty and every figure is nought; a single record stays what it is. */
function emptied(value) {
  if (Array.isArray(value)) return [];
  if (value === null || typeof value !== "object" || "version" in value) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, of]) => [name, name === "next" ? null : typeof of === "number" ? 0 : emptied(of)]),
  );
}

async function answer(route, state, waiting) {
  if (state === "loading") {
    waiting.push(route);
    return;
  }
  if (state !== "empty") {
    const { status, body } = PROBLEMS[state];
    await route.fulfill({ status, contentType: "application/problem+json", body: JSON.stringify({ ...body, status }) });
    return;
  }
  const response = await route.fetch();
  const isJson = (response.headers()["content-type"] ?? "").includes("json");
  if (isJson && response.ok()) await route.fulfill({ response, json: emptied(await response.json()) });
  else await route.fulfill({ response });
}

/** From now on the page is told so, until what this returns is called. */
export async function pretend(page, state) {
  const waiting = [];
  // The frame reads all users and units at once for their names; a list of them begins with 100.
  const isOwn = (url) =>
    !FRAME.test(url.pathname) && !(/^\/v1\/(users|units)$/.test(url.pathname) && url.searchParams.get("limit") === "500");
  const handler = async (route, request) => {
    const url = new URL(request.url());
    if (LATE_CODE.test(url.pathname)) return state === "loading" ? void waiting.push(route) : route.fallback();
    if (request.method() !== "GET" || !isOwn(url)) return route.fallback();
    await answer(route, state, waiting).catch(() => undefined);
  };
  page.pretends = true;
  const isOurs = (url) => url.pathname.startsWith("/v1/") || LATE_CODE.test(url.pathname);
  await page.route(isOurs, handler);
  return async () => {
    page.pretends = false;
    await page.unroute(isOurs, handler);
    for (const route of waiting) await route.abort().catch(() => undefined);
  };
}

/** The page shows what it has to. */
export function shown(page, state) {
  return page.locator(`[data-state=${state}]`).first().waitFor();
}
