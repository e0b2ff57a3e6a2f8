// The guided first five minutes of a demonstration: from a victim's call to a bulletin, with whom and where.
import { CopyOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { useNotice } from "@/api/notice";
import { useSession } from "@/app/session";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";

const T = texts(
  {
    title: "最初五分钟",
    close: "不再显示",
    copy: "复制报警内容",
    copied: "已复制",
    call: "96110 来电：",
    intake: "接警（qx.duty）：粘贴报警人的话，核对识别结果，登记并沿资金链呈请止付",
    approve: "审批止付：换 qx.approver 登录（不能自己批自己的），批准后模拟银行几秒内反馈",
    trace: "资金穿透：看这笔钱到了哪里、还剩多少",
    warn: "预警劝阻：签收下一条预警，登记劝阻结果",
    bulletin: "战果通报：换 analyst 登录，生成今日数据",
    wall: "指挥大屏：数据随时更新",
  },
  {
    title: "The first five minutes",
    close: "Do not show again",
    copy: "Copy the call",
    copied: "Copied",
    call: "A call to 96110:",
    intake: "Take a report as qx.duty: paste the call, check what was found in it, save it with stops along the trace",
    approve:
      "Approvals as qx.approver (nobody approves their own): approve the stops; the simulated banks answer within seconds",
    trace: "Follow the money: where it is, and how much is left",
    warn: "Warnings: take the next one and note what was said",
    bulletin: "A bulletin as analyst: draft one of today and compute its figures",
    wall: "The war room: figures as they change",
  },
);

const KEPT = "sluice.first-minutes";

export function FirstMinutes() {
  const t = useTexts(T);
  const { has } = useSession();
  const notice = useNotice();
  const [hidden, setHidden] = useState(() => localStorage.getItem(KEPT) === "closed");
  const [copied, setCopied] = useState(false);
  if (hidden || !notice?.is_demonstration || !notice.call || !has("all")) return null;
  const steps: [string, string][] = [
    ["/intake", t("intake")],
    ["/approvals", t("approve")],
    [`/trace?transfer=${encodeURIComponent(notice.transfer ?? "")}`, t("trace")],
    ["/warnings", t("warn")],
    ["/bulletins", t("bulletin")],
    ["/war-room", t("wall")],
  ];
  return (
    <section className="card first-minutes" aria-label={t("title")}>
      <h2>{t("title")}</h2>
      <blockquote>
        <span className="faint">{t("call")}</span> {notice.call}
      </blockquote>
      <Button
        icon={<CopyOutlined />}
        onClick={() => void navigator.clipboard?.writeText(notice.call ?? "").then(() => setCopied(true))}
      >
        {copied ? t("copied") : t("copy")}
      </Button>
      <ol>
        {steps.map(([path, text]) => (
          <li key={path}>
            <Link to={path}>{text}</Link>
          </li>
        ))}
      </ol>
      <Button
        type="link"
        size="small"
        onClick={() => {
          localStorage.setItem(KEPT, "closed");
          setHidden(true);
        }}
      >
        {t("close")}
      </Button>
    </section>
  );
}
