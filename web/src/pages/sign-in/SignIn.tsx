// Sign in, or set a password with an activation code. Not a page of the registry: it is shown in the place of all of them while
// nobody is signed in.
import { useMutation } from "@tanstack/react-query";
import { Button, Input, Segmented } from "antd";
import { useState } from "react";
import { call } from "@/api/client";
import { useSignInWays } from "@/api/notice";
import { Labeled } from "@/components/inputs";
import { ProblemNote } from "@/components/states";
import { useLanguage, useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { NoticeCard } from "./NoticeCard";

const T = texts(
  {
    product: "断流",
    subtitle: "反诈中心作战平台",
    signIn: "登录",
    activate: "首次登录",
    login: "登录名",
    password: "口令",
    code: "激活码",
    newPassword: "新口令",
    again: "再输一次",
    setPassword: "设置口令并登录",
    hint: "12 个字符以上，一句好记的话最好。",
    differ: "两次输入不一致",
    law: "依法使用，所有查询、操作均有审计记录。个人信息仅限工作用途（反电信网络诈骗法第 5 条）。",
    language: "语言",
    ended: "登录已失效。重新登录后回到原页面，已填写的内容仍在。",
  },
  {
    product: "Sluice",
    subtitle: "The anti-fraud centre's desk",
    signIn: "Sign in",
    activate: "First time",
    login: "Name",
    password: "Password",
    code: "Activation code",
    newPassword: "New password",
    again: "Once more",
    setPassword: "Set the password and sign in",
    hint: "12 characters or more; a sentence is best.",
    differ: "The two are not the same",
    law: "Every look and every act is written down. Personal data is for this work only (Anti-Telecom Fraud Law, Art. 5).",
    language: "Language",
    ended: "The session has ended. Sign in again to go on where you were: what you typed is still there.",
  },
);

interface Entry {
  login: string;
  password: string;
  code: string;
  again: string;
}

/** `again`: over a page, because the session ended. */
export default function SignIn({ onDone, again = false }: { onDone: () => void; again?: boolean }) {
  const t = useTexts(T);
  const { language, setLanguage } = useLanguage();
  const [activating, setActivating] = useState(false);
  const [entry, setEntry] = useState<Entry>({ login: "", password: "", code: "", again: "" });
  const ways = useSignInWays().data;
  const differ = activating && entry.again !== "" && entry.again !== entry.password;
  const enter = useMutation({
    mutationFn: async (chosen?: { login: string; password: string }) => {
      const { login, password, code } = chosen ? { ...chosen, code: "" } : entry;
      if (activating && !chosen) await call("POST /v1/session/password", { body: { login, code, password } });
      await call("POST /v1/session", { body: { login, password } });
    },
    onSuccess: onDone,
  });
  const input =
    (name: keyof Entry, type: "text" | "password", autoComplete: string) =>
    (ids: { id: string; describedBy: string | undefined; invalid: boolean }) => {
      const shared = {
        id: ids.id,
        "aria-describedby": ids.describedBy,
        "aria-invalid": ids.invalid,
        autoComplete,
        size: "large" as const,
        required: true,
        value: entry[name],
        onChange: (event: { target: { value: string } }) => setEntry({ ...entry, [name]: event.target.value }),
      };
      return type === "password" ? <Input.Password {...shared} /> : <Input {...shared} autoFocus={name === "login"} />;
    };
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <header>
          <img src="/favicon.svg" alt="" width={40} height={40} />
          <div>
            <h1>{t("product")}</h1>
            <p>{t("subtitle")}</p>
          </div>
        </header>
        {again && (
          <p className="note note-warning" role="status">
            {t("ended")}
          </p>
        )}
        <Segmented
          block
          value={activating ? "activate" : "signIn"}
          onChange={(value) => {
            setActivating(value === "activate");
            enter.reset();
          }}
          options={[
            { value: "signIn", label: t("signIn") },
            { value: "activate", label: t("activate") },
          ]}
        />
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (!differ) enter.mutate(undefined);
          }}
        >
          <Labeled label={t("login")} wide>
            {input("login", "text", "username")}
          </Labeled>
          {activating && (
            <Labeled label={t("code")} wide>
              {input("code", "text", "one-time-code")}
            </Labeled>
          )}
          <Labeled label={activating ? t("newPassword") : t("password")} hint={activating ? t("hint") : undefined} wide>
            {input("password", "password", activating ? "new-password" : "current-password")}
          </Labeled>
          {activating && (
            <Labeled label={t("again")} error={differ ? t("differ") : undefined} wide>
              {input("again", "password", "new-password")}
            </Labeled>
          )}
          <ProblemNote error={enter.error} />
          <Button type="primary" size="large" block htmlType="submit" loading={enter.isPending}>
            {activating ? t("setPassword") : t("signIn")}
          </Button>
          {ways?.openid && (
            <Button size="large" block href={ways.openid.start}>
              {language === "zh" ? ways.openid.name_zh : ways.openid.name_en}
            </Button>
          )}
        </form>
        <p className="sign-in-law">{t("law")}</p>
        <div className="sign-in-language">
          <Button
            type="link"
            size="small"
            lang={language === "zh" ? "en" : "zh-CN"}
            onClick={() => setLanguage(language === "zh" ? "en" : "zh")}
          >
            {language === "zh" ? "English" : "中文"}
          </Button>
        </div>
      </div>
      <NoticeCard onChoose={(login, password) => enter.mutate({ login, password })} />
    </main>
  );
}
