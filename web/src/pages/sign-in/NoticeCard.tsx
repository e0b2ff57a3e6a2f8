// The centre's notice beside the form; in a demonstration, one button for each role.
import { Button } from "antd";
import { useNotice } from "@/api/notice";
import { ROLES } from "@/i18n/codes";
import { useLanguage, usePick, useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";

const T = texts(
  { notice: "公告", demo: "演示账号：点击即可登录" },
  { notice: "Notice", demo: "Demonstration: one click signs in" },
);

export function NoticeCard({ onChoose }: { onChoose: (login: string, password: string) => void }) {
  const t = useTexts(T);
  const pick = usePick();
  const { language } = useLanguage();
  const notice = useNotice();
  const text = notice && (language === "zh" ? (notice.zh ?? notice.en) : (notice.en ?? notice.zh));
  const accounts = notice?.is_demonstration && notice.password ? (notice.accounts ?? []) : [];
  if (!text && accounts.length === 0) return null;
  const nameOf = (roles: string) =>
    roles
      .split(",")
      .map((role) => pick(ROLES[role as keyof typeof ROLES] ?? [role, role]))
      .join("、");
  return (
    <aside className="sign-in-notice" aria-label={t("notice")}>
      {text && <p>{text}</p>}
      {accounts.length > 0 && (
        <>
          <h2>{t("demo")}</h2>
          <ul>
            {accounts.map((account) => (
              <li key={account.login}>
                <Button block onClick={() => onChoose(account.login, notice?.password ?? "")}>
                  <span className="strong">{nameOf(account.roles)}</span>
                  <span className="faint">
                    {language === "en" ? (account.unit_en ?? account.unit) : account.unit} · {account.login}
                  </span>
                </Button>
              </li>
            ))}
          </ul>
        </>
      )}
    </aside>
  );
}
