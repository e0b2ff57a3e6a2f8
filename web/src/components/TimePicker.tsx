// Dates and times as the centre writes them: 2026-11-25 15:04:05 by its own clock (+08:00), in the console's language, whatever the
// browser's language and time zone are. It can be typed, or chosen from the panel.
import { CalendarOutlined } from "@ant-design/icons";
import dayjsGenerateConfig from "@rc-component/picker/generate/dayjs";
import generatePicker from "antd/es/date-picker/generatePicker";
import dayjs, { type Dayjs } from "dayjs";
import utc from "dayjs/plugin/utc";
import { type ReactNode, useEffect, useMemo, useRef } from "react";
import { OFFSET_MS, rfc3339 } from "@/app/format";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { serverAhead } from "./labels";

dayjs.extend(utc);

const T = texts({ time: "年-月-日 时:分:秒", month: "年-月" }, { time: "YYYY-MM-DD hh:mm", month: "YYYY-MM" });

/** A moment on the centre's wall clock: a UTC one that is ahead by the offset, so that the browser's zone has no say. */
const wall = (ms: number): Dayjs => dayjs.utc(ms + OFFSET_MS);
const instant = (at: Dayjs): number => at.valueOf() - OFFSET_MS;

const Picker = generatePicker<Dayjs>({
  ...dayjsGenerateConfig,
  getNow: () => wall(Date.now() + serverAhead.ms),
  getFixedDate: (text) => dayjs.utc(text, "YYYY-M-D"),
  locale: {
    ...dayjsGenerateConfig.locale,
    parse: (_locale, text, formats) => parse(text, formats),
  },
});

const TIME = "YYYY-MM-DD HH:mm:ss";
const MONTH = "YYYY-MM";
/** Taken when one leaves the field, not sooner: each is the beginning of a longer one that is still being typed. */
const SHORT_TIMES = ["YYYY-MM-DD HH:mm", "YYYY-MM-DD", "YYYY/MM/DD HH:mm:ss", "YYYY/MM/DD HH:mm", "YYYY/MM/DD"];
const SHORT_MONTHS = ["YYYYMM", "YYYY/MM", "YYYY-M"];

function parse(text: string, formats: readonly string[]): Dayjs | null {
  return formats.map((format) => dayjs.utc(text.trim(), format, true)).find((at) => at.isValid()) ?? null;
}

/** The panel for who has no mouse: its columns of hours, minutes and seconds are reached with Tab and scrolled with the arrow keys,
 * and the buttons for year and month are called what stands on them. The library does neither. */
function Panel({ children }: { children: ReactNode }) {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    for (const column of frame.current?.querySelectorAll<HTMLElement>(".ant-picker-time-panel-column") ?? []) {
      column.tabIndex = 0;
    }
    for (const button of frame.current?.querySelectorAll(".ant-picker-year-btn, .ant-picker-month-btn") ?? []) {
      button.removeAttribute("aria-label");
    }
  });
  return <div ref={frame}>{children}</div>;
}

export interface TimePickerProps {
  id?: string;
  label?: string;
  describedBy?: string | undefined;
  invalid?: boolean;
  /** RFC 3339, or "2026-11" where months are picked. */
  value: unknown;
  onChange: (value: string | undefined) => void;
  months?: boolean;
}

export default function TimePicker({ id, label, describedBy, invalid, value, onChange, months }: TimePickerProps) {
  const t = useTexts(T);
  const at = useMemo(() => {
    const ms =
      typeof value === "string" && value !== ""
        ? Date.parse(months ? `${value}-01T00:00:00+08:00` : value)
        : Number.NaN;
    return Number.isNaN(ms) ? null : wall(ms);
  }, [value, months]);
  const take = (chosen: Dayjs | null) =>
    onChange(chosen ? (months ? chosen.format(MONTH) : rfc3339(instant(chosen))) : undefined);
  const takeShort = (input: EventTarget) => {
    const typed = input instanceof HTMLInputElement ? parse(input.value, months ? SHORT_MONTHS : SHORT_TIMES) : null;
    if (typed) take(typed);
  };
  return (
    <Picker
      {...(id ? { id } : {})}
      className={months ? "time-input month-input num" : "time-input num"}
      aria-label={label}
      aria-describedby={describedBy}
      aria-invalid={invalid || undefined}
      {...(invalid ? { status: "error" as const } : {})}
      picker={months ? "month" : "date"}
      showTime={months ? false : { format: "HH:mm:ss", changeOnScroll: true }}
      format={months ? MONTH : TIME}
      placeholder={t(months ? "month" : "time")}
      needConfirm={false}
      panelRender={(panel) => <Panel>{panel}</Panel>}
      onBlur={(event) => takeShort(event.target)}
      onKeyDown={(event) => {
        if (event.key !== "Enter") return;
        event.preventDefault(); // it takes the time; it does not send the form
        takeShort(event.target);
      }}
      suffixIcon={
        <>
          {!months && <span className="time-zone">+08:00</span>}
          <CalendarOutlined aria-hidden="true" />
        </>
      }
      value={at}
      onChange={take}
    />
  );
}
