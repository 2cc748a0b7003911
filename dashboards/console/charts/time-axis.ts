import type uPlot from 'uplot'
import { tickTexts } from '../time/clock.ts'

export const axisFont = '11px system-ui, sans-serif'

/** The time axis of every chart: the reader's time zone, a 24 h clock. */
export const toTimeAxis = (ink: { text: string; grid: string }): uPlot.Axis => ({
  font: axisFont,
  stroke: ink.text,
  grid: { stroke: ink.grid, width: 1 },
  ticks: { stroke: ink.grid, width: 1 },
  size: 42,
  space: 60,
  // Of its five arguments: the ticks and the seconds between them.
  values: (...given) => tickTexts(given[1], given[4]),
})
