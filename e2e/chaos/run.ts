import { setTimeout as sleep } from 'node:timers/promises'
import { reasonOf } from '@warren/platform/errors'
import { eventually } from '../client.ts'
import type { shape as shapeOfTests } from '../shape.ts'
import { countDeadLetters } from './dead-letters.ts'
import { openEmbedded } from './embedded.ts'
import { openExternal } from './external.ts'
import type { Fault } from './fault.ts'
import { faults, shortFaults } from './faults.ts'
import { type Load, startLoad } from './load.ts'
import { randomPairs } from './pairs.ts'
import type { Row } from './report.ts'
import type { World } from './world.ts'

export type Shape = typeof shapeOfTests

export interface ChaosOptions {
  readonly shape: Shape
  readonly short: boolean
  /** Decides the pairs. */
  readonly seed: number
  readonly pairs: number
  /** Only faults whose name contains this. */
  readonly only?: string | undefined
  readonly say: (line: string) => void
}

const loadMs = 60_000
/** Items flow for this long before a fault. */
const leadMs = 1000

/** Where `up` is all there is, its broker ends with it, and a poller that is away stores nothing. */
const allowedIn =
  (shape: Shape) =>
  (first: Fault, second: Fault): boolean => {
    const targets = [first.target, second.target]
    return shape === 'external' || !(targets.includes('poller') && targets.includes('broker'))
  }

function planOf({ shape, short, seed, pairs, only }: ChaosOptions, world: World): readonly Fault[] {
  const possible = (short ? shortFaults : faults).filter((fault) => fault.possible?.(world) ?? true)
  const drawn = randomPairs(possible.slice(1), { seed, count: pairs, allowed: allowedIn(shape) })
  return [...possible, ...drawn].filter(({ name }) => only === undefined || name.includes(only))
}

interface Trial {
  readonly fault: Fault
  readonly load: Load
  row: Row
}

interface Counts {
  readonly metrics: number
  readonly logs: number
}

async function storedBy(world: World): Promise<Counts> {
  return { metrics: await world.stored('metrics'), logs: await world.stored('logs') }
}

/** The counters are read until they stand where they should, or a while has passed. */
async function compareCounters(world: World, before: Counts, sent: Counts): Promise<string> {
  const wordsOf = async () => {
    const now = await storedBy(world)
    const streams = ['metrics', 'logs'] as const
    const differing = streams.filter((stream) => now[stream] - before[stream] !== sent[stream])
    return differing.map(
      (stream) => `${stream}: ${now[stream] - before[stream]} for ${sent[stream]}`,
    )
  }
  await eventually(async () => ((await wordsOf()).length === 0 ? true : undefined), 10_000).catch(
    () => undefined,
  )
  const words = await wordsOf()
  return words.length === 0 ? 'equal' : words.join(', ')
}

async function countLoad(world: World, load: Load): Promise<{ lost: number; duplicated: number }> {
  const [stored, parked] = [
    await load.count(world.client),
    await countDeadLetters(world.client, load),
  ]
  return { lost: stored.lost + parked.lost, duplicated: stored.doubled + parked.doubled }
}

async function tryFault(world: World, fault: Fault, load: Load): Promise<Trial> {
  const before = await storedBy(world)
  await sleep(leadMs)
  await fault.run(world, load)
  const since = performance.now()
  await load.end()
  const recoveredMs = await load.stored(world.client).then(
    () => performance.now() - since,
    () => undefined,
  )
  await eventually(async () => {
    const { lost } = await countDeadLetters(world.client, load)
    return lost === 0 ? true : undefined
  }, 30_000).catch(() => undefined)
  const counters = fault.countsExactly ? await compareCounters(world, before, load.sent) : '-'
  const { lost, duplicated } = await countLoad(world, load)
  const row: Row = { fault: fault.name, items: load.items, lost, duplicated, recoveredMs, counters }
  return { fault, load, row }
}

/** Tries the faults one after the other, and counts everything once more at the end: a second copy may come late. */
async function tryAll(world: World, options: ChaosOptions): Promise<readonly Row[]> {
  const trials: Trial[] = []
  const plan = planOf(options, world)
  const firstMs = Date.now() - 3 * 3_600_000
  for (const [at, fault] of plan.entries()) {
    options.say(`${at + 1}/${plan.length} ${fault.name} …`)
    const load = startLoad({
      name: `chaos_${at}`,
      senderUrl: world.senderUrl,
      startMs: firstMs + at * loadMs,
    })
    const trial = await tryFault(world, fault, load)
    trials.push(trial)
    const { lost, duplicated, recoveredMs, counters } = trial.row
    options.say(
      `    lost ${lost}, duplicated ${duplicated}, recovered after ${Math.round(recoveredMs ?? -1)} ms, counters ${counters}`,
    )
  }
  options.say('everything is counted once more …')
  const rows: Row[] = []
  for (const { load, row } of trials) rows.push({ ...row, ...(await countLoad(world, load)) })
  return rows
}

/** Breaks a platform of its own in every way there is while numbered items flow, and says what became of them. */
export async function runChaos(options: ChaosOptions): Promise<readonly Row[]> {
  options.say(`the ${options.shape} shape starts; seed ${options.seed}`)
  const world = await (options.shape === 'embedded' ? openEmbedded() : openExternal())
  try {
    return await tryAll(world, options)
  } catch (error) {
    options.say(`gave up: ${reasonOf(error)}`)
    throw error
  } finally {
    await world.close()
  }
}
