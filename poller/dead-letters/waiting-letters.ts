import type { Broker } from '@warren/broker/open'
import type { Publisher } from '@warren/broker/publisher'
import type { DeadLetter } from '@warren/contracts/dead-letter'
import type { Health } from '@warren/contracts/http/status'
import { contentTypes } from '@warren/contracts/message'
import { letterOverflowQueue } from '@warren/contracts/overflow'
import { toRoutingKey } from '@warren/contracts/routing-key'
import { exchanges } from '@warren/contracts/topology'
import { reasonOf } from '@warren/platform/errors'
import { createHealthCell } from '@warren/platform/health-cell'
import type { DeadLetters } from '@warren/stores/catalog/dead-letter-store'
import { createOverflow, type Overflow } from '../fairness/overflow.ts'
import { createQueueMover } from '../fairness/queue-mover.ts'
import { type IsKnownTenant, noTenant } from '../origin.ts'
import { parseLetter } from './letter.ts'
import { isFull, putTogether } from './put-together.ts'
import { watchRefused } from './refused-letters.ts'

export interface WaitingLettersOptions {
  readonly broker: Broker
  readonly publisher: Publisher
  readonly deadLetters: Pick<DeadLetters, 'put' | 'hasRoom'>
  readonly isKnownTenant: IsKnownTenant
  readonly tenants: () => Promise<readonly string[]>
}

/** The letters of tenants that have as many as they may, each tenant's in a queue of its own: nobody else's wait behind them. */
export interface WaitingLetters {
  /** Keeps the letter in the catalog, or among those that wait. Rejects (retry) when neither has taken it. */
  keep(letter: DeadLetter): Promise<void>
  /** Whether so many wait that the tenant's messages shall wait, too. */
  isHeldBack(tenant: string): boolean
  /** Red, for all that are full, and for letters that the catalog refuses. */
  health(): readonly Health[]
  close(deadlineMs: number): Promise<void>
}

/** Of one tenant. */
const maxWaiting = 5000
const prefetch = 20

/** The tenants that were refused room, as far as this poller knows. */
function createFullTenants({ hasRoom }: Pick<DeadLetters, 'hasRoom'>) {
  const reasons = new Map<string, string>()
  const health = createHealthCell('room for dead letters')
  const show = () => {
    const [reason] = reasons.values()
    if (reason === undefined) health.set('green')
    else health.set('red', reason)
  }
  show()
  return {
    note: (tenant: string, error: unknown) => {
      reasons.set(tenant, reasonOf(error))
      show()
    },
    has: (tenant: string) => reasons.has(tenant),
    /** Rejects as the catalog does. */
    look: async (tenant: string) => {
      if (!reasons.has(tenant) || !(await hasRoom(tenant))) return
      reasons.delete(tenant)
      show()
    },
    health: health.read,
  }
}

const messageOf = (letter: DeadLetter) => ({
  exchange: exchanges.deadOverflow,
  key: toRoutingKey(letter.tenant, letter.stream, letter.code),
  body: Buffer.from(JSON.stringify(letter)),
  contentType: contentTypes.json,
  messageId: letter.id,
})

export function openWaitingLetters(options: WaitingLettersOptions): WaitingLetters {
  const { broker, publisher, deadLetters, isKnownTenant, tenants } = options
  const full = createFullTenants(deadLetters)
  const watched = watchRefused(deadLetters)
  const put = putTogether(watched)
  const depths = new Map<string, number>()
  /** Not each name that a sender gave is to have a queue. */
  const mayWait = async (tenant: string) => tenant === noTenant || (await isKnownTenant(tenant))
  const keepWaiting = async (letter: DeadLetter) => {
    try {
      await put(letter)
    } catch (error) {
      if (isFull(error)) full.note(letter.tenant, error)
      throw error
    }
  }
  const overflow: Overflow = createOverflow({
    ...{ broker, what: 'dead letters', queueOf: letterOverflowQueue },
    tenants: async () => [...(await tenants()), noTenant],
    // Waiting in their queue they are not delivered again and again, which its fuse would count.
    isHeldBack: full.has,
    consume: (queue) =>
      broker.consume({
        ...{ queue, prefetch, declares: false },
        handle: async ({ body }) => {
          const letter = parseLetter(body)
          if (letter === undefined) throw new Error('BUG: only letters are put there')
          await keepWaiting(letter)
          return { type: 'ack' }
        },
      }),
    onDepth: (tenant, messages) => {
      depths.set(tenant, messages)
      // What the catalog does not say now it says at the next look.
      void full.look(tenant).catch(() => undefined)
    },
  })
  const move = createQueueMover({ publisher, ensure: overflow.ensure })
  return {
    keep: async (letter) => {
      const { tenant } = letter
      // Not asked for each letter of a flood.
      if (full.has(tenant) && (await move(messageOf(letter), tenant))) return
      try {
        await put(letter)
      } catch (error) {
        if (!isFull(error) || !(await mayWait(tenant))) throw error
        full.note(tenant, error)
        if (!(await move(messageOf(letter), tenant))) throw error
      }
    },
    isHeldBack: (tenant) => (depths.get(tenant) ?? 0) >= maxWaiting,
    health: () => [full.health(), watched.health(), overflow.health()],
    close: overflow.close,
  }
}
