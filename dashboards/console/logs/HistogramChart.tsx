import { useMemo } from 'react'
import uPlot from 'uplot'
import { inkOf } from '../charts/colors.ts'
import { formatTicks } from '../charts/format.ts'
import { axisFont, toTimeAxis } from '../charts/time-axis.ts'
import { usePlot } from '../charts/use-plot.ts'
import type { Span } from '../time/range.ts'
import type { LogAnswer } from './log-search.ts'

interface HistogramChartProps {
  readonly answer: LogAnswer
  /** Told when a stretch was dragged over. */
  readonly onZoom: (span: Span) => void
}

function toOptions(dark: boolean) {
  const ink = inkOf(dark)
  const bars = uPlot.paths.bars?.({ size: [0.9, 60], align: 1 })
  return {
    legend: { show: false },
    padding: [6, 8, 0, 0] as uPlot.Padding,
    cursor: { drag: { x: true, y: false, setScale: false }, points: { show: false } },
    scales: {
      y: { range: (_: uPlot, __: number, high: number): uPlot.Range.MinMax => [0, high || 1] },
    },
    axes: [
      { ...toTimeAxis(ink), grid: { show: false } },
      {
        font: axisFont,
        stroke: ink.text,
        grid: { show: false },
        size: 48,
        space: 26,
        incrs: [0, 1, 2, 3, 4, 5, 6, 7, 8].flatMap((power) =>
          [1, 2, 5].map((n) => n * 10 ** power),
        ),
        values: (_: uPlot, ticks: number[]) => formatTicks(ticks, 'number'),
      },
    ],
    series: [
      {},
      {
        fill: '#228be6',
        stroke: '#228be6',
        points: { show: false },
        ...(bars === undefined ? {} : { paths: bars }),
      },
    ],
  }
}

/** Records over time; dragging zooms in. */
export function HistogramChart({ answer, onZoom }: HistogramChartProps) {
  const data = useMemo(
    (): uPlot.AlignedData => [
      answer.histogram.map(({ key }) => Number(key) / 1000),
      answer.histogram.map(({ doc_count }) => doc_count),
    ],
    [answer],
  )
  const { fromMs, toMs } = answer.question
  const bounds = useMemo(() => ({ from: fromMs / 1000, to: toMs / 1000 }), [fromMs, toMs])
  const container = usePlot({
    data,
    bounds,
    height: 116,
    shape: 'histogram',
    options: toOptions,
    onZoom: (from, to) => onZoom({ fromMs: from * 1000, toMs: to * 1000 }),
  })
  return <div ref={container} role="img" aria-label="Records over time" />
}
