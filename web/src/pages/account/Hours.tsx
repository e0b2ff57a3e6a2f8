// When the account is used: hour × weekday. A table whose cells are tinted, so what is seen is also what is read out.

import { Segmented } from "antd";
import { useState } from "react";
import { count, money, moneyShort } from "@/app/format";
import { useLanguage, useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { useTheme } from "@/theme/theme";

const T = texts(
  {
    title: "收支时段（小时 × 星期）",
    count: "笔数",
    amount: "金额",
    what: "热力内容",
    cell: "{day} {hour} 时：{n} 笔，{fen}",
    days: "周一,周二,周三,周四,周五,周六,周日",
    day: "星期",
  },
  {
    title: "Hours and weekdays",
    count: "Transfers",
    amount: "Amount",
    what: "Shown",
    cell: "{day} {hour}:00: {n} transfers, {fen}",
    days: "Mon,Tue,Wed,Thu,Fri,Sat,Sun",
    day: "Day",
  },
);

interface HoursProps {
  counts: readonly (readonly number[])[];
  amounts: readonly (readonly number[])[];
}

export function Hours({ counts, amounts }: HoursProps) {
  const t = useTexts(T);
  const { language } = useLanguage();
  const { palette } = useTheme();
  const [by, setBy] = useState<"count" | "amount">("count");
  const table = by === "count" ? counts : amounts;
  const top = Math.max(1, ...table.flat());
  const days = t("days").split(",");
  return (
    <section className="card" aria-label={t("title")}>
      <h2>
        {t("title")}{" "}
        <Segmented
          size="small"
          aria-label={t("what")}
          value={by}
          onChange={setBy}
          options={(["count", "amount"] as const).map((value) => ({ value, label: t(value) }))}
        />
      </h2>
      <div className="table-scroll" tabIndex={0} role="region" aria-label={t("title")}>
        <table className="heat num">
          <thead>
            <tr>
              <th scope="col">{t("day")}</th>
              {Array.from({ length: 24 }, (_, hour) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: hours are their numbers
                <th key={hour} scope="col">
                  {hour}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {days.map((day, row) => (
              <tr key={day}>
                <th scope="row">{day}</th>
                {Array.from({ length: 24 }, (_, hour) => {
                  const value = table[row]?.[hour] ?? 0;
                  const n = counts[row]?.[hour] ?? 0;
                  const share = Math.sqrt(value / top);
                  const words = t("cell", { day, hour, n: count(n), fen: money(amounts[row]?.[hour] ?? 0) });
                  return (
                    <td
                      // biome-ignore lint/suspicious/noArrayIndexKey: hours are their numbers
                      key={hour}
                      title={words}
                      style={
                        value > 0
                          ? {
                              background: `color-mix(in srgb, ${palette.primary} ${Math.round(12 + share * 88)}%, ${palette.surface})`,
                              color: share > 0.45 ? palette.primaryInk : palette.ink,
                            }
                          : undefined
                      }
                    >
                      {value === 0 ? "" : by === "count" ? value : moneyShort(value, language).replace("¥", "")}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
