// Bulletins are mostly of a day, a week, a month: one click fills the form in with that time and its title.
import { Button } from "antd";
import type { Draft } from "@/components/inputs";
import { MakeButtons } from "@/components/make";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { PERIODS, type Period, periodOf } from "./period";

const T = texts(
  {
    period: "统计时段",
    today: "今日",
    yesterday: "昨日",
    week: "近七日",
    month: "本月",
    title: "{period}战果通报（{days}）",
  },
  {
    period: "Time",
    today: "Today",
    yesterday: "Yesterday",
    week: "Last seven days",
    month: "This month",
    title: "Bulletin: {period} ({days})",
  },
);

export function DraftBulletin() {
  const t = useTexts(T);
  const of = (period: Period): Draft => {
    const { from, to, days } = periodOf(period, Date.now());
    return { from, to, title: t("title", { period: t(period), days }) };
  };
  return (
    <MakeButtons
      kind="bulletin"
      initial={of("today")}
      shortcuts={(change) => (
        <fieldset className="periods" aria-label={t("period")}>
          {PERIODS.map((period) => (
            <Button key={period} size="small" data-period={period} onClick={() => change(of(period))}>
              {t(period)}
            </Button>
          ))}
        </fieldset>
      )}
    />
  );
}
