import { useMutation } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useState } from "react";
import { call } from "@/api/client";
import { useSession } from "@/app/session";
import { Labeled } from "@/components/inputs";
import { PageHead } from "@/components/PageHead";
import { ProblemNote } from "@/components/states";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";

const T = texts(
  {
    title: "修改口令",
    old: "原口令",
    password: "新口令",
    again: "再输一次",
    differ: "两次输入不一致",
    hint: "12 个字符以上。修改后所有设备需重新登录。",
    change: "修改",
  },
  {
    title: "Change password",
    old: "Old password",
    password: "New password",
    again: "Once more",
    differ: "The two are not the same",
    hint: "12 characters or more. You sign in again on all devices.",
    change: "Change",
  },
);

export default function PasswordPage() {
  const t = useTexts(T);
  const { signOut } = useSession();
  const [old, setOld] = useState("");
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const differ = again !== "" && again !== password;
  const change = useMutation({
    mutationFn: () => call("POST /v1/me/password", { body: { old, password } }),
    onSuccess: () => void signOut(),
  });
  return (
    <form
      className="narrow"
      onSubmit={(event) => {
        event.preventDefault();
        if (!differ && again !== "") change.mutate();
      }}
    >
      <PageHead title={t("title")} />
      <Labeled label={t("old")} required wide>
        {({ id }) => (
          <Input.Password
            id={id}
            autoComplete="current-password"
            value={old}
            onChange={(e) => setOld(e.target.value)}
          />
        )}
      </Labeled>
      <Labeled label={t("password")} required hint={t("hint")} wide>
        {({ id, describedBy }) => (
          <Input.Password
            id={id}
            aria-describedby={describedBy}
            autoComplete="new-password"
            value={password}
            onChange={(e) => setPassword(e.target.value)}
          />
        )}
      </Labeled>
      <Labeled label={t("again")} required error={differ ? t("differ") : undefined} wide>
        {({ id, describedBy, invalid }) => (
          <Input.Password
            id={id}
            aria-describedby={describedBy}
            aria-invalid={invalid}
            autoComplete="new-password"
            value={again}
            onChange={(e) => setAgain(e.target.value)}
          />
        )}
      </Labeled>
      <ProblemNote error={change.error} />
      <Button type="primary" htmlType="submit" loading={change.isPending}>
        {t("change")}
      </Button>
    </form>
  );
}
