import { UploadOutlined } from "@ant-design/icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useRef } from "react";
import { newKey, request } from "@/api/client";
import { useSession } from "@/app/session";
import { ProblemNote } from "@/components/states";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";

const T = texts({ add: "上传证据" }, { add: "Add evidence" });

function base64(file: File): Promise<string> {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result).replace(/^data:[^,]*,/, ""));
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(file);
  });
}

export function AddEvidence({ caseId }: { caseId: number }) {
  const t = useTexts(T);
  const client = useQueryClient();
  const { has } = useSession();
  const input = useRef<HTMLInputElement>(null);
  const add = useMutation({
    mutationFn: async (file: File) =>
      request("POST", `/v1/cases/${caseId}/evidence`, {
        body: { name: file.name, media: file.type || "application/octet-stream", bytes: await base64(file) },
        once: newKey(),
      }),
    onSuccess: () => void client.invalidateQueries({ queryKey: ["child", "case", caseId] }),
  });
  if (!has(["duty", "analyst", "investigator", "commander"])) return null;
  return (
    <>
      <Button
        size="small"
        className="add-child"
        icon={<UploadOutlined aria-hidden="true" />}
        loading={add.isPending}
        onClick={() => input.current?.click()}
      >
        {t("add")}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={t("add")}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file) add.mutate(file);
        }}
      />
      <ProblemNote error={add.error} />
    </>
  );
}
