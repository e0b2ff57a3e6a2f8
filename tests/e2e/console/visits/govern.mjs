// Pages of governance and outreach.
import { NEVER_EMPTY } from "../states.mjs";

export default [
  { name: "outlets", as: "analyst", path: () => "/outlets", before: (page) => page.locator(".funnel-dot").first().waitFor() },
  { name: "outlet", as: "analyst", path: (scene) => `/outlets/${scene.outlet}`, before: (page) => page.locator("table.plain").first().waitFor() },
  { name: "outreach", as: "outreach", path: () => "/outreach" },
  { name: "campaign", as: "outreach", path: (scene) => `/campaigns/${scene.campaign}` },
  { name: "audience", as: "outreach", states: NEVER_EMPTY, path: (scene) => `/audiences/${scene.audience}`, before: (page) => page.locator(".tile-n").first().waitFor() },
];
