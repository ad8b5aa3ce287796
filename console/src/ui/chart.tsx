// A chart over time, drawn by uPlot on a canvas. It takes its colours from the style sheet and is
// made anew when those change. The values under the pointer, or where the arrow keys went, are
// written below it; the newest otherwise.
import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { language } from '../i18n';
import { clock, perSecond } from '../lib/format';
import { spanOf } from '../lib/span';
import { colour, paint } from '../lib/theme';

export interface Line {
  name: string;
  /** The style sheet's name for its colour. */
  colour: string;
  values: (number | null)[];
}

interface Props {
  label: string;
  times: number[];
  lines: Line[];
  height: number;
}

const timeAt = (seconds: number): string =>
  clock(new Date(seconds * 1000).toISOString(), language.value);

function options(
  node: HTMLElement,
  props: Props,
  point: (at: number | null) => void,
): uPlot.Options {
  const [ink, rule] = [colour('muted'), colour('grid')];
  const font = `11px ${getComputedStyle(document.body).fontFamily}`;
  const axis = { stroke: ink, font, grid: { stroke: rule, width: 1 }, ticks: { show: false } };
  return {
    width: Math.max(200, node.clientWidth),
    height: props.height,
    legend: { show: false },
    padding: [8, 24, 0, 0],
    cursor: { y: false, points: { size: 6 } },
    hooks: { setCursor: [({ cursor }) => point(cursor.idx ?? null)] },
    scales: {
      x: { time: true, range: ({ data }, low, high) => spanOf(data[0], low, high) },
      y: { range: (_, __, high) => [0, Math.max(4, high * 1.15)] },
    },
    axes: [
      {
        ...axis,
        values: (_, at) => at.map(timeAt),
        space: 90,
        size: 30,
      },
      { ...axis, size: 44, space: 32 },
    ],
    series: [
      {},
      ...props.lines.map((line, i) => ({
        label: line.name,
        stroke: colour(line.colour),
        width: 1.75,
        points: { show: false },
        ...(i === 0 ? { fill: colour(`${line.colour}-wash`) } : {}),
      })),
    ],
  };
}

export function Chart(props: Props) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [pointed, point] = useState<number | null>(null);
  const data = [props.times, ...props.lines.map((line) => line.values)] as uPlot.AlignedData;
  const palette = paint.value;
  const names = props.lines.map((line) => line.name).join();

  useEffect(() => {
    const node = box.current!;
    plot.current = new uPlot(options(node, props, point), data, node);
    const watch = new ResizeObserver(() => {
      if (node.clientWidth)
        plot.current?.setSize({ width: node.clientWidth, height: props.height });
    });
    watch.observe(node);
    return () => {
      watch.disconnect();
      plot.current?.destroy();
    };
  }, [palette, names, props.height]);

  useEffect(() => plot.current?.setData(data), [props.times]);

  const last = props.times.length - 1;
  const at = Math.min(pointed ?? last, last);
  const keys = (e: KeyboardEvent): void => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[e.key];
    if (!step || !plot.current || last < 0) return;
    e.preventDefault();
    const to = props.times[Math.min(last, Math.max(0, at + step))]!;
    plot.current.setCursor({ left: plot.current.valToPos(to, 'x'), top: 0 });
  };
  return (
    <>
      <div
        class="chart"
        ref={box}
        role="img"
        tabIndex={0}
        aria-label={props.label}
        onKeyDown={keys}
        onBlur={() => point(null)}
      />
      <p class="chart-at hint num" aria-live={pointed === null ? 'off' : 'polite'}>
        {last >= 0 &&
          [
            timeAt(props.times[at]!),
            ...props.lines.map(({ name, values }) => `${name} ${perSecond(values[at] ?? null)}`),
          ].join(' · ')}
      </p>
    </>
  );
}
