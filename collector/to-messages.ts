import { createLineParts } from '@warren/lineprotocol/line-parts'
import { createLineCursor, nextLine, startLines } from '@warren/lineprotocol/lines'
import { parseInteger } from '@warren/lineprotocol/number'
import { scanLine } from '@warren/lineprotocol/scan'
import { hostOf } from './host-of.ts'
import { createMessageBuilder } from './message-builder.ts'

export interface Messages {
  /** Line protocol with nanosecond timestamps, ready to publish. */
  readonly bodies: readonly Uint8Array[]
  readonly lines: number
  /** Tag `host` of the first good line. */
  readonly host: string | undefined
  /** `unable to parse '…': …`, as InfluxDB words it; one a line that was left out, the first ones only. */
  readonly problems: readonly string[]
  readonly refused: number
}

interface Options {
  /** Nanoseconds in one unit of the request's timestamps. */
  readonly unitNs: bigint
  /** The time of lines that carry none. */
  readonly arrivedMs: number
  readonly messageBytes: number
}

/** InfluxDB's bounds of a time, nanoseconds. */
const minTime = -(2n ** 63n) + 2n
const maxTime = 2n ** 63n - 2n

const maxProblems = 10
const shownBytes = 256

/** The arrival in the request's precision, as InfluxDB rounds it. */
const arrivalNs = ({ arrivedMs, unitNs }: Options): bigint => {
  const now = BigInt(arrivedMs) * 1_000_000n
  return now - (now % unitNs)
}

/** Normalises a body of InfluxDB's `/write`: keeps good lines as they are but for their time, names the bad ones. */
export function toMessages(body: Buffer, options: Options): Messages {
  const { unitNs } = options
  const builder = createMessageBuilder(options.messageBytes)
  const line = createLineCursor()
  const parts = createLineParts()
  const arrival = ` ${arrivalNs(options)}`
  const problems: string[] = []
  let lines = 0
  let refused = 0
  let host: string | undefined

  const addLine = (): string | undefined => {
    const error = scanLine(line, parts)
    if (error !== undefined) return error
    if (parts.timeStart >= 0 && unitNs === 1n)
      return append(body.subarray(parts.measurementStart, parts.timeEnd), '')
    const point = body.subarray(parts.measurementStart, parts.fieldsEnd)
    if (parts.timeStart < 0) return append(point, arrival)
    const time = parseInteger(body, parts.timeStart, parts.timeEnd) * unitNs
    return time < minTime || time > maxTime ? 'time outside range' : append(point, ` ${time}`)
  }
  const append = (bytes: Uint8Array, time: string): string | undefined =>
    builder.add(bytes, time) ? undefined : 'line is too long'

  startLines(line, body)
  while (nextLine(line)) {
    const error = addLine()
    if (error === undefined) {
      if (lines === 0) host = hostOf(body, parts)
      lines += 1
    } else {
      refused += 1
      if (problems.length < maxProblems)
        problems.push(toProblem(body.subarray(line.start, line.end), error))
    }
  }
  return { bodies: builder.bodies(), lines, host, problems, refused }
}

function toProblem(line: Buffer, error: string): string {
  const shown =
    line.length > shownBytes ? `${line.toString('utf8', 0, shownBytes)}…` : line.toString()
  return `unable to parse '${shown}': ${error}`
}
