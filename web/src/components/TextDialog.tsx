// A dialog that asks for one line of text: a purpose, a name. Enter sends it; what is wrong is said once it was tried.
import { Input, Modal } from "antd";
import { type ReactNode, useState } from "react";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { Labeled } from "./inputs";
import { ProblemNote } from "./states";

const T = texts(
  { cancel: "取消", purpose: "用途", short: "请写明具体用途（至少 4 个字）" },
  { cancel: "Cancel", purpose: "Purpose", short: "Please say what for (at least 6 characters)" },
);

interface TextDialogProps {
  title: string;
  label: string;
  hint: ReactNode;
  ok: string;
  initial?: string;
  lengthMax: number;
  /** What is wrong with the text, which comes trimmed; none: it can be sent. */
  wrong: (text: string) => string | undefined;
  onSubmit: (text: string) => void;
  onCancel: () => void;
  busy?: boolean;
  error?: unknown;
  /** Above the input. */
  intro?: ReactNode;
  /** Below it. */
  children?: ReactNode;
}

export function TextDialog(props: TextDialogProps) {
  const {
    title,
    label,
    hint,
    ok,
    initial = "",
    lengthMax,
    wrong,
    onSubmit,
    onCancel,
    busy,
    error,
    intro,
    children,
  } = props;
  const t = useTexts(T);
  const [text, setText] = useState(initial);
  const [tried, setTried] = useState(false);
  const mistake = wrong(text.trim());
  const submit = () => {
    setTried(true);
    if (mistake === undefined) onSubmit(text.trim());
  };
  return (
    <Modal
      open
      title={title}
      okText={ok}
      cancelText={t("cancel")}
      okButtonProps={{ loading: busy === true }}
      onOk={submit}
      onCancel={onCancel}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {intro && <p className="faint">{intro}</p>}
        <Labeled label={label} required hint={hint} error={tried ? mistake : undefined} wide>
          {({ id, describedBy, invalid }) => (
            <Input
              id={id}
              autoFocus
              aria-describedby={describedBy}
              aria-invalid={invalid}
              maxLength={lengthMax}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Labeled>
        {children}
        <ProblemNote error={error} />
        <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
      </form>
    </Modal>
  );
}

/** As much of a purpose as the daemon takes. */
const PURPOSE_BYTES_MIN = 6;

type PurposeTextDialogProps = Omit<TextDialogProps, "label" | "lengthMax" | "wrong">;

/** … that asks what something is needed for. */
export function PurposeTextDialog(props: PurposeTextDialogProps) {
  const t = useTexts(T);
  const wrong = (text: string) => (new TextEncoder().encode(text).length < PURPOSE_BYTES_MIN ? t("short") : undefined);
  return <TextDialog {...props} label={t("purpose")} lengthMax={160} wrong={wrong} />;
}
