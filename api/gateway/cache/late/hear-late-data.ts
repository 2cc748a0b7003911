import { randomUUID } from 'node:crypto'
import type { Delivery } from '@warren/broker/delivery'
import type { Broker } from '@warren/broker/open'
import { lateDataSchema, lateKeys, lateQueue } from '@warren/contracts/late-data'
import { exchanges, warrenExchanges } from '@warren/contracts/topology'
import { reasonOf } from '@warren/platform/errors'
import type { LateData } from './late-data.ts'

/** How often we say something to ourselves, and how long it may take to be heard before the channel counts as lost. */
const echoMs = 1000
const deafMs = 4000

type Listener = Parameters<LateData['listen']>[0]

export interface HeardLateData extends LateData {
  close(): Promise<void>
}

/** Whether what is announced arrives: since the deliveries began, what we say ourselves has come back all the time. */
class Hearing {
  readonly #instance = randomUUID()
  readonly #lost: () => void
  #heardMs = 0
  #isSubscribed = false

  constructor(lost: () => void) {
    this.#lost = lost
  }

  get instance(): string {
    return this.#instance
  }

  subscribed(): void {
    this.#isSubscribed = true
    this.#heardMs = 0
    this.#lost()
  }

  /** The moment at which it was said, not at which it came: what was said after it may still be on its way. */
  heard(body: Buffer): void {
    const [instance, saidMs = ''] = body.toString().split(' ')
    if (instance !== this.#instance || !this.#isSubscribed) return
    if (!this.isSound()) this.#lost()
    this.#heardMs = Number(saidMs)
  }

  say = (): Buffer => Buffer.from(`${this.#instance} ${performance.now()}`)

  isSound(): boolean {
    return this.#heardMs > 0 && performance.now() - this.#heardMs < deafMs
  }
}

/** Hears on `warren.late` what came late or went. Until the first echo, and whenever one stays out, nothing counts as heard. */
export function hearLateData(broker: Broker): HeardLateData {
  const listeners: Listener[] = []
  const hearing = new Hearing(() => {
    for (const { lost } of listeners) lost()
  })
  const take = ({ body, routingKey }: Delivery): void => {
    if (routingKey === lateKeys.echo) {
      hearing.heard(body)
      return
    }
    const { tenant, spans } = lateDataSchema.parse(JSON.parse(body.toString()))
    for (const span of spans) for (const { late } of listeners) late({ tenant, ...span })
  }
  broker.declare(
    warrenExchanges.filter(({ name }) => name === exchanges.late),
    [],
  )
  const publisher = broker.publisher({ waitMs: deafMs, confirmMs: deafMs })
  const consumer = broker.consume({
    queue: lateQueue(hearing.instance),
    prefetch: 1000,
    onSubscribed: () => hearing.subscribed(),
    handle: async (delivery) => {
      try {
        take(delivery)
      } catch {
        // Something was said that we cannot read: it may be anything.
        for (const { lost } of listeners) lost()
      }
      return { type: 'ack' }
    },
  })
  const echo = () => {
    const message = { exchange: exchanges.late, key: lateKeys.echo, contentType: 'text/plain' }
    // What is not heard is noticed by `isSound`.
    void publisher.publish({ ...message, body: hearing.say() }).catch(reasonOf)
  }
  const timer = setInterval(echo, echoMs)
  timer.unref()
  return {
    isHeard: () => hearing.isSound(),
    listen: (listener) => void listeners.push(listener),
    close: async () => {
      clearInterval(timer)
      await Promise.all([consumer.close(), publisher.close()])
    },
  }
}
