import { randomBytes } from 'node:crypto'
import { decodeBody } from '@warren/broker/decode-body'
import type { Delivery } from '@warren/broker/delivery'
import type { Broker } from '@warren/broker/open'
import type { LiveMessage } from '@warren/contracts/http/taps'
import { type TapStream, tapQueue } from '@warren/contracts/taps'
import type { QueueSpec } from '@warren/contracts/topology'
import { reasonOf } from '@warren/platform/errors'
import type { EventStream } from '../tail/event-stream.ts'

export interface LiveTapOptions {
  readonly broker: Broker
  readonly tenant: string
  readonly stream: TapStream
  readonly deployment: string | undefined
}

const waitingBytes = 8 * 1024 ** 2
const waitingMs = 30_000
/** So that messages stay in order while one is unpacked. */
const prefetch = 1
/** How long a client that does not read is waited for before its message is dropped. */
const stallMs = 1000
const pollMs = 20

/** A queue of this connection alone, without a file; no tap can have its name. */
const queueOf = ({ tenant, stream, deployment }: LiveTapOptions): QueueSpec => ({
  ...tapQueue({
    tenant,
    name: `~${randomBytes(12).toString('hex')}`,
    streams: [stream],
    deployment,
    maxBytes: waitingBytes,
    messageTtlMs: waitingMs,
    expiresMs: 2 * waitingMs,
  }),
  durable: false,
  exclusive: true,
})

async function toMessage(delivery: Delivery): Promise<LiveMessage> {
  const { messageId, timestamp } = delivery.properties
  // What cannot be unpacked is shown as such: it is what the storage will park.
  const text = await decodeBody(delivery).then(
    (body) => body.toString(),
    (error: unknown) => `(${reasonOf(error)})`,
  )
  return {
    routingKey: delivery.routingKey,
    messageId: messageId ?? null,
    timestamp: timestamp ?? null,
    text,
  }
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Sends each message to the client as it passes, until the client has gone; then nothing is left of the queue. A client that does not keep up misses messages, and is told so. */
export async function followTap(options: LiveTapOptions, stream: EventStream): Promise<void> {
  const { broker } = options
  const queue = queueOf(options)
  let skipped = 0
  const waitForRoom = async () => {
    const until = performance.now() + stallMs
    while (!stream.isReady() && !stream.signal.aborted && performance.now() < until)
      await sleep(pollMs)
    return stream.isReady()
  }
  const consumer = broker.consume({
    queue,
    prefetch,
    maxHeldBytes: waitingBytes,
    handle: async (delivery) => {
      if (stream.signal.aborted) return { type: 'ack' }
      const message = await toMessage(delivery)
      if (!(await waitForRoom())) skipped += 1
      else {
        if (skipped > 0) stream.send({ name: 'skipped', data: { messages: skipped } })
        skipped = 0
        stream.send({ data: message })
      }
      return { type: 'ack' }
    },
  })
  await new Promise<void>((resolve) => {
    if (stream.signal.aborted) resolve()
    stream.signal.addEventListener('abort', () => resolve(), { once: true })
  })
  await consumer.close(stallMs)
  // Else it goes with the connection, or by `x-expires`.
  await broker.queues.remove(queue.name).catch(reasonOf)
}
