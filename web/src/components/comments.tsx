import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useRef, useState } from "react";
import { newKey, request } from "@/api/client";
import { useChildren } from "@/api/queries";
import { type Row, useWorkflow } from "@/api/workflow";
import { useSession } from "@/app/session";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { Time, UserName } from "./labels";
import { useReveal } from "./reveal";
import { useSending } from "./sending";
import { Empty, Failed, Loading, ProblemNote } from "./states";
import { TextArea } from "./TextArea";

const T = texts(
  {
    write: "写备注",
    add: "添加",
    none: "还没有备注",
    noneHint: "同事能看到这里的内容，重要情况请写在对应操作的说明里。",
    masked: "内容含个人信息，已脱敏；点“显示完整信息”查看。",
  },
  {
    write: "Write a comment",
    add: "Add",
    none: "No comments yet",
    noneHint: "Colleagues read them. What matters belongs into the note of an act.",
    masked: "Comments may name people and are masked: choose “Show in full”.",
  },
);

interface Comment extends Row {
  words: string;
  by: number | null;
  at: string;
}

export function Comments({ kind, id }: { kind: string; id: number }) {
  const t = useTexts(T);
  const workflow = useWorkflow(kind);
  const client = useQueryClient();
  const { has } = useSession();
  const { purpose } = useReveal();
  const [words, setWords] = useState("");
  const once = useRef(newKey());
  const sending = useSending();
  const { data, error, refetch } = useChildren<Comment>(kind, id, "comments", purpose);
  const add = useMutation({
    mutationFn: () =>
      request("POST", `/v1/${workflow?.collection}/${id}/comments`, {
        body: { words: words.trim() },
        once: once.current,
      }),
    onSuccess: () => {
      setWords("");
      once.current = newKey();
      void client.invalidateQueries({ queryKey: ["child", kind, id, "comments"] });
    },
    onSettled: sending.again,
  });
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!data) return <Loading lines={4} />;
  return (
    <div className="comments">
      {!has(["auditor", "partner"]) && (
        <form
          className="comment-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (words.trim() && sending.begin()) add.mutate();
          }}
        >
          <TextArea
            aria-label={t("write")}
            placeholder={t("write")}
            rows={2}
            maxLength={4000}
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
          <Button htmlType="submit" loading={add.isPending} disabled={words.trim() === ""}>
            {t("add")}
          </Button>
        </form>
      )}
      <ProblemNote error={add.error} />
      {data.items.length === 0 ? (
        <Empty title={t("none")} hint={t("noneHint")} />
      ) : (
        <>
          {!purpose && <p className="faint">{t("masked")}</p>}
          <ol className="timeline">
            {data.items.map((comment) => (
              <li key={comment.id}>
                <div className="timeline-head">
                  <Time value={comment.at} second />
                  <span className="strong">
                    <UserName id={comment.by} />
                  </span>
                </div>
                <p className="words">{comment.words}</p>
              </li>
            ))}
          </ol>
        </>
      )}
    </div>
  );
}
