import type { Consumer } from '@warren/broker/consumer'
import type { Broker } from '@warren/broker/open'
import type { Health } from '@warren/contracts/http/status'
import type { QueueSpec } from '@warren/contracts/topology'
import { reasonOf } from '@warren/platform/errors'
import { createHealthCell } from '@warren/platform/health-cell'

export interface OverflowOptions {
  readonly broker: Pick<Broker, 'queues'>
  /** What they are of, for people. */
  readonly what: string
  readonly queueOf: (tenant: string) => QueueSpec
  /** Those who may have a queue from an earlier time. */
  readonly tenants: () => Promise<readonly string[]>
  readonly consume: (queue: QueueSpec, tenant: string) => Consumer
  /** Whether the tenant's queue shall wait now. */
  readonly isHeldBack: (tenant: string) => boolean
  readonly onDepth: (tenant: string, messages: number) => void
}

/** Queues of single tenants for what would hold up others, made when first needed. Each is consumed unless its tenant is held back, and stays, empty. */
export interface Overflow {
  /** Resolves when the tenant's queue is there. Rejects (retry) when it cannot be made. */
  ensure(tenant: string, again: boolean): Promise<void>
  /** `overflow of <what>` */
  health(): Health
  close(deadlineMs: number): Promise<void>
}

interface Kept {
  readonly consumer: Consumer
  isPaused: boolean
}

const turnMs = 100
const depthTurns = 100
/** Each queue that is looked for in vain is a line in the broker's log. */
const discoverTurns = 3000

function createState(options: OverflowOptions) {
  return {
    ...options,
    kept: new Map<string, Kept>(),
    making: new Map<string, Promise<void>>(),
    health: createHealthCell(`overflow of ${options.what}`),
    closing: false,
  }
}
type State = ReturnType<typeof createState>

function keep(state: State, tenant: string): void {
  if (state.kept.has(tenant) || state.closing) return
  const consumer = state.consume(state.queueOf(tenant), tenant)
  const isPaused = state.isHeldBack(tenant)
  state.kept.set(tenant, { consumer, isPaused })
  if (isPaused) void consumer.pause()
}

async function make(state: State, tenant: string): Promise<void> {
  const queue = state.queueOf(tenant)
  // One that was made with another size is used as it is.
  if ((await state.broker.queues.look(queue.name)) === undefined)
    await state.broker.queues.create(queue)
  keep(state, tenant)
}

/** Queues that an earlier poller, or another one, has made. */
async function discover(state: State): Promise<void> {
  for (const tenant of await state.tenants()) {
    if (state.closing || state.kept.has(tenant)) continue
    const found = await state.broker.queues.look(state.queueOf(tenant).name)
    if (found !== undefined) keep(state, tenant)
  }
}

async function measure(state: State): Promise<void> {
  for (const [tenant, { consumer }] of state.kept) {
    const found = await state.broker.queues.look(state.queueOf(tenant).name)
    state.onDepth(tenant, found?.messages ?? 0)
    if (found !== undefined) continue
    state.kept.delete(tenant)
    await consumer.close()
  }
}

async function throttle({ kept, isHeldBack }: State): Promise<void> {
  for (const [tenant, one] of kept) {
    const shallPause = isHeldBack(tenant)
    if (shallPause === one.isPaused) continue
    one.isPaused = shallPause
    if (shallPause) await one.consumer.pause()
    else await one.consumer.resume()
  }
}

async function turn(state: State, number: number): Promise<void> {
  try {
    await throttle(state)
    if (number % discoverTurns === 0) await discover(state)
    if (number % depthTurns === 0) await measure(state)
    state.health.set('green')
  } catch (error) {
    state.health.set('yellow', reasonOf(error))
  }
}

export function createOverflow(options: OverflowOptions): Overflow {
  const state = createState(options)
  let timer: NodeJS.Timeout | undefined
  let last = Promise.resolve()
  const run = (number: number) => {
    last = turn(state, number).then(() => {
      // A round that failed is begun again.
      const next = state.health.read().state === 'green' ? number + 1 : number
      if (!state.closing) timer = setTimeout(() => run(next), turnMs)
    })
  }
  run(0)
  return {
    ensure: (tenant, again) => {
      if (again) state.making.delete(tenant)
      const known = state.making.get(tenant)
      if (known !== undefined) return known
      const made = make(state, tenant)
      state.making.set(tenant, made)
      made.catch(() => state.making.delete(tenant))
      return made
    },
    health: state.health.read,
    close: async (deadlineMs) => {
      state.closing = true
      clearTimeout(timer)
      await last
      clearTimeout(timer)
      await Promise.all([...state.kept.values()].map(({ consumer }) => consumer.close(deadlineMs)))
    },
  }
}
