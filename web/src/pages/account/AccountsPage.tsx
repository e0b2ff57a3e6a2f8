// Which account? Those looked at last are offered again.
import "./account.css";
import { SearchOutlined } from "@ant-design/icons";
import { Button, Input } from "antd";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { Labeled } from "@/components/inputs";
import { KeyText } from "@/components/labels";
import { PageHead } from "@/components/PageHead";
import { Empty } from "@/components/states";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { accountKey } from "../trace/question";
import { recentAccounts } from "./recent";

const T = texts(
  {
    title: "账户画像",
    key: "账号",
    hint: "银行卡号或账号；其他主体请带类别，如 wallet:…",
    need: "请填写账号",
    go: "查看",
    recent: "最近查看",
    none: "查询账户的往来画像",
    noneHint: "余额、收支时段、对手方、停留时间、过手比例与流水；也可从资金穿透和止付中直接进入。",
  },
  {
    title: "Account profile",
    key: "Account",
    hint: "A card or account number; others with their kind, such as wallet:…",
    need: "Please give the account",
    go: "Look",
    recent: "Looked at lately",
    none: "An account's habits",
    noneHint: "Balance, hours, counterparties, dwell, pass-through and ledger. Traces and stops lead here too.",
  },
);

export default function AccountsPage() {
  const t = useTexts(T);
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const [tried, setTried] = useState(false);
  const recent = recentAccounts();
  return (
    <>
      <PageHead title={t("title")} />
      <form
        className="card account-ask"
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (typed.trim()) navigate(`/accounts/${encodeURIComponent(accountKey(typed))}`);
        }}
      >
        <Labeled label={t("key")} required hint={t("hint")} error={tried && !typed.trim() ? t("need") : undefined}>
          {({ id, describedBy, invalid }) => (
            <Input
              id={id}
              autoFocus
              className="num"
              aria-describedby={describedBy}
              aria-invalid={invalid}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Labeled>
        <Button type="primary" htmlType="submit" icon={<SearchOutlined />}>
          {t("go")}
        </Button>
      </form>
      {recent.length === 0 ? (
        <Empty title={t("none")} hint={t("noneHint")} />
      ) : (
        <section className="card" aria-label={t("recent")}>
          <h2>{t("recent")}</h2>
          <ul className="account-recent">
            {recent.map((key) => (
              <li key={key}>
                <Link to={`/accounts/${encodeURIComponent(key)}`}>
                  <KeyText value={key} />
                </Link>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
