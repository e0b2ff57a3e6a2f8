// What the centre is made of: people, units, areas, keys, dated tables, links to partners. Each is a list of records.
import { Link } from "react-router";
import { useWorkflows, type Workflow } from "@/api/workflow";
import { useSession } from "@/app/session";
import { useNameOf } from "@/components/labels";
import { PageHead } from "@/components/PageHead";
import { Loading } from "@/components/states";
import { usePick, useTexts } from "@/i18n/language";
import { type Both, texts } from "@/i18n/texts";

const T = texts(
  { title: "系统管理", note: "改动由一人提出、另一人批准；全部记入审计。" },
  { title: "Administration", note: "One proposes, another approves; all of it goes into the audit." },
);

const PARTS: readonly { kind: string; about: Both }[] = [
  { kind: "user", about: ["账号、角色、停用与解锁", "Accounts, roles, locks"] },
  { kind: "unit", about: ["市、县（市、区）、派出所", "City, districts, stations"] },
  { kind: "area", about: ["区划、号段、地址归属", "Which divisions, phone segments and addresses are whose"] },
  { kind: "key", about: ["银行、通信企业与自有系统的接口密钥", "Keys of banks, carriers and own systems"] },
  {
    kind: "dated",
    about: ["期限、上限、分级、类型：按日期生效并注明依据", "Deadlines, caps, tiers, types: dated, with their law"],
  },
  { kind: "partner_link", about: ["银行、短信、语音、群机器人通道", "Channels to banks, SMS, voice, bots"] },
  { kind: "delivery", about: ["发出的消息与失败队列", "Messages sent, and those that failed"] },
  { kind: "punishment", about: ["联合惩戒", "Joint punishment"] },
  { kind: "card", about: ["开卡登记与上限", "Openings and caps"] },
];

export default function AdministrationPage() {
  const t = useTexts(T);
  const nameOf = useNameOf();
  const pick = usePick();
  const { roles } = useSession();
  const workflows = useWorkflows();
  if (!workflows) return <Loading lines={6} />;
  const mayRead = (workflow: Workflow | undefined): workflow is Workflow =>
    workflow?.collection != null && workflow.readers.split(",").some((role) => roles.includes(role as never));
  return (
    <>
      <PageHead title={t("title")} note={t("note")} />
      <ul className="tiles tiles-wide">
        {PARTS.flatMap(({ kind, about }) => {
          const workflow = workflows.byKind.get(kind);
          return mayRead(workflow) ? (
            <li key={kind}>
              <Link className="tile" to={`/records/${workflow.collection}`}>
                <span className="strong">{nameOf(workflow)}</span>
                <span className="tile-label">{pick(about)}</span>
              </Link>
            </li>
          ) : (
            []
          );
        })}
      </ul>
    </>
  );
}
