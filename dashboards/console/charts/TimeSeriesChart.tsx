import { useMemo, useState } from 'react'
import type uPlot from 'uplot'
import type { Unit } from './format.ts'
import { Legend } from './Legend.tsx'
import { type Lines, toStack } from './lines.ts'
import { toOptions } from './plot-options.ts'
import { type Bounds, type PlotEvents, usePlot } from './use-plot.ts'

export const chartHeight = 180

interface TimeSeriesChartProps extends Pick<PlotEvents, 'onZoom'> {
  readonly label: string
  readonly lines: Lines
  readonly unit: Unit
  readonly bounds: Bounds
  readonly stacked?: boolean | undefined
  readonly max?: number | undefined
}

function useHidden() {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const toggle = (name: string) =>
    setHidden((current) => {
      const next = new Set(current)
      if (!next.delete(name)) next.add(name)
      return next
    })
  return { hidden, toggle }
}

function toData({ times, names, values }: Lines, hidden: ReadonlySet<string>, stacked: boolean) {
  const shown = values.map((line, index) =>
    hidden.has(names[index] ?? '') ? line.map(() => undefined) : line,
  )
  // uPlot only reads them.
  return [times, ...(stacked ? toStack(shown) : shown)] as unknown as uPlot.AlignedData
}

/** Lines over time, drawn by uPlot; charts on a page share their cursor. */
export function TimeSeriesChart(props: TimeSeriesChartProps) {
  const { label, lines, unit, bounds, stacked = false, max, onZoom } = props
  const { hidden, toggle } = useHidden()
  const [time, setTime] = useState<number>()
  const data = useMemo(() => toData(lines, hidden, stacked), [lines, hidden, stacked])
  const canZoom = onZoom !== undefined
  const container = usePlot({
    data,
    bounds,
    height: chartHeight,
    shape: JSON.stringify([lines.names, unit, stacked, max, canZoom]),
    options: (dark) => toOptions({ names: lines.names, unit, stacked, max, canZoom, dark }),
    onZoom,
    onCursor: setTime,
  })
  const index = time === undefined ? -1 : lines.times.indexOf(time)
  return (
    <>
      <div ref={container} role="img" aria-label={`${label} over time`} data-chart={label} />
      <Legend
        lines={lines}
        unit={unit}
        index={index < 0 ? undefined : index}
        hidden={hidden}
        onToggle={toggle}
      />
    </>
  )
}
