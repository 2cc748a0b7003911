import { isAny } from '../glob.ts'
import type { MetricStage } from '../metric-stage.ts'
import { isFor } from '../sender.ts'

/** Leaves points out by their measurement, and gives measurements new names. */
export const measurements: MetricStage = {
  section: 'measurements',
  compile: (rules, sender) => {
    const own = rules.measurements.filter((rule) => isFor(rule, sender))
    if (own.length === 0) return undefined
    const isDropped = (name: string) =>
      own.some(
        ({ allow, deny }) => !isAny(allow, name) || (deny !== undefined && isAny(deny, name)),
      )
    const renames = new Map(own.flatMap(({ rename = {} }) => Object.entries(rename)))
    return {
      touches: (name) => renames.has(name) || isDropped(name),
      apply: (point) => {
        if (isDropped(point.measurement)) return 'dropped'
        point.measurement = renames.get(point.measurement) ?? point.measurement
        return undefined
      },
    }
  },
}
