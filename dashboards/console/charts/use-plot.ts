import 'uplot/dist/uPlot.min.css'
import './plot.css'
import { useComputedColorScheme } from '@mantine/core'
import { type RefObject, useEffect, useRef } from 'react'
import uPlot from 'uplot'

/** Two ends of the time axis, seconds since the epoch. */
export interface Bounds {
  readonly from: number
  readonly to: number
}

/** What a plot tells; seconds since the epoch. */
export interface PlotEvents {
  /** A stretch was dragged over. */
  readonly onZoom?: ((from: number, to: number) => void) | undefined
  /** The time under the cursor; undefined when it has left. */
  readonly onCursor?: ((time: number | undefined) => void) | undefined
}

interface PlotSpec extends PlotEvents {
  readonly data: uPlot.AlignedData
  readonly bounds: Bounds
  readonly height: number
  /** The rest of the options; the plot is made anew when `shape` changes, else it only gets new data. */
  readonly shape: string
  readonly options: (dark: boolean) => Omit<uPlot.Options, 'width' | 'height' | 'hooks'>
}

function toHooks(latest: RefObject<PlotSpec>): uPlot.Hooks.Arrays {
  return {
    setSelect: [
      (plot) => {
        const { left, width } = plot.select
        if (width <= 4) return
        plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
        latest.current.onZoom?.(plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x'))
      },
    ],
    setLegend: [
      (plot) => {
        const { idx } = plot.cursor
        latest.current.onCursor?.(typeof idx === 'number' ? plot.data[0][idx] : undefined)
      },
    ],
  }
}

/** Draws into the element that the returned reference is given to. New data goes into the same plot: its cursor, and what is being dragged, stay. */
export function usePlot(spec: PlotSpec): RefObject<HTMLDivElement | null> {
  const container = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(null)
  const latest = useRef(spec)
  latest.current = spec
  const dark = useComputedColorScheme('light') === 'dark'
  const { data, bounds, height, shape } = spec

  // biome-ignore lint/correctness/useExhaustiveDependencies: everything else of the options is read through `latest`.
  useEffect(() => {
    const element = container.current
    if (element === null) return
    const options = latest.current.options(dark)
    const { x, ...scales } = options.scales ?? {}
    const made = new uPlot(
      {
        ...options,
        width: element.clientWidth,
        height,
        scales: {
          x: { ...x, range: () => [latest.current.bounds.from, latest.current.bounds.to] },
          ...scales,
        },
        hooks: toHooks(latest),
      },
      latest.current.data,
      element,
    )
    plot.current = made
    const resize = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }))
    resize.observe(element)
    return () => {
      resize.disconnect()
      made.destroy()
      plot.current = null
    }
  }, [shape, dark, height])

  // biome-ignore lint/correctness/useExhaustiveDependencies: new bounds need a new drawing of the same data.
  useEffect(() => plot.current?.setData(data), [data, bounds])
  return container
}
