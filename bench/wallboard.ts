import {
  createOracle,
  isEqual,
  type Oracle,
  readBack,
} from '@warren/api/gateway/cache/oracle/oracle'
import type { ScopedQuery } from '@warren/api/gateway/influxdb/answer-query'
import { timeRangeOf } from '@warren/influxql/time-range'
import type { Statement } from '@warren/influxql/tree'
import { openInflux1 } from '@warren/stores/metrics/influx1/testing'
import { startInfluxdb } from '@warren/test-servers/influxdb'
import type { Bench, Measured } from './bench.ts'
import { cpuSeconds, rssMb } from './process-cost.ts'
import { watchMemory } from './wall-memory.ts'
import {
  dashboardOf,
  everyMs,
  refreshMs,
  viewers,
  type WallPanel,
  wallHistory,
  wallPointsAt,
} from './wall-panels.ts'

const defaultRounds = 8

/** Of one way to ask: requests, and points that they read. */
class Load {
  requests = 0
  points = 0
  cpuS = 0

  add({ statements, nowNs }: ScopedQuery): void {
    this.requests += 1
    for (const statement of statements) this.points += pointsOf(statement, nowNs)
  }
}

/** Each question is of one host, which has a point every ten seconds; SHOW reads the index. */
function pointsOf(statement: Statement, nowNs: bigint): number {
  if (statement.kind !== 'select') return 0
  const [source] = statement.sources
  if (source?.kind === 'subquery') return pointsOf(source.select, nowNs)
  const { minNs, maxNs } = timeRangeOf(statement.condition, nowNs, undefined)
  return Number((maxNs - minNs) / 1_000_000n) / everyMs
}

interface Loads {
  readonly direct: Load
  readonly cached: Load
}

const newLoads = (): Loads => ({ direct: new Load(), cached: new Load() })
const fewer = (pick: (load: Load) => number, { direct, cached }: Loads): number =>
  100 * (1 - pick(cached) / pick(direct))

interface Wall {
  readonly oracle: Oracle
  /** One a viewer. */
  readonly dashboards: readonly (readonly WallPanel[])[]
  readonly storePid: number
}

interface Tally {
  readonly series: Loads
  readonly all: Loads
  wrong: number
  answers: number
}

const newTally = (): Tally => ({ series: newLoads(), all: newLoads(), wrong: 0, answers: 0 })

interface Asked {
  readonly panel: WallPanel
  readonly question: ScopedQuery
  readonly answer: Awaited<ReturnType<Oracle['cached']>>
}

/** One viewer's refresh through the cache. */
async function refresh(
  { oracle }: Wall,
  panels: readonly WallPanel[],
  { series, all }: Tally,
): Promise<readonly Asked[]> {
  return Promise.all(
    panels.map(async (panel) => {
      const text = panel.text(oracle.clock.nowMs)
      const question = oracle.snapped(text)
      const onUpstream = (query: ScopedQuery) => {
        all.cached.add(query)
        if (panel.isSeries) series.cached.add(query)
      }
      const answer = await oracle.cached(text, undefined, onUpstream)
      return { panel, question, answer }
    }),
  )
}

/** The same questions asked of the store, each of them, and compared. */
async function compare({ oracle }: Wall, asked: readonly Asked[], tally: Tally): Promise<void> {
  for (const { panel, question, answer } of asked) {
    tally.all.direct.add(question)
    if (panel.isSeries) tally.series.direct.add(question)
    const expected = await (await oracle.direct(question)).read(undefined)
    tally.answers += 1
    if (!(await isEqual(await readBack(answer), expected))) tally.wrong += 1
  }
}

/** All viewers refresh, one after the other within five seconds, and their answers are compared. */
async function round(wall: Wall, startMs: number, tally: Tally): Promise<void> {
  const { oracle, dashboards, storePid } = wall
  if (startMs % everyMs === 0) await oracle.write(wallPointsAt(startMs))
  for (const [viewer, panels] of dashboards.entries()) {
    oracle.clock.nowMs = startMs + Math.floor((viewer * refreshMs) / viewers) + 13
    const beforeS = cpuSeconds(storePid)
    const asked = await refresh(wall, panels, tally)
    const betweenS = cpuSeconds(storePid)
    await compare(wall, asked, tally)
    tally.all.cached.cpuS += betweenS - beforeS
    tally.all.direct.cpuS += cpuSeconds(storePid) - betweenS
  }
}

async function watch(dashboards: Wall['dashboards'], rounds: number) {
  const server = await startInfluxdb()
  const store = await openInflux1(server.url)
  try {
    const startMs = Math.floor(Date.now() / everyMs) * everyMs - 3_600_000
    const oracle = createOracle(store, startMs)
    for (const lines of wallHistory(startMs)) await oracle.write(lines)
    const wall = { oracle, dashboards, storePid: server.pid }
    const opening = newTally()
    await round(wall, startMs, opening)
    const tally = newTally()
    for (let at = 1; at <= rounds; at += 1) await round(wall, startMs + at * refreshMs, tally)
    return { opening, tally }
  } finally {
    await store.close()
    await server.close()
  }
}

const rounded = (value: number): number => Math.round(value * 100) / 100

function toDetails({ opening, tally }: Awaited<ReturnType<typeof watch>>) {
  return {
    seriesRequestsFewer: rounded(fewer(({ requests }) => requests, tally.series)),
    allRequestsFewer: rounded(fewer(({ requests }) => requests, tally.all)),
    seriesPointsFewer: rounded(fewer(({ points }) => points, tally.series)),
    allPointsFewer: rounded(fewer(({ points }) => points, tally.all)),
    storeCpuFewer: rounded(fewer(({ cpuS }) => cpuS, tally.all)),
    openingPointsFewer: rounded(fewer(({ points }) => points, opening.all)),
    answers: opening.answers + tally.answers,
    wrong: opening.wrong + tally.wrong,
    rssMb: rounded(rssMb(process.pid)),
  }
}

async function one(rounds: number): Promise<Measured> {
  const details = toDetails(
    await watch(
      Array.from({ length: viewers }, () => dashboardOf(0)),
      rounds,
    ),
  )
  const { seriesRequestsFewer, allRequestsFewer, allPointsFewer, wrong } = details
  return {
    value: allRequestsFewer,
    unit: '% fewer requests to the store than viewers make',
    mark: '>= 90, of charts >= 93, points read >= 95 % fewer, every answer the store’s own',
    holds:
      allRequestsFewer >= 90 && seriesRequestsFewer >= 93 && allPointsFewer >= 95 && wrong === 0,
    details,
  }
}

async function many(rounds: number): Promise<Measured> {
  const boards = Array.from({ length: viewers }, (_, viewer) => dashboardOf(viewer))
  const { rssMb: ofAll, ...details } = toDetails(await watch(boards, rounds))
  const { seriesPointsFewer, storeCpuFewer, wrong } = details
  const memory = await watchMemory(boards)
  return {
    value: seriesPointsFewer,
    unit: '% fewer points that charts read, each viewer with a dashboard of its own',
    mark: '>= 99, CPU of the store >= 60 % less, an api that answers them grows by <= 200 MB, every answer the store’s own',
    holds: seriesPointsFewer >= 99 && storeCpuFewer >= 60 && memory.grownMb <= 200 && wrong === 0,
    details: { ...details, ...memory, benchRssMb: ofAll },
  }
}

export const wallboard: Bench = {
  about: 'what 20 viewers of one dashboard ask of the store through the cache, on a clock by hand',
  run: ({ items = defaultRounds }) => one(items),
}

export const wallboards: Bench = {
  about: 'the same with a dashboard each',
  run: ({ items = defaultRounds }) => many(items),
}
