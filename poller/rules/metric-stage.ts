import type { MetricPoint } from './metric-point.ts'
import type { Rules } from './schema.ts'
import type { Sender } from './sender.ts'

/** One kind of rule for points. A stage knows its own section of the rules and nothing of the other stages. */
export interface MetricStage {
  /** Its section in a rules file, and its file here. */
  readonly section: keyof Rules
  /** What the rules mean for one sender; undefined when they say nothing for it, so that its lines cost nothing. Pure: no clock, no I/O, the same in every thread. */
  compile(rules: Rules, sender: Sender): CompiledMetricStage | undefined
}

export interface CompiledMetricStage {
  /** Whether points of this measurement need `apply`: asked once a name, not once a line. */
  touches(measurement: string): boolean
  /** Changes the point in place, or says that it is left out. Leaves a measurement and at least one field; never throws.
   *  The tags `tenant` and `deployment` are not its business: they are stamped afterwards, whatever it leaves. */
  apply(point: MetricPoint): 'dropped' | undefined
}
