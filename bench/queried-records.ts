import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { toItemNames } from '@warren/stores/item-names'
import { duckdb } from '@warren/stores/logs/duckdb'
import type { LogStore } from '@warren/stores/logs/log-store'
import { joinIds } from '@warren/stores/record-ids'
import { toLineBatch } from './stored-points.ts'

const perBatch = 5000
const dayMs = 86_400_000

/** Of one record in a thousand. */
export const rareTerm = 'deadlock'
/** Of most records. */
export const commonTerm = 'timeout'

const words =
  'GET POST /api/orders /api/cart timeout refused 200 404 503 user session payment cache miss hit retry'.split(
    ' ',
  )

/** What the records cover, ms since the epoch: a day, up to five minutes ago. */
export function recordRange(nowMs: number): { fromMs: number; toMs: number } {
  const toMs = Math.floor(nowMs / 1000) * 1000 - 300_000
  return { fromMs: toMs - dayMs, toMs }
}

/** The same whenever it is made again; about 120 bytes. */
function messageOf(number: number): string {
  let state = Math.imul(number + 1, 2_654_435_761) >>> 0
  const next = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  const said = Array.from({ length: 14 }, () => words[next(words.length)])
  if (number % 1000 === 0) said[7] = rareTerm
  return `request ${number} ${said.join(' ')} took ${next(1000)} ms`
}

function lineOf(number: number, id: string, timeMs: number): string {
  return JSON.stringify({
    id,
    '@timestamp': new Date(timeMs).toISOString(),
    message: messageOf(number),
    'log.level': number % 50 === 0 ? 'error' : 'info',
    'service.name': `service-${number % 7}`,
    'host.name': `host-${number % 50}`,
    'log.file.path': '/var/log/bench.log',
    'log.offset': number * 140,
    'event.dataset': 'bench',
  })
}

/** Indexes the words of what is stored, as a poller has it done by and by. */
export async function indexWords(store: Pick<LogStore, 'indexWords'>): Promise<void> {
  for (;;) {
    const round = await store.indexWords?.(Date.now())
    if (round === undefined || round.failed.length > 0)
      throw new Error(round?.failed[0] ?? 'the store indexes no words')
    if (round.waiting === 0) return
    // Until the last writes are long enough ago.
    if (round.segments === 0) await new Promise((resolve) => setTimeout(resolve, 1000))
  }
}

/** Writes records of the tenant `default`, evenly over a day, through the store itself, and has their words indexed. */
export async function fillRecords(dataDir: string, count: number, fromMs: number): Promise<void> {
  const store = await duckdb.create(duckdb.settings.parse({}), {
    dataDir: join(dataDir, 'stores'),
  })
  try {
    for (let first = 0; first < count; first += perBatch) {
      const numbers = Array.from(
        { length: Math.min(perBatch, count - first) },
        (_, at) => first + at,
      )
      const ids = numbers.map((number) =>
        createHash('sha256').update(String(number)).digest('hex').slice(0, 32),
      )
      const lines = numbers.map((number, at) =>
        lineOf(number, ids[at] ?? '', fromMs + Math.floor((number * dayMs) / count)),
      )
      const { refused } = await store.write({
        ...toLineBatch('default', lines),
        ids: joinIds(ids),
        datasets: toItemNames(numbers.map(() => 'bench')),
      })
      if (refused.length > 0) throw new Error(`refused: ${refused[0]?.reason}`)
    }
    await indexWords(store)
  } finally {
    await store.close()
  }
}
