import type { shape as shapeOfTests } from '../shape.ts'
import { openEmbedded } from './embedded.ts'
import { openExternal } from './external.ts'
import type { Fault } from './fault.ts'
import { faults } from './faults.ts'
import { maxSlices } from './load.ts'
import { randomPairs } from './pairs.ts'
import { holds, type Row, toLine } from './report.ts'
import { countLoad, type Trial, tryFault } from './trial.ts'
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
  /** Ends the tour before its time; everything is closed all the same. */
  readonly signal: AbortSignal
}

const loadMs = 60_000
/** Of the short form: a long outage leaves a backlog that says nothing new. */
const shortSlices = 40

/** Where `up` is all there is, its broker and its catalog end with it. */
const allowedIn =
  (shape: Shape) =>
  (first: Fault, second: Fault): boolean => {
    const targets = [first.target, second.target]
    const below = targets.includes('broker') || targets.includes('catalog')
    const wholes = targets.filter((target) => target === 'poller' || target === 'api')
    return shape === 'external' || wholes.length === 0 || (wholes.length === 1 && !below)
  }

function planOf(options: ChaosOptions, world: World): readonly Fault[] {
  const { shape, short, seed, pairs, only } = options
  const possible = faults
    .filter((fault) => fault.short || !short)
    .filter((fault) => fault.possible?.(world) ?? true)
  const drawn = randomPairs(possible.slice(1), { seed, count: pairs, allowed: allowedIn(shape) })
  return [...possible, ...drawn].filter(({ name }) => only === undefined || name.includes(only))
}

/** Tries the faults one after the other, and counts everything once more at the end: a second copy may come late. Stops at the first that the platform does not get over. */
async function tryAll(world: World, options: ChaosOptions): Promise<readonly Row[]> {
  const { say, signal } = options
  const slicesAtMost = options.short ? shortSlices : maxSlices
  const trials: Trial[] = []
  const plan = planOf(options, world)
  if (plan.length === 0) throw new Error(`no fault is named "${options.only}" here`)
  if (world.disks.length === 0) say('left out: a full disk, since nothing may be mounted here')
  const firstMs = Date.now() - 3 * 3_600_000
  for (const [number, fault] of plan.entries()) {
    signal.throwIfAborted()
    say(`${number + 1}/${plan.length} ${fault.name} …`)
    const startMs = firstMs + number * loadMs
    const trial = await tryFault({ world, fault, number, startMs, slicesAtMost })
    trials.push(trial)
    say(`    ${toLine(trial.row)}`)
    const { recoveredMs, trouble } = trial.row
    if (recoveredMs === undefined || trouble !== undefined) break
  }
  if (!holds(trials.map(({ row }) => row))) return trials.map(({ row }) => row)
  say('everything is counted once more …')
  const rows: Row[] = []
  for (const { load, row } of trials) rows.push({ ...row, ...(await countLoad(world, load)) })
  return rows
}

/** Breaks a platform of its own in every way there is while numbered items flow, and says what became of them. */
export async function runChaos(options: ChaosOptions): Promise<readonly Row[]> {
  const { shape, seed, say, signal } = options
  say(`the ${shape} shape starts; seed ${seed}`)
  const world = await (shape === 'embedded' ? openEmbedded() : openExternal())
  const aborted = Promise.withResolvers<never>()
  signal.addEventListener('abort', () => aborted.reject(signal.reason), { once: true })
  try {
    return await Promise.race([tryAll(world, options), aborted.promise])
  } finally {
    await world.close()
  }
}
