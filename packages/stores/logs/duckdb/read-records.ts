import { TimeReader } from './time-text.ts'

/** A line of a batch, parsed: keys of contracts/log-record. */
export type ParsedRecord = Readonly<Record<string, unknown>> & { readonly message: string }

export interface ReadRecord {
  /** Position in the batch. */
  readonly index: number
  readonly timeNs: bigint
  readonly record: ParsedRecord
}

export interface RefusedRecord {
  readonly index: number
  readonly code: 'malformed' | 'bad_timestamp'
  readonly reason: string
}

export interface ReadLines {
  readonly records: readonly ReadRecord[]
  readonly refused: readonly RefusedRecord[]
}

/** Reads the lines of a batch. */
export function readRecords(bytes: Uint8Array, starts: Uint32Array): ReadLines {
  const times = new TimeReader()
  const records: ReadRecord[] = []
  const refused: RefusedRecord[] = []
  parseLines(bytes, starts).forEach((record, index) => {
    if (!isRecord(record)) {
      refused.push({ index, code: 'malformed', reason: 'not a log record' })
      return
    }
    const timeNs = times.read(String(record['@timestamp']))
    if (timeNs === undefined) {
      const reason = `@timestamp ${JSON.stringify(record['@timestamp'])} is no time between 1970 and 2262`
      refused.push({ index, code: 'bad_timestamp', reason })
    } else records.push({ index, timeNs, record })
  })
  return { records, refused }
}

function isRecord(value: unknown): value is ParsedRecord {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { message?: unknown }).message === 'string'
  )
}

function parseLines(bytes: Uint8Array, starts: Uint32Array): readonly unknown[] {
  const decoder = new TextDecoder()
  const lines = starts.length - 1
  const commas = bytes.slice()
  for (let i = 1; i < lines; i++) commas[(starts[i] ?? 0) - 1] = 0x2c
  try {
    const all: unknown = JSON.parse(`[${decoder.decode(commas)}]`)
    if (Array.isArray(all) && all.length === lines) return all
  } catch {
    // A bad line among them: each for itself.
  }
  return Array.from({ length: lines }, (_, i) =>
    parseLine(decoder.decode(bytes.subarray(starts[i], starts[i + 1]))),
  )
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
