// A chart, loaded where one is shown. Whoever shows one puts a table beside it that says the same: a canvas says nothing to a
// screen reader. Tooltips are drawn on the canvas, because the content security policy has no place for styles in HTML.
import type { EChartsCoreOption } from "echarts/core";
import { loadable } from "./loadable";
import { Loading } from "./states";

export interface ChartProps {
  /** What it shows, in words. */
  label: string;
  option: EChartsCoreOption;
  height: number;
  onClick?: (data: { name: string; dataIndex: number; seriesName: string }) => void;
}

const Drawn = loadable<ChartProps>(
  () => import("./ChartCanvas"),
  () => <Loading />,
);

export function Chart(props: ChartProps) {
  return (
    <div className="chart" style={{ height: props.height }}>
      <Drawn {...props} />
    </div>
  );
}
