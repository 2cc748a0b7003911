import 'uplot/dist/uPlot.min.css'
import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import { format, type Unit } from './format.ts'
import type { Lines } from './lines.ts'

const palette = [
  '#228be6',
  '#40c057',
  '#fab005',
  '#fa5252',
  '#7950f2',
  '#15aabf',
  '#fd7e14',
  '#e64980',
  '#82c91e',
  '#868e96',
]

export interface TimeSeriesChartProps {
  readonly label: string
  readonly lines: Lines
  readonly unit: Unit
  /** Seconds since the epoch. */
  readonly from: number
  readonly to: number
  readonly stacked?: boolean
  readonly max?: number
  /** Told when a stretch was dragged over; seconds. */
  readonly onZoom?: (from: number, to: number) => void
}

const height = 180

function toOptions(props: TimeSeriesChartProps, width: number, dark: boolean): uPlot.Options {
  const ink = dark ? '#c1c2c5' : '#495057'
  const grid = { stroke: dark ? '#373a40' : '#e9ecef', width: 1 }
  const { lines, unit, from, to, max } = props
  return {
    width,
    height,
    cursor: { sync: { key: 'warren' }, drag: { x: props.onZoom !== undefined, y: false } },
    scales: {
      x: { range: () => [from, to] },
      y: { range: (_, low, high) => [Math.min(0, low), max ?? (high > 0 ? high * 1.1 : 1)] },
    },
    axes: [
      { stroke: ink, grid, ticks: grid },
      {
        stroke: ink,
        grid,
        ticks: grid,
        size: 76,
        values: (_, ticks) => ticks.map((tick) => format(tick, unit)),
      },
    ],
    series: [
      {},
      ...lines.names.map((name, index) => ({
        label: name,
        stroke: palette[index % palette.length] ?? ink,
        width: 1.5,
        spanGaps: false,
        points: { show: lines.times.length < 2 },
        value: (_: uPlot, value: number | null) => (value === null ? '–' : format(value, unit)),
      })),
    ],
    hooks: {
      setSelect: [
        ({ select, posToVal }) => {
          if (select.width > 4)
            props.onZoom?.(posToVal(select.left, 'x'), posToVal(select.left + select.width, 'x'))
        },
      ],
    },
  }
}

/** Lines over time, drawn by uPlot; charts on a page share their cursor. */
export function TimeSeriesChart(props: TimeSeriesChartProps) {
  const container = useRef<HTMLDivElement>(null)
  const dark = useComputedColorScheme('light') === 'dark'
  useEffect(() => {
    const element = container.current
    if (element === null) return
    const data = [[...props.lines.times], ...props.lines.values.map((line) => [...line])]
    const plot = new uPlot(
      toOptions(props, element.clientWidth, dark),
      data as uPlot.AlignedData,
      element,
    )
    const resize = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }))
    resize.observe(element)
    return () => {
      resize.disconnect()
      plot.destroy()
    }
  }, [props, dark])
  return <div ref={container} role="img" aria-label={props.label} data-chart={props.label} />
}
