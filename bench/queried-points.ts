import { join } from 'node:path'
import { duckdb } from '@warren/stores/metrics/duckdb'
import { toLineBatch } from './stored-points.ts'

export const hostCount = 1000
const everyMs = 10_000
/** Of each 200 points one comes this much later, and one a second time with what came later. */
const lateSteps = 180
const oneIn = 200
const stepsPerBatch = 10

/** What the points of `count` cover, ms since the epoch: one a host every 10 s, up to five minutes ago. */
export function rangeOf(count: number, nowMs: number): { fromMs: number; toMs: number } {
  const toMs = Math.floor(nowMs / everyMs) * everyMs - 300_000
  return { fromMs: toMs - Math.ceil(count / hostCount) * everyMs, toMs }
}

/** A share with three digits, as agents send, that is the same whenever it is made again. */
const usageOf = (host: number, step: number): number =>
  (Math.imul(host * 7919 + step * 104_729, 2_654_435_761) >>> 0) % 100_000

function lineOf(host: number, step: number, fromMs: number): string {
  const time = `${fromMs + step * everyMs}000000`
  return `load,deployment=bench,host=host-${host},region=eu-${host % 5},tenant=default usage=${usageOf(host, step) / 1000},count=${step * hostCount + host} ${time}`
}

/** A point of each host, at a time. */
export const pointsAt = (step: number, timeMs: number): string =>
  Array.from(
    { length: hostCount },
    (_, host) => `${lineOf(host, step, timeMs - step * everyMs)}\n`,
  ).join('')

const isPicked = (host: number, step: number, remainder: number): boolean =>
  (host * 31 + step * 17) % oneIn === remainder

/** The lines of one step of 10 s: those that are not late, those that were, and some of then once more. */
function* linesOf(step: number, fromMs: number): Generator<string> {
  for (let host = 0; host < hostCount; host++) {
    if (!isPicked(host, step, 0)) yield lineOf(host, step, fromMs)
    const then = step - lateSteps
    if (then >= 0 && (isPicked(host, then, 0) || isPicked(host, then, 1)))
      yield lineOf(host, then, fromMs)
  }
}

/** Writes the points through the store itself, and makes their rollups. */
export async function fillPoints(dataDir: string, count: number, fromMs: number): Promise<void> {
  const store = await duckdb.create(duckdb.settings.parse({}), {
    dataDir: join(dataDir, 'stores'),
  })
  try {
    const steps = Math.ceil(count / hostCount)
    for (let first = 0; first < steps; first += stepsPerBatch) {
      const lines: string[] = []
      const last = Math.min(steps, first + stepsPerBatch)
      for (let step = first; step < last; step++) lines.push(...linesOf(step, fromMs))
      const { refused } = await store.write(toLineBatch('default', lines))
      if (refused.length > 0) throw new Error(`refused: ${refused[0]?.reason}`)
    }
    while (((await store.rollUp?.(Date.now()))?.waiting ?? 0) > 0);
  } finally {
    await store.close()
  }
}
