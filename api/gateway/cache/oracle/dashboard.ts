import type { StatementResult } from '@warren/influxql/answers/result'
import { expect } from 'vitest'
import { encodeResults } from '../../influxdb/body/encode.ts'
import { alignFloats, type Beside, type Oracle } from './oracle.ts'

/** From the first moment to before the second, ms. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

interface Points extends Span {
  readonly everyMs?: number
  /** One that grows unless said otherwise. */
  readonly value?: number
  readonly fields?: readonly string[]
}

const minuteMs = 60_000
let measurements = 0

const toText = async (results: readonly StatementResult[]) =>
  (await encodeResults(results, { maxBytes: 1e8 })).plain.join().toString()

/** One measurement of its own, and who looks at it. Every answer must be the store's. */
export function createDashboard({ clock, upstream, write, ask }: Oracle) {
  measurements += 1
  const measurement = `m${measurements}`
  const startMs = Math.ceil(clock.nowMs / minuteMs) * minuteMs
  clock.nowMs = startMs
  return {
    ...{ measurement, startMs, upstream },
    pass: (ms: number) => {
      clock.nowMs += ms
    },
    /** The range that ends now. */
    live: (lengthMs = 10 * minuteMs): Span => ({
      fromMs: clock.nowMs - lengthMs,
      toMs: clock.nowMs,
    }),
    put: (tags: string, { fromMs, toMs, everyMs = 10_000, value, fields = ['v'] }: Points) => {
      const lines: string[] = []
      for (let ms = fromMs; ms < toMs; ms += everyMs) {
        const values = fields.map((field) => `${field}=${value ?? (ms - startMs) / 1000 + 0.5}`)
        lines.push(`${measurement},${tags},tenant=default ${values} ${ms}000000`)
      }
      return write(lines)
    },
    /** `$m` is the measurement, `$t` the range, `$s` the range without its first moment. */
    async ask(text: string, { fromMs, toMs }: Span, beside?: Beside) {
      const whole = text
        .replaceAll('$m', measurement)
        .replaceAll('$t', `time >= ${fromMs}ms AND time < ${toMs}ms`)
        .replaceAll('$s', `time > ${fromMs}ms AND time < ${toMs}ms`)
      const { answer, expected, cache } = await ask(whole, beside)
      expect(await toText(alignFloats(answer, expected)), whole).toBe(await toText(expected))
      return { answer, cache, rows: answer[0]?.series?.[0]?.values ?? [] }
    },
  }
}
