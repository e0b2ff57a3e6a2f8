import { SoundOutlined } from "@ant-design/icons";
import { definePages } from "../page";

const ROLES = ["outreach", "duty", "analyst", "investigator", "commander", "approver", "auditor"] as const;

export default definePages(
  {
    path: "/outreach",
    title: ["宣传防范", "Outreach"],
    roles: ROLES,
    menu: { group: "command", order: 50, icon: SoundOutlined },
    load: () => import("./OutreachPage"),
  },
  {
    path: "/campaigns/:id",
    parent: "/outreach",
    record: "campaign",
    title: ["宣传活动", "Campaign"],
    roles: ROLES,
    load: () => import("./CampaignPage"),
  },
  {
    path: "/audiences/:id",
    parent: "/outreach",
    record: "audience",
    title: ["受众", "Audience"],
    roles: ROLES,
    load: () => import("./AudiencePage"),
  },
);
