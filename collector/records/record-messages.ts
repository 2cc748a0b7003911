import type { LogRecord } from '@warren/contracts/log-record'
import { createMessageBuilder } from '../message-builder.ts'

/** Records gathered to bodies of bounded size, one JSON object a line. */
export interface RecordMessages {
  /** False when it can never fit. */
  add(record: LogRecord): boolean
  /** Of all records that were added. */
  readonly bytes: number
  bodies(): readonly Uint8Array[]
}

export function createRecordMessages(messageBytes: number): RecordMessages {
  const builder = createMessageBuilder(messageBytes)
  let bytes = 0
  return {
    add: (record) => {
      const line = Buffer.from(JSON.stringify(record))
      if (!builder.add(line, '')) return false
      bytes += line.length + 1
      return true
    },
    get bytes() {
      return bytes
    },
    bodies: () => builder.bodies(),
  }
}
