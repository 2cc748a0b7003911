import type { LogRecord } from '@warren/contracts/log-record'
import { createMessageBuilder } from '../message-builder.ts'

/** Records gathered to bodies of bounded size, one JSON object a line. */
export interface RecordMessages {
  /** False when it can never fit. */
  add(record: LogRecord): boolean
  bodies(): readonly Uint8Array[]
}

export function createRecordMessages(messageBytes: number): RecordMessages {
  const builder = createMessageBuilder(messageBytes)
  return {
    add: (record) => builder.add(Buffer.from(JSON.stringify(record)), ''),
    bodies: () => builder.bodies(),
  }
}
