import type { CanonicalRecord } from '../logs/canonical-record.ts'
import type { Rules } from './schema.ts'
import type { Sender } from './sender.ts'

/** One kind of rule for log records. */
export interface LogStage {
  /** Its section in a rules file, and its file here. */
  readonly section: keyof Rules
  /** What the rules mean for one sender; undefined when they say nothing for it. Pure: no clock, no I/O, the same in every thread. */
  compile(rules: Rules, sender: Sender): CompiledLogStage | undefined
}

export interface CompiledLogStage {
  /** Whether `apply` changes nothing of a record in whose message and attributes `readCompact` saw no secret: such a record is copied byte by byte. */
  readonly leavesUnsuspected: boolean
  /** Changes `message` and `attributes` in place, or says that the record is left out. Leaves a canonical record; never throws. */
  apply(record: CanonicalRecord): 'dropped' | undefined
}
