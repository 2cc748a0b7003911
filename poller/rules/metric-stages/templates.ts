import { parseTemplates } from '@warren/graphite/templates'
import { isAny } from '../glob.ts'
import type { MetricPoint } from '../metric-point.ts'
import type { MetricStage } from '../metric-stage.ts'
import { isFor } from '../sender.ts'

/** The field that senders of dotted names give their one value. */
const valueField = 'value'

/** Gives the field `value` the template's name; any other keeps its own behind it. */
function nameFields(fields: MetricPoint['fields'], name: string): void {
  const named = [...fields].map(
    ([key, value]) => [key === valueField ? name : `${name}.${key}`, value] as const,
  )
  fields.clear()
  for (const [key, value] of named) fields.set(key, value)
}

/** Dotted names to measurement, tags and field, by the first rule that is for the name: Telegraf's templates. A tag that the point has already stays. */
export const templates: MetricStage = {
  section: 'templates',
  compile: (rules, sender) => {
    const own = rules.templates
      .filter((rule) => isFor(rule, sender))
      .map(({ measurements, templates, joiner }) => ({
        measurements,
        templates: parseTemplates(templates, { joiner }),
      }))
    if (own.length === 0) return undefined
    const ruleOf = (name: string) => own.find(({ measurements }) => isAny(measurements, name))
    return {
      touches: (name) => ruleOf(name) !== undefined,
      apply: (point) => {
        const mapped = ruleOf(point.measurement)?.templates.map(point.measurement)
        if (mapped === undefined) return undefined
        point.measurement = mapped.measurement
        for (const [tag, value] of Object.entries(mapped.tags))
          if (!point.tags.has(tag)) point.tags.set(tag, value)
        if (mapped.field !== undefined && mapped.field !== '')
          nameFields(point.fields, mapped.field)
        return undefined
      },
    }
  },
}
