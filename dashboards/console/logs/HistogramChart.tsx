import 'uplot/dist/uPlot.min.css'
import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import { format } from '../charts/format.ts'
import type { LogAnswer } from './log-search.ts'

const height = 110

interface HistogramChartProps {
  readonly answer: LogAnswer
  /** Told when a stretch was dragged over; milliseconds. */
  readonly onZoom: (fromMs: number, toMs: number) => void
}

function toOptions(
  { answer, onZoom }: HistogramChartProps,
  width: number,
  dark: boolean,
): uPlot.Options {
  const { fromMs, toMs } = answer.question
  const ink = dark ? '#c1c2c5' : '#495057'
  const bars = uPlot.paths.bars?.({ size: [0.9, 60], align: 1 })
  return {
    width,
    height,
    legend: { show: false },
    cursor: { drag: { x: true, y: false } },
    scales: {
      x: { range: () => [fromMs / 1000, toMs / 1000] },
      y: { range: (_, __, high) => [0, high || 1] },
    },
    axes: [
      { stroke: ink, grid: { show: false } },
      {
        stroke: ink,
        grid: { show: false },
        size: 56,
        values: (_, ticks) => ticks.map((tick) => format(tick, 'number')),
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
    hooks: {
      setSelect: [
        ({ select, posToVal }) => {
          if (select.width > 4)
            onZoom(
              Math.round(posToVal(select.left, 'x') * 1000),
              Math.round(posToVal(select.left + select.width, 'x') * 1000),
            )
        },
      ],
    },
  }
}

/** Records over time; dragging zooms in. */
export function HistogramChart(props: HistogramChartProps) {
  const container = useRef<HTMLDivElement>(null)
  const dark = useComputedColorScheme('light') === 'dark'
  useEffect(() => {
    const element = container.current
    if (element === null) return
    const { histogram } = props.answer
    const data: uPlot.AlignedData = [
      histogram.map(({ key }) => Number(key) / 1000),
      histogram.map(({ doc_count }) => doc_count),
    ]
    const plot = new uPlot(toOptions(props, element.clientWidth, dark), data, element)
    const resize = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }))
    resize.observe(element)
    return () => {
      resize.disconnect()
      plot.destroy()
    }
  }, [props, dark])
  return <div ref={container} role="img" aria-label="Records over time" />
}
