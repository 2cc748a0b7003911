import { setImmediate as turn } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import type { StatementResult, Value } from '@warren/influxql/answers/result'
import type { RollupName } from '@warren/influxql/rollup-policy'
import { parseExactly } from '@warren/stores/influx/parse-exactly'
import type { MetricStore } from '@warren/stores/metrics/metric-store'
import { apiSettingsSchema } from '../../../settings.ts'
import type { Asker } from '../../asker.ts'
import type { MetricAnswer, ScopedQuery } from '../../influxdb/answer-query.ts'
import { encodeResults } from '../../influxdb/body/encode.ts'
import { fromStore } from '../../influxdb/from-store.ts'
import { readParameters } from '../../influxdb/read/parameters.ts'
import { readQuery } from '../../influxdb/read/read-query.ts'
import { Stencils } from '../../influxdb/read/stencils.ts'
import { newTrail } from '../../trail.ts'
import { mergedQuery } from '../buckets/merged-query.ts'
import { KeptAnswers } from '../kept-answers.ts'
import type { LateData, Lateness } from '../late/late-data.ts'
import { toQuestion } from '../snap/question.ts'
import { cachedQuery } from '../whole/cached-query.ts'

const tenant = 'default'
const limits = { maxBytes: 1e8, maxBytesPerTenant: 1e8 }
/** As an api has them that nobody told otherwise. */
export const { settleMs, maxAgeMs } = apiSettingsSchema.parse({}).queries.cache

/** Numbers that repeat for the same seed: mulberry32. */
export function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A word from the writer by hand. */
export function createLateData() {
  let late: (lateness: Lateness) => void = () => undefined
  let lost: () => void = () => undefined
  let heard = true
  const lateData: LateData = {
    isHeard: () => heard,
    listen: (listener) => {
      late = listener.late
      lost = listener.lost
    },
  }
  return {
    lateData,
    announce: (lateness: Omit<Lateness, 'tenant'>) => late({ tenant, ...lateness }),
    setHeard: (now: boolean) => {
      heard = now
      if (!now) lost()
    },
  }
}

const rights = { tenant, deployments: undefined }

const newAsker = (): Asker => ({
  ...{
    ...rights,
    credential: 'x',
    isAlert: false,
    wantsFresh: false,
    requestId: 'r',
  },
  trail: newTrail(),
  signal: new AbortController().signal,
})

type OnUpstream = (query: ScopedQuery) => void

/** As a client says them beside the text. */
export interface Beside {
  readonly epoch?: ScopedQuery['epoch']
  readonly policy?: RollupName
}

const inMs: Beside = { epoch: 'ms' }
const encoding = { maxBytes: 1e8 }

/** An answer's results, as a client reads them. */
export async function readBack({ body }: MetricAnswer): Promise<readonly StatementResult[]> {
  const plain = (await body.encoded(encoding)).join()
  const packed = (await body.gzipped(encoding)).join()
  if (!gunzipSync(packed).equals(plain)) throw new Error('another gzip')
  const { results } = parseExactly(plain.toString()) as { results: readonly StatementResult[] }
  return results
}

/** Reads texts as the gateway does: by its stencil from the second time on. */
function createReader(clock: { readonly nowMs: number }) {
  const stencils = new Stencils()
  return (text: string, { epoch, policy }: Beside): ScopedQuery => {
    const nowNs = BigInt(clock.nowMs) * 1_000_000n
    const address = new URLSearchParams({ db: 'warren', q: text })
    if (epoch !== undefined) address.set('epoch', epoch)
    if (policy !== undefined) address.set('rp', policy)
    const read =
      stencils.read(address.toString(), rights, nowNs) ??
      readQuery(readParameters(address.toString()), rights, nowNs)
    return read.query
  }
}

/** The gateway's cache over a real store, on a clock of its own, beside the store itself. */
export function createOracle(store: MetricStore, startMs: number) {
  const clock = { nowMs: startMs }
  const upstream = { requests: 0, statements: 0 }
  const { lateData, announce, setHeard } = createLateData()
  const direct = fromStore(store, (asker, { ask }) => ask(asker.signal))
  const onUpstream = new WeakMap<Asker['trail'], OnUpstream>()
  const now = () => clock.nowMs
  const cached = cachedQuery(
    mergedQuery(
      (query, who) => {
        upstream.requests += 1
        upstream.statements += query.statements.length
        onUpstream.get(who.trail)?.(query)
        return direct(query, who)
      },
      { ...limits, now, lateData, settleMs, maxAgeMs },
    ),
    { kept: new KeptAnswers(limits), now },
  )
  const toQuery = createReader(clock)
  const ofCache = (text: string, beside: Beside = inMs, told?: OnUpstream) => {
    const asker = newAsker()
    if (told !== undefined) onUpstream.set(asker.trail, told)
    return cached(toQuery(text, beside), asker)
  }
  const snapped = (text: string, beside: Beside = inMs): ScopedQuery =>
    toQuestion(toQuery(text, beside), newAsker(), clock.nowMs).query
  // With rows that the store's side has made.
  const ofStore = ({ statements, epoch, nowNs }: ScopedQuery) =>
    direct({ statements, epoch, nowNs }, newAsker())
  return {
    ...{ clock, upstream, announce, setHeard },
    async write(lines: readonly string[]): Promise<void> {
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
      const starts = new Uint32Array(lines.length + 1)
      for (const [index, line] of lines.entries())
        starts[index + 1] = (starts[index] ?? 0) + Buffer.byteLength(line) + 1
      const { refused } = await store.write({ tenant, bytes, starts })
      if (refused.length > 0) throw new Error(`refused: ${refused[0]?.reason}`)
    },
    /** The question as the cache moves it now. */
    snapped,
    /** The cache's answer; tells of each question that it asks the store. */
    cached: ofCache,
    /** The store's. */
    direct: ofStore,
    /** The cache's answer, and the store's to the question as the cache moved it. */
    async ask(text: string, beside: Beside = inMs) {
      const answer = await ofCache(text, beside)
      await turn()
      const expected = await (await ofStore(snapped(text, beside))).read(undefined)
      return { answer: await readBack(answer), expected, cache: answer.cache?.state }
    },
  }
}

export type Oracle = ReturnType<typeof createOracle>

/** As InfluxDB calls the columns of what is added up over series, whose last digits depend on the range that it is asked for. */
const summedColumn = /^(mean|sum|stddev|integral)(_[a-z0-9]+)?$/
/** And those of what was made of such a column, where small differences of large numbers are shown. */
const madeOfSums = /^(derivative|cumulative_sum|moving_average|mean_mean)/

/** What floats of a column may differ by, relative to them or, of differences, to 1. */
function isNear(column: string, a: Value | undefined, b: Value | undefined): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return false
  const isSum = summedColumn.test(column)
  if (!isSum && !madeOfSums.test(column)) return false
  return Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b), isSum ? 0 : 1)
}

/** Where floats of the first that are added up differ from the second's in their last digits only, the second's. */
export function alignFloats(
  results: readonly StatementResult[],
  expected: readonly StatementResult[],
): readonly StatementResult[] {
  return results.map(({ series, ...result }, at) => ({
    ...result,
    ...(series && {
      series: series.map((one, place) => ({
        ...one,
        values: one.values.map((row, line) =>
          row.map((value, column) => {
            const other = expected[at]?.series?.[place]?.values[line]?.[column]
            return isNear(one.columns[column] ?? '', value, other) ? (other ?? null) : value
          }),
        ),
      })),
    }),
  }))
}

const toBytes = async (results: readonly StatementResult[]) =>
  (await encodeResults(results, encoding)).plain.join()

/** Byte for byte, but for the last digits of floats that are added up. */
export async function isEqual(
  results: readonly StatementResult[],
  expected: readonly StatementResult[],
): Promise<boolean> {
  return (await toBytes(alignFloats(results, expected))).equals(await toBytes(expected))
}
