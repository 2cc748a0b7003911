import type uPlot from 'uplot'
import { colorOf, inkOf } from './colors.ts'
import { formatTicks, leastTop, ticksOf, type Unit } from './format.ts'
import { axisFont, toTimeAxis } from './time-axis.ts'

const isMove = (type: string): boolean => type === 'mousemove' || type === 'mouseleave'

interface Look {
  readonly names: readonly string[]
  readonly unit: Unit
  readonly stacked: boolean
  readonly max: number | undefined
  readonly canZoom: boolean
  readonly dark: boolean
}

const toSeries = (line: number, stacked: boolean): uPlot.Series => ({
  stroke: colorOf(line),
  width: stacked ? 1 : 1.5,
  // A time at which only another line has a point is no gap; null is one.
  spanGaps: false,
  points: { show: (plot) => plot.data[0].length < 2 },
  ...(stacked ? { fill: `${colorOf(line)}66` } : {}),
})

/** How lines over time look, without their data. */
export function toOptions({ names, unit, stacked, max, canZoom, dark }: Look) {
  const ink = inkOf(dark)
  const incrs = ticksOf(unit)
  const stroke = { stroke: ink.grid, width: 1 }
  return {
    legend: { show: false },
    padding: [8, 8, 0, 0] as uPlot.Padding,
    cursor: {
      // The others follow the cursor, not the drag: each would tell its own stretch.
      sync: { key: 'warren', filters: { pub: isMove } },
      drag: { x: canZoom, y: false, setScale: false },
      points: { size: 6 },
    },
    scales: {
      y: {
        range: (_: uPlot, low: number | null, high: number | null): uPlot.Range.MinMax => [
          Math.min(0, low ?? 0),
          max ?? Math.max((high ?? 0) * 1.1, leastTop(unit)),
        ],
      },
    },
    axes: [
      toTimeAxis(ink),
      {
        font: axisFont,
        stroke: ink.text,
        grid: stroke,
        ticks: stroke,
        size: 72,
        space: 34,
        values: (_: uPlot, ticks: number[]) => formatTicks(ticks, unit),
        ...(incrs === undefined ? {} : { incrs }),
      },
    ],
    series: [{}, ...names.map((_, line) => toSeries(line, stacked))],
    // Each stacked line is filled down to the one below it.
    bands: stacked
      ? names.slice(1).map((_, line) => ({ series: [line + 2, line + 1] as [number, number] }))
      : [],
  }
}
