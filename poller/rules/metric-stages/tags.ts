import { isAny } from '../glob.ts'
import type { MetricStage } from '../metric-stage.ts'
import { applyNames } from '../names.ts'
import { isFor } from '../sender.ts'

/** Leaves tags out and gives them new names: every rule that is for the measurement, in order. */
export const tags: MetricStage = {
  section: 'tags',
  compile: (rules, sender) => {
    const own = rules.tags.filter((rule) => isFor(rule, sender))
    if (own.length === 0) return undefined
    return {
      touches: (name) => own.some((rule) => isAny(rule.measurements, name)),
      apply: (point) => {
        for (const rule of own)
          if (isAny(rule.measurements, point.measurement)) applyNames(rule, point.tags)
        return undefined
      },
    }
  },
}
