// The guided first five minutes of a demonstration: from a victim's call to a bulletin, with whom and where. What whoever is signed
// in can do is a link; what is somebody else's says whose.
import { PhoneOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { useNotice } from "@/api/notice";
import { type Role, useSession } from "@/app/session";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";

const T = texts(
  {
    title: "最初五分钟",
    close: "不再显示",
    take: "接听，带入接警登记",
    call: "96110 来电：",
    as: "由 {login} 办理",
    intake: "接警：核对识别结果，登记并沿资金链呈请止付",
    approve: "审批止付：不能自己批自己的；批准后模拟银行几秒内反馈",
    trace: "资金穿透：看这笔钱到了哪里、还剩多少",
    warn: "预警劝阻：签收下一条预警，登记劝阻结果",
    bulletin: "战果通报：生成今日数据",
    wall: "指挥大屏：数据随时更新",
    change: "换人：点右上角姓名退出，登录页一键登录。",
  },
  {
    title: "The first five minutes",
    close: "Do not show again",
    take: "Answer it: to the report's form",
    call: "A call to 96110:",
    as: "as {login}",
    intake: "Take a report: check what was found in the words, save it with stops along the trace",
    approve: "Approve the stops: nobody approves their own; the simulated banks answer within seconds",
    trace: "Follow the money: where it is, and how much is left",
    warn: "Warnings: take the next one and note what was said",
    bulletin: "A bulletin: draft one of today and compute its figures",
    wall: "The war room: figures as they change",
    change: "To change places: sign out under the name at the top right; the sign-in page needs one click.",
  },
);

const KEPT = "sluice.first-minutes";

interface MinuteStep {
  path: string;
  text: keyof (typeof T)["zh"];
  roles: readonly Role[];
  /** Whose part it is where the story needs one person. */
  login?: string;
}

const CALL: readonly Role[] = ["duty", "analyst", "investigator", "commander"];
const OFFICE: readonly Role[] = [...CALL, "approver"];

export function FirstMinutes() {
  const t = useTexts(T);
  const { has, me } = useSession();
  const notice = useNotice();
  const navigate = useNavigate();
  const [hidden, setHidden] = useState(() => localStorage.getItem(KEPT) === "closed");
  if (hidden || !notice?.is_demonstration || !notice.call || !has(OFFICE)) return null;
  const steps: MinuteStep[] = [
    { path: "/intake", text: "intake", roles: CALL, login: "qx.duty" },
    { path: "/approvals", text: "approve", roles: ["approver", "commander"], login: "qx.approver" },
    { path: `/trace?transfer=${encodeURIComponent(notice.transfer ?? "")}`, text: "trace", roles: OFFICE },
    { path: "/warnings", text: "warn", roles: ["duty"], login: "duty" },
    { path: "/bulletins", text: "bulletin", roles: ["analyst"], login: "analyst" },
    { path: "/war-room", text: "wall", roles: OFFICE },
  ];
  return (
    <section className="card first-minutes" aria-label={t("title")}>
      <div>
        <h2>{t("title")}</h2>
        <blockquote>
          <span className="faint">{t("call")}</span> {notice.call}
        </blockquote>
        <p className="inline-acts">
          {has(CALL) && (
            <Button
              icon={<PhoneOutlined aria-hidden="true" />}
              data-take-call
              onClick={() => navigate("/intake", { state: { words: notice.call } })}
            >
              {t("take")}
            </Button>
          )}
          <Button
            type="link"
            onClick={() => {
              localStorage.setItem(KEPT, "closed");
              setHidden(true);
            }}
          >
            {t("close")}
          </Button>
        </p>
      </div>
      <div>
        <ol>
          {steps.map(({ path, text, roles, login }) => (
            <li key={path} className={login === me.login ? "strong" : undefined}>
              {has(roles) ? <Link to={path}>{t(text)}</Link> : t(text)}
              {login && login !== me.login && <span className="faint"> · {t("as", { login })}</span>}
            </li>
          ))}
        </ol>
        <p className="faint">{t("change")}</p>
      </div>
    </section>
  );
}
