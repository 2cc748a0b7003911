import type { RefusedItem } from '@warren/stores/write-outcome'
import { type Chunk, countOf } from './chunk.ts'

export interface BatchLimits {
  readonly maxItems: number
  readonly maxBytes: number
  /** How long a message waits for others. */
  readonly maxWaitMs: number
}

export interface BatcherOptions<C extends Chunk> {
  /** Asked again for each batch. */
  readonly limits: () => BatchLimits
  /** Writes of one tenant at once; all but the first carry full batches. */
  readonly maxWrites: () => number
  /** Asks `take` for the chunks once it can write them: until then the batch grows.
   *  Resolves with the items that will never be stored, by their position over all chunks. */
  readonly write: (tenant: string, take: () => readonly C[]) => Promise<Written>
}

/** What became of items. */
export interface Written {
  /** Those that will never be stored. */
  readonly refused: readonly RefusedItem[]
  /** The store reads no byte of them any more. */
  readonly isReleased: boolean
}

/** Collects the messages of each tenant to batches: small ones go one at a time, so that what gathers meanwhile makes the next one larger. */
export interface Batcher<C extends Chunk> {
  /** Resolves when every item has its outcome, with those refused, by position in the chunk; rejects when the write does. An `alone` chunk shares its batch with no other. */
  add(tenant: string, chunk: C, alone: boolean): Promise<Written>
}

interface Entry<C> {
  readonly chunk: C
  readonly alone: boolean
  readonly resolve: (written: Written) => void
  readonly reject: (error: unknown) => void
}

interface Lane<C> {
  entries: Entry<C>[]
  items: number
  bytes: number
  timer: NodeJS.Timeout | undefined
  writing: number
  /** Whether a write has not taken its batch yet. */
  waiting: boolean
}

const createLane = <C>(): Lane<C> => ({
  entries: [],
  items: 0,
  bytes: 0,
  timer: undefined,
  writing: 0,
  waiting: false,
})

/** Takes the entries of the next batch: as many as the limits allow, at least one. */
function takeBatch<C extends Chunk>(lane: Lane<C>, limits: BatchLimits): Entry<C>[] {
  const taken: Entry<C>[] = []
  let items = 0
  let bytes = 0
  for (const entry of lane.entries) {
    const nextItems = items + countOf(entry.chunk)
    const nextBytes = bytes + entry.chunk.bytes.length
    const full = nextItems > limits.maxItems || nextBytes > limits.maxBytes || entry.alone
    if (full && taken.length > 0) break
    taken.push(entry)
    items = nextItems
    bytes = nextBytes
    if (entry.alone) break
  }
  lane.entries = lane.entries.slice(taken.length)
  lane.items -= items
  lane.bytes -= bytes
  return taken
}

/** Gives each entry its own part of what was refused. */
function settle<C extends Chunk>(
  entries: readonly Entry<C>[],
  { refused, isReleased }: Written,
): void {
  let first = 0
  for (const { chunk, resolve } of entries) {
    const after = first + countOf(chunk)
    const own = refused.filter(({ index }) => index >= first && index < after)
    const offset = first
    resolve({ refused: own.map((item) => ({ ...item, index: item.index - offset })), isReleased })
    first = after
  }
}

export function createBatcher<C extends Chunk>({
  limits,
  maxWrites,
  write,
}: BatcherOptions<C>): Batcher<C> {
  const lanes = new Map<string, Lane<C>>()

  const isFull = ({ items, bytes }: Lane<C>) => {
    const { maxItems, maxBytes } = limits()
    return items >= maxItems || bytes >= maxBytes
  }

  const writeNext = async (tenant: string, lane: Lane<C>) => {
    let entries: Entry<C>[] | undefined
    const takeOnce = () => {
      if (entries !== undefined) return entries
      lane.waiting = false
      entries = takeBatch(lane, limits())
      // What is left may be another full batch.
      flush(tenant, lane)
      return entries
    }
    const take = () => takeOnce().map(({ chunk }) => chunk)
    lane.writing += 1
    lane.waiting = true
    try {
      const written = await write(tenant, take)
      settle(takeOnce(), written)
    } catch (error) {
      for (const { reject } of takeOnce()) reject(error)
    }
    lane.writing -= 1
    flush(tenant, lane)
  }

  const flush = (tenant: string, lane: Lane<C>) => {
    clearTimeout(lane.timer)
    lane.timer = undefined
    const mayStart = () => lane.writing === 0 || (isFull(lane) && lane.writing < maxWrites())
    while (lane.entries.length > 0 && !lane.waiting && mayStart()) void writeNext(tenant, lane)
    if (lane.entries.length === 0 && lane.writing === 0) lanes.delete(tenant)
  }

  return {
    add: (tenant, chunk, alone) =>
      new Promise((resolve, reject) => {
        const lane = lanes.get(tenant) ?? createLane<C>()
        lanes.set(tenant, lane)
        lane.entries.push({ chunk, alone, resolve, reject })
        lane.items += countOf(chunk)
        lane.bytes += chunk.bytes.length
        // What gathers during a write follows it at once.
        if (alone || lane.writing > 0 || isFull(lane)) flush(tenant, lane)
        else lane.timer ??= setTimeout(() => flush(tenant, lane), limits().maxWaitMs)
      }),
  }
}
