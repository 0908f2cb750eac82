import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { GroupWeek } from "../../../api/contract.ts";
import { weekOf } from "../../text/format.ts";
import { useText } from "../../text/text.ts";

interface WeekChartProps {
  readonly name: string;
  readonly rows: readonly GroupWeek[];
  /** Lower end of the scale, percent. */
  readonly lowest: number;
}

const heightPx = 200;

/** Availability week by week, drawn in the page's ink. The table below says the same in figures. */
export function WeekChart({ name, rows, lowest }: WeekChartProps) {
  const { t } = useText();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const dark = matchMedia("(prefers-color-scheme: dark)");
    let chart = draw(element, rows, lowest);
    const redraw = () => {
      chart.destroy();
      chart = draw(element, rows, lowest);
    };
    const resized = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: heightPx }));
    resized.observe(element);
    dark.addEventListener("change", redraw);
    return () => {
      resized.disconnect();
      dark.removeEventListener("change", redraw);
      chart.destroy();
    };
  }, [rows, lowest]);
  return (
    <figure className="chart">
      <figcaption>{name}</figcaption>
      <div ref={place} role="img" aria-label={t("statistics.chartFor", { group: name })} />
    </figure>
  );
}

function draw(element: HTMLElement, rows: readonly GroupWeek[], lowest: number): uPlot {
  // The tokens are light-dark() pairs; a canvas wants the colour that came out of them.
  const colour = (token: string) => {
    element.style.color = `var(${token})`;
    const { color } = getComputedStyle(element);
    element.style.color = "";
    return color;
  };
  const [ink, soft, hairline] = [colour("--ink"), colour("--ink-soft"), colour("--hairline")];
  const font = `14px ${getComputedStyle(element).fontFamily}`;
  const weeks = rows.map(({ week }) => String(weekOf(week).week));
  const axis = { stroke: soft, font, grid: { stroke: hairline, width: 1 }, ticks: { show: false } };
  const options: uPlot.Options = {
    width: element.clientWidth,
    height: heightPx,
    padding: [12, 16, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false, range: [-0.3, rows.length - 0.7] }, y: { range: [lowest, 100] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 28,
        splits: () => weeks.map((_, at) => at),
        values: (_, at) => at.map((n) => weeks[n] ?? ""),
      },
      { ...axis, size: 44, incrs: [5, 10, 20, 50] },
    ],
    series: [{}, { stroke: ink, width: 2, points: { show: true, size: 7, fill: ink, stroke: ink }, spanGaps: false }],
  };
  const data: uPlot.AlignedData = [rows.map((_, at) => at), rows.map(({ availability }) => availability.value)];
  return new uPlot(options, data, element);
}
