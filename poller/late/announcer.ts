import { setTimeout as delay } from 'node:timers/promises'
import type { Broker } from '@warren/broker/open'
import { type LateSpan, lateKeys } from '@warren/contracts/late-data'
import { exchanges } from '@warren/contracts/topology'
import { WarrenError } from '@warren/platform/errors'

/** Tells those who keep answers what came late or went. */
export interface Announcer {
  /** Resolves once it is told, or will be told as soon as the broker takes it: storing does not wait for a broker in trouble. Never rejects. */
  announce(tenant: string, spans: readonly LateSpan[]): Promise<void>
  /** Gives up what could not be told. */
  close(): Promise<void>
}

const retryMs = 1000
/** How long a batch waits for the announcement of what came late with it. */
const waitMs = 2000

/** Nobody listens: nobody keeps anything either. */
const isUnheard = (error: unknown): boolean =>
  error instanceof WarrenError && error.code === 'unroutable'

const around = (spans: readonly LateSpan[]): LateSpan => ({
  oldestMs: Math.min(...spans.map(({ oldestMs }) => oldestMs)),
  newestMs: Math.max(...spans.map(({ newestMs }) => newestMs)),
})

export function createAnnouncer(broker: Pick<Broker, 'publisher'>): Announcer {
  const publisher = broker.publisher({ waitMs, confirmMs: waitMs })
  const closing = new AbortController()
  /** What is still to be told, of each tenant. */
  const untold = new Map<string, LateSpan>()
  let telling: Promise<void> | undefined

  const publish = async (tenant: string, spans: readonly LateSpan[]) => {
    const body = Buffer.from(JSON.stringify({ tenant, spans }))
    const contentType = 'application/json'
    try {
      await publisher.publish({ exchange: exchanges.late, key: lateKeys.late, body, contentType })
    } catch (error) {
      if (!isUnheard(error)) throw error
    }
  }
  const tellLater = async () => {
    while (untold.size > 0 && !closing.signal.aborted) {
      await delay(retryMs, undefined, { signal: closing.signal }).catch(() => undefined)
      for (const [tenant, span] of untold) {
        untold.delete(tenant)
        await publish(tenant, [span]).catch(() => add(tenant, [span]))
      }
    }
  }
  const add = (tenant: string, spans: readonly LateSpan[]) => {
    const known = untold.get(tenant)
    untold.set(tenant, around(known === undefined ? spans : [known, ...spans]))
  }
  const addAndTell = (tenant: string, spans: readonly LateSpan[]) => {
    add(tenant, spans)
    telling ??= tellLater().finally(() => {
      telling = undefined
    })
  }
  return {
    announce: async (tenant, spans) => {
      if (spans.length === 0) return
      if (untold.size > 0) return addAndTell(tenant, spans)
      await publish(tenant, spans).catch(() => addAndTell(tenant, spans))
    },
    close: async () => {
      closing.abort()
      await telling
      await publisher.close()
    },
  }
}
