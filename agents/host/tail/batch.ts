import type { LogRecord } from '@warren/contracts/log-record'
import type { Position } from './checkpoints.ts'
import { positionOf, type TrackedFile } from './tracked-file.ts'

/** Records that become one message, and how far their files are read once it is confirmed. */
export interface Batch {
  /** False when it wants no more. */
  add(record: LogRecord): boolean
  readonly full: boolean
  readonly records: number
  /** NDJSON. */
  body(): string
  /** Remembers how far the file was read into this batch. */
  mark(file: TrackedFile): void
  /** Read from in a generation that the checkpoints on disk do not know yet. */
  readonly hasUnsaved: boolean
  /** The message was confirmed. */
  commit(): void
}

/** Before compression; far below what the poller takes, so that a line of the greatest length still fits. */
const maxCharacters = 512 * 1024
const maxRecords = 2_000

export function createBatch(): Batch {
  const lines: string[] = []
  const marks = new Map<TrackedFile, Position>()
  let characters = 0
  const isFull = () => characters >= maxCharacters || lines.length >= maxRecords
  return {
    add: (record) => {
      const line = JSON.stringify(record)
      lines.push(line)
      characters += line.length + 1
      return !isFull()
    },
    get full() {
      return isFull()
    },
    get records() {
      return lines.length
    },
    body: () => `${lines.join('\n')}\n`,
    mark: (file) => void marks.set(file, positionOf(file)),
    get hasUnsaved() {
      return [...marks.keys()].some((file) => file.savedGeneration !== file.generation)
    },
    commit: () => {
      for (const [file, position] of marks) file.confirmed = position
    },
  }
}
