import { randomBytes } from 'node:crypto'
import type {
  Insight,
  InsightGroup,
  InsightOrder,
  Insights,
  InsightWindow,
  KeptQuery,
} from '@warren/contracts/http/query-insights'
import type { Log } from '@warren/platform/log'
import { Counter, type Registry } from 'prom-client'
import { Figures } from './figures.ts'
import { createKeepQuery } from './kept-query.ts'
import { noName, readName } from './named-figures.ts'
import { RecentQueries } from './recent-queries.ts'
import type { QueryRecord } from './record.ts'
import { bySlowness, type TenantFigures } from './tenant-figures.ts'
import { TimeSlots } from './time-slots.ts'

export interface InsightsWish {
  readonly window: InsightWindow
  readonly by: InsightGroup
  readonly order: InsightOrder
  /** Of the items. */
  readonly limit: number
  /** Absent: of all. */
  readonly tenant: string | undefined
}

/** What this api remembers of the queries that it answered. */
export interface QueryInsights {
  note(record: QueryRecord): void
  tell(wish: InsightsWish): Omit<Insights, 'stores'>
  /** Those that a request has asked, of one tenant or, without one, of all; fifty at most. */
  find(requestId: string, tenant: string | undefined): readonly KeptQuery[]
  readonly instance: string
}

const minuteMs = 60_000
const quarterMs = 15 * minuteMs
const maxBytes = 16 * 1024 * 1024
const windowsMs = { '5m': 5 * minuteMs, '1h': 60 * minuteMs, '24h': 24 * 60 * minuteMs }
const mostQueries = 50

type Entry = [tenant: string, figures: TenantFigures]

interface Row {
  readonly tenant: string
  readonly key: string
  readonly figures: Figures
}

function* rowsOf([tenant, { total, by }]: Entry, group: InsightGroup): Generator<Row> {
  if (group === 'tenant') yield { tenant, key: noName, figures: total }
  else for (const [key, figures] of by[group].rows) yield { tenant, key, figures }
}

const weightOf: Readonly<Record<InsightOrder, (figures: Figures) => number>> = {
  cost: ({ cost }) => cost,
  time: ({ tookMs }) => tookMs,
  refused: ({ states }) => states.refused + states.error,
}

/** The rows of all slots as one a name, the heaviest first. */
function gather(entries: readonly Entry[], { by, order, limit }: InsightsWish): Insight[] {
  const rows = new Map<string, Row>()
  for (const entry of entries)
    for (const { tenant, key, figures } of rowsOf(entry, by)) {
      const id = `${tenant}\n${key}`
      const row = rows.get(id) ?? { tenant, key, figures: new Figures() }
      row.figures.add(figures)
      rows.set(id, row)
    }
  const weight = weightOf[order]
  return [...rows.values()]
    .sort((one, other) => weight(other.figures) - weight(one.figures))
    .slice(0, limit)
    .map(({ tenant, key, figures }) => ({
      tenant,
      ...readName(key),
      ...(by === 'tenant' ? { name: tenant } : {}),
      ...figures.toBody(),
    }))
}

function totalOf(entries: readonly Entry[]): Figures {
  const total = new Figures()
  for (const [, figures] of entries) total.add(figures.total)
  return total
}

const slowestOf = (entries: readonly Entry[]): readonly KeptQuery[] =>
  entries.flatMap(([, { slowest }]) => slowest).sort(bySlowness)

function countDropped(registry: Registry): Counter {
  return new Counter({
    name: 'warren_api_query_insights_dropped_total',
    help: 'Queries that the insights had no room for',
    registers: [registry],
  })
}

export function createQueryInsights(
  registry: Registry,
  log: Pick<Log, 'error'>,
  now = Date.now,
): QueryInsights {
  const instance = randomBytes(4).toString('hex')
  const since = new Date(now()).toISOString()
  const keepQuery = createKeepQuery(log)
  const minutes = new TimeSlots({ slotMs: minuteMs, count: 60, maxBytes, keepQuery })
  const quarters = new TimeSlots({ slotMs: quarterMs, count: 96, maxBytes, keepQuery })
  const failed = new RecentQueries()
  const asked = new RecentQueries()
  const dropped = countDropped(registry)
  const entriesOf = (window: InsightWindow, tenant: string | undefined): readonly Entry[] => [
    ...(window === '24h' ? quarters : minutes).within(windowsMs[window], now(), tenant),
  ]
  return {
    instance,
    note(record) {
      const nowMs = now()
      const areNoted = [minutes, quarters].map((slots) => slots.note(record, nowMs))
      if (areNoted.includes(false)) dropped.inc()
      // What the cache answers alone is counted, not printed: it is most of what is asked.
      if (record.state === 'hit') return
      const isFailed = record.state === 'refused' || record.state === 'error'
      const recent = isFailed ? failed : asked
      recent.keep(keepQuery(record, nowMs))
    },
    tell(wish) {
      const { window, tenant } = wish
      const entries = entriesOf(window, tenant)
      const from = new Date(now() - windowsMs[window]).toISOString()
      return {
        ...{ instance, since },
        total: totalOf(entries).toBody(),
        items: gather(entries, wish),
        slowest: slowestOf(entries).slice(0, mostQueries),
        failed: failed
          .of(tenant)
          .filter(({ at }) => at >= from)
          .slice(0, mostQueries),
      }
    },
    find(requestId, tenant) {
      const slow = (['1h', '24h'] as const).flatMap((window) =>
        slowestOf(entriesOf(window, tenant)),
      )
      const known = [...failed.of(tenant), ...asked.of(tenant), ...slow]
      const found = known.filter((query) => query.requestId === requestId)
      return distinct(found).slice(0, mostQueries)
    },
  }
}

/** One query may be kept as failed, and as slow in two kinds of slots. */
const distinct = (queries: readonly KeptQuery[]): readonly KeptQuery[] => [
  ...new Map(queries.map((query) => [JSON.stringify(query), query])).values(),
]
