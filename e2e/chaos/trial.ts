import { setTimeout as sleep } from 'node:timers/promises'
import { reasonOf } from '@warren/platform/errors'
import { eventually } from '../client.ts'
import { type Counters, combine, counterNames } from './counters.ts'
import { countDeadLetters } from './dead-letters.ts'
import type { Fault } from './fault.ts'
import { type Load, startLoad } from './load.ts'
import type { Row } from './report.ts'
import type { World } from './world.ts'

/** A fault that was tried, and the items that flowed meanwhile. */
export interface Trial {
  readonly load: Load
  readonly row: Row
}

interface TrialOptions {
  readonly world: World
  readonly fault: Fault
  /** Tells this trial's items from all others'. */
  readonly number: number
  /** Where in time its items begin; a minute of their own. */
  readonly startMs: number
  /** Of the load (`LoadOptions`). */
  readonly slicesAtMost: number
}

/** Items flow for this long before a fault. */
const leadMs = 1000
const parkedWithinMs = 120_000
/** Of pollers that have nothing left to do, apart enough for a repeated message to have come between. */
const betweenCountsMs = 1000
const settledWithinMs = 120_000
const countedWithinMs = 10_000

/** Everything of the load read back: from the stores, and from the dead letters. */
export async function countLoad(
  { client }: World,
  load: Load,
): Promise<Pick<Row, 'lost' | 'duplicated'>> {
  const stored = await load.count(client)
  const parked = await countDeadLetters(client, load)
  return { lost: stored.lost + parked.lost, duplicated: stored.doubled + parked.doubled }
}

const agrees = (counted: number, sent: number, counts: Fault['counts']): boolean =>
  counts === 'equal' ? counted === sent : counted >= sent

interface Comparison {
  readonly world: World
  readonly counts: Fault['counts']
  readonly before: Counters
  readonly sent: Load['sent']
}

/** Asks the counters until they say what they should, or a while has passed; then how they differ. */
async function compareCounters({ world, counts, before, sent }: Comparison): Promise<string> {
  const differences = async () => {
    const counted = combine(await world.counters(), before, (now, then) => now - then)
    return counterNames
      .filter((name) => !agrees(counted[name], sent[name], counts))
      .map((name) => `${name}: ${counted[name]} for ${sent[name]}`)
  }
  await eventually(
    async () => ((await differences()).length === 0 ? true : undefined),
    countedWithinMs,
  ).catch(() => undefined)
  const differing = await differences()
  return differing.length === 0 ? counts : differing.join(', ')
}

/** Resolves with the counters once they stand still: what an earlier fault made the broker or the publisher repeat comes late, and belongs to no later trial. */
function settledCounters({ counters }: World): Promise<Counters> {
  return eventually(async () => {
    const first = await counters()
    await sleep(betweenCountsMs)
    const second = await counters()
    const isStill =
      second.inFlight === 0 && counterNames.every((name) => first[name] === second[name])
    return isStill ? second : undefined
  }, settledWithinMs)
}

async function untilParked({ client }: World, load: Load): Promise<void> {
  await eventually(async () => {
    const { lost } = await countDeadLetters(client, load)
    return lost === 0 ? true : undefined
  }, parkedWithinMs)
}

/** Resolves with how long it took, or undefined when it did not recover. */
async function recover(world: World, load: Load): Promise<number | undefined> {
  const since = performance.now()
  try {
    await load.end()
    await load.stored(world.client)
    await untilParked(world, load)
    return performance.now() - since
  } catch {
    return undefined
  }
}

/** Breaks the world once while items flow, and counts them. What goes wrong with the breaking itself is in the row, too. */
export async function tryFault(options: TrialOptions): Promise<Trial> {
  const { world, fault, number, startMs, slicesAtMost } = options
  const name = `chaos_${String(number).padStart(3, '0')}`
  const before = await settledCounters(world)
  const load = startLoad({ name, senderUrl: world.senderUrl, startMs, slicesAtMost })
  await sleep(leadMs)
  const trouble = await fault.run(world, load).then(() => undefined, reasonOf)
  const recoveredMs = await recover(world, load)
  const row = { fault: fault.name, items: load.items, recoveredMs, trouble }
  try {
    const { counts } = fault
    const counters =
      counts === 'nothing' ? '-' : await compareCounters({ world, counts, before, sent: load.sent })
    return { load, row: { ...row, ...(await countLoad(world, load)), counters } }
  } catch (error) {
    // What cannot be read back is as good as lost.
    const unread = { lost: load.items, duplicated: 0, counters: '-' }
    return { load, row: { ...row, ...unread, trouble: trouble ?? reasonOf(error) } }
  }
}
