import type { LineParts } from '@warren/lineprotocol/line-parts'
import { isAny } from './glob.ts'
import { parsePoint, printPoint } from './metric-point.ts'
import type { CompiledMetricStage, MetricStage } from './metric-stage.ts'
import * as metricStages from './metric-stages/index.ts'
import type { Rules } from './schema.ts'
import { isFor, type Sender } from './sender.ts'

/** What the rules mean for the points of one sender. */
export interface MetricPlan {
  /** No rule is for any of its points. */
  readonly isPlain: boolean
  /** Whether a line that `scanLine` found good needs `rewrite`. */
  rewrites(bytes: Uint8Array, parts: LineParts): boolean
  /** The line as the rules want it, without line feed; undefined when it is left out. */
  rewrite(bytes: Uint8Array, parts: LineParts): Uint8Array | undefined
  /** Whether integers of the line's measurement stay integers. */
  keepsIntegers(bytes: Uint8Array, parts: LineParts): boolean
}

const inOrder: readonly MetricStage[] = [
  metricStages.templates,
  metricStages.measurements,
  metricStages.tags,
]

/** Names whose rules are remembered; senders choose them. */
const maxNames = 10_000

const { utf8Slice } = Buffer.prototype
const encoder = new TextEncoder()

/** Asks once a measurement; a name that is escaped is another one here, with the same answer. */
function byMeasurement(ask: (name: string) => boolean) {
  const answers = new Map<string, boolean>()
  return (bytes: Uint8Array, { measurementStart, measurementEnd }: LineParts): boolean => {
    const name = utf8Slice.call(bytes, measurementStart, measurementEnd)
    const known = answers.get(name)
    if (known !== undefined) return known
    if (answers.size >= maxNames) answers.clear()
    const answer = ask(name.replace(/\\([, =])/g, '$1'))
    answers.set(name, answer)
    return answer
  }
}

const never = () => false

export function createMetricPlan(rules: Rules, sender: Sender): MetricPlan {
  const stages = inOrder.flatMap((stage) => stage.compile(rules, sender) ?? [])
  const integers = rules.integers.filter((rule) => isFor(rule, sender))
  return {
    isPlain: stages.length + integers.length === 0,
    rewrites:
      stages.length === 0
        ? never
        : byMeasurement((name) => stages.some((stage) => stage.touches(name))),
    rewrite: (bytes, parts) => rewrite(stages, bytes, parts),
    keepsIntegers:
      integers.length === 0
        ? never
        : byMeasurement((name) => integers.some(({ measurements }) => isAny(measurements, name))),
  }
}

function rewrite(
  stages: readonly CompiledMetricStage[],
  bytes: Uint8Array,
  parts: LineParts,
): Uint8Array | undefined {
  const point = parsePoint(bytes, parts)
  for (const stage of stages) if (stage.apply(point) === 'dropped') return undefined
  return encoder.encode(printPoint(point))
}
