import type { Consumer } from '@warren/broker/consumer'
import type { Broker } from '@warren/broker/open'
import type { Health } from '@warren/contracts/http/status'
import { maxShards, shardQueue } from '@warren/contracts/shards'
import { type QueueSpec, type Stream, storageQueue } from '@warren/contracts/topology'
import { reasonOf } from '@warren/platform/errors'
import { createHealthCell } from '@warren/platform/health-cell'
import { openSpread } from './spread.ts'

export interface KeepShardsOptions {
  readonly broker: Pick<Broker, 'queues' | 'exchanges'>
  readonly stream: Stream
  /** Storage queues that are wanted. */
  readonly shards: number
  /** Of each of them. */
  readonly maxBytes: number
  /** Starts to consume a queue; `declares` is false for one that is only used up. */
  readonly consume: (queue: QueueSpec, declares: boolean) => Consumer
}

/** The storage queues of one stream. */
export interface KeptShards {
  /** `shards of <stream>`, and each queue. */
  health(): readonly Health[]
  close(deadlineMs: number): Promise<void>
}

const lookMs = 30_000
const firstLooksMs = 1000

interface Kept {
  readonly consumer: Consumer
  readonly queue: QueueSpec
  readonly isWanted: boolean
}

function createState(options: KeepShardsOptions) {
  return {
    ...options,
    spread: openSpread(options),
    kept: new Map<string, Kept>(),
    health: createHealthCell(`shards of ${options.stream}`),
    closing: false,
    hasLooked: false,
  }
}
type State = ReturnType<typeof createState>

const isBoundAlike = (a: QueueSpec, b: QueueSpec): boolean =>
  JSON.stringify(a.bindings) === JSON.stringify(b.bindings)

/** Consumes the queue; anew when it is to be bound otherwise, since a consumer declares what it was given. */
async function keep(state: State, queue: QueueSpec, isWanted: boolean): Promise<void> {
  const { kept, consume } = state
  const before = kept.get(queue.name)
  if (before?.isWanted === isWanted && isBoundAlike(before.queue, queue)) return
  await before?.consumer.close()
  if (state.closing) return
  kept.set(queue.name, { queue, isWanted, consumer: consume(queue, isWanted) })
}

async function forget({ kept }: State, name: string): Promise<void> {
  const gone = kept.get(name)
  kept.delete(name)
  await gone?.consumer.close()
}

/** Queues of a larger setting get no more messages, and are used up for as long as they are there. */
async function keepOld(state: State, from: number): Promise<void> {
  const { broker, stream, maxBytes, spread } = state
  for (let shard = from; shard < maxShards && !state.closing; shard += 1) {
    const queue = { ...storageQueue({ stream, shard, maxBytes }), bindings: [] }
    if ((await broker.queues.look(queue.name)) === undefined) await forget(state, queue.name)
    else {
      await spread.leave(queue.name)
      await keep(state, queue, false)
    }
  }
}

/** One round: the wanted queues first, so that nothing is unbound before its successor is bound. */
async function look(state: State): Promise<void> {
  const { stream, shards, maxBytes, spread, health } = state
  const isSpread = await spread.find()
  const wanted = isSpread ? shards : 1
  const queueOf = isSpread ? shardQueue : storageQueue
  const queues = Array.from({ length: wanted }, (_, shard) => queueOf({ stream, shard, maxBytes }))
  for (const queue of queues) await keep(state, queue, true)
  await spread.join(queues)
  await keepOld(state, wanted)
  if (wanted === shards) health.set('green')
  else health.set('red', spread.whyNot)
}

const partOf = ({ consumer, isWanted }: Kept): Health => {
  const health = consumer.health()
  return isWanted || health.state !== 'red' ? health : { ...health, state: 'yellow' }
}

/** Keeps the wanted number of storage queues bound and consumed, and uses up those of another number. Any number of pollers do it at once, even with different settings. */
export function keepShards(options: KeepShardsOptions): KeptShards {
  const state = createState(options)
  let timer: NodeJS.Timeout | undefined

  const round = async () => {
    try {
      await look(state)
      state.hasLooked = true
    } catch (error) {
      if (!state.hasLooked) state.health.set('red', reasonOf(error))
    }
    if (!state.closing) timer = setTimeout(again, state.hasLooked ? lookMs : firstLooksMs)
  }
  let last = Promise.resolve()
  const again = () => {
    last = round()
  }
  again()

  return {
    health: () => [state.health.read(), ...[...state.kept.values()].map(partOf)],
    close: async (deadlineMs) => {
      state.closing = true
      clearTimeout(timer)
      const closeAll = () =>
        Promise.all([...state.kept.values()].map(({ consumer }) => consumer.close(deadlineMs)))
      await closeAll()
      await last
      await closeAll()
    },
  }
}
