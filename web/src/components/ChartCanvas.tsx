import { BarChart, HeatmapChart, LineChart, PieChart, SankeyChart, ScatterChart } from "echarts/charts";
import {
  AriaComponent,
  DataZoomComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
  VisualMapComponent,
} from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { FONT, useTheme } from "@/theme/theme";
import type { Palette } from "@/theme/tokens";
import type { ChartProps } from "./Chart";

echarts.use([
  AriaComponent,
  BarChart,
  CanvasRenderer,
  DataZoomComponent,
  GridComponent,
  HeatmapChart,
  LegendComponent,
  LineChart,
  MarkLineComponent,
  PieChart,
  SankeyChart,
  ScatterChart,
  TooltipComponent,
  VisualMapComponent,
]);

function themeOf(p: Palette) {
  const axis = {
    axisLine: { lineStyle: { color: p.control } },
    axisTick: { lineStyle: { color: p.control } },
    axisLabel: { color: p.soft },
    splitLine: { lineStyle: { color: p.line } },
    nameTextStyle: { color: p.soft },
  };
  return {
    color: [p.primary, p.warning, p.success, p.danger, p.soft, p.control],
    textStyle: { color: p.ink, fontFamily: FONT },
    categoryAxis: axis,
    valueAxis: axis,
    timeAxis: axis,
    logAxis: axis,
    legend: { textStyle: { color: p.soft } },
    tooltip: {
      backgroundColor: p.raised,
      borderColor: p.line,
      textStyle: { color: p.ink },
      axisPointer: { lineStyle: { color: p.control }, crossStyle: { color: p.control } },
    },
    visualMap: { textStyle: { color: p.soft } },
  };
}

export default function ChartCanvas({ label, option, onClick }: ChartProps) {
  const { palette, theme } = useTheme();
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<echarts.ECharts | null>(null);
  const click = useRef(onClick);
  click.current = onClick;
  useEffect(() => {
    if (!box.current) return;
    echarts.registerTheme(`sluice-${theme}`, themeOf(palette));
    const made = echarts.init(box.current, `sluice-${theme}`);
    chart.current = made;
    made.on("click", (event) =>
      click.current?.({
        name: event.name,
        dataIndex: event.dataIndex ?? 0,
        seriesName: String(event.seriesName ?? ""),
      }),
    );
    const watch = new ResizeObserver(() => made.resize());
    watch.observe(box.current);
    return () => {
      watch.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, [palette, theme]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme makes another chart, which needs the option again
  useEffect(() => {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    chart.current?.setOption(
      {
        animation: !still,
        animationDuration: 200,
        ...option,
        tooltip: { renderMode: "richText", confine: true, ...(option.tooltip as object | undefined) },
      },
      { notMerge: true },
    );
  }, [option, palette, theme]);
  return <div ref={box} className="chart-canvas" role="img" aria-label={label} />;
}
