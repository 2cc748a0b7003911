import fc from 'fast-check'
import { ago, endMs, oldEndMs, oldStartMs, startMs } from './times.ts'

const one = fc.constantFrom
const minute = 60_000

/** Few, so that one is asked again over another range before what is kept of it is gone. */
const keptCalls = one('mean(usage)', 'max(usage), min(idle)', 'count(usage)', 'sum(idle) / 2')
const groups = one('', '', '', ', host', ', host', ', host', ', host, region')
const conditions = one('', '', '', '', "host = 'a' AND ", "host = 'a' AND ", 'region =~ /e|u/ AND ')
const fills = one('', '', '', ' fill(null)', ' fill(none)', ' fill(0)', ' fill(previous)')

const yesterday = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 20, max: 60 }), fc.nat(2))
  .map(([from, length, part]) => {
    // Mostly off the buckets' bounds, and on them.
    const low = startMs + from * minute + part * 1234
    return `time >= ${low}ms and time <= ${Math.min(low + length * minute, endMs)}ms`
  })

/** As Grafana asks, as people write, and with an end near now by the clock of another. */
export const liveRange = fc.oneof(
  fc.tuple(one(15, 30, 60), one(0, 0, 3000, 9000)).map(([length, late]) => {
    return `time >= ${ago(length * minute + late)}ms and time <= ${ago(late)}ms`
  }),
  one(15, 30, 60).map((length) => `time > now() - ${length}m`),
  one(15, 30).map((length) => `time >= now() - ${length}m and time < now()`),
)

/** One stretch is kept of each, so that what is live has an interval of its own. */
const stretch = fc.oneof(
  yesterday.map((range) => [range, '5m'] as const),
  liveRange.map((range) => [range, '1m'] as const),
)
const kept = fc
  .tuple(keptCalls, conditions, stretch, groups, fills)
  .map(
    ([calls, condition, [range, every], by, fill]) =>
      `SELECT ${calls} FROM "cpu" WHERE ${condition}${range} GROUP BY time(${every})${by}${fill}`,
  )

/** Some that rollups refuse. */
const rolledCalls = one(
  ...['mean(usage)', 'max(usage), min(idle)', 'count(usage)', 'sum(idle) / 2', 'last(idle)'],
  ...['mean(usage), last(state)', 'max(up)', 'median(usage)', 'last(host)', 'mean(*)'],
)
/** What has left, and what is there of both; the coarse ones reach to yesterday. */
const rolledWindows = fc.oneof(
  fc
    .tuple(fc.nat(60), fc.integer({ min: 10, max: 90 }), one('5m', '10m', '20m', '1h'))
    .map(([from, length, every]) => {
      const low = oldStartMs + from * minute
      return [`time >= ${low}ms AND time < ${low + length * minute}ms`, every] as const
    }),
  one('1h', '6h', '1d').map((every) => {
    return [`time >= ${oldStartMs}ms AND time < ${endMs}ms`, every] as const
  }),
)
const rolled = fc
  .tuple(rolledCalls, conditions, rolledWindows, groups, one('', ' fill(none)', ' fill(previous)'))
  .map(
    ([calls, condition, [range, every], by, fill]) =>
      `SELECT ${calls} FROM cpu WHERE ${condition}${range} GROUP BY time(${every})${by}${fill}`,
  )

const old = `time >= ${oldStartMs}ms AND time < ${oldEndMs}ms`
const named = fc
  .tuple(
    one('mean(usage_max)', 'sum(usage_count)', '*', '/^u/', 'last(state_last)', 'host'),
    one('"5m"."cpu"', '"1h"."cpu"', '"5m"./.*/', '"warren"."1h".mem'),
    one('', ' GROUP BY time(1h), host', ' GROUP BY host', ' LIMIT 3'),
  )
  .map(([calls, from, by]) => `SELECT ${calls} FROM ${from} WHERE ${old}${by}`)

/** What panels ask with each refresh: of yesterday and live, which is put together of buckets that were kept, and of what rollups alone have. */
export const panelStatement = fc.oneof(
  { weight: 14, arbitrary: kept },
  { weight: 5, arbitrary: rolled },
  { weight: 1, arbitrary: named },
)
