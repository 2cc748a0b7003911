import { type ByteRoom, createByteRoom } from '@warren/broker/byte-room'
import type { Consumer } from '@warren/broker/consumer'
import type { Delivery, Outcome } from '@warren/broker/delivery'
import type { Broker } from '@warren/broker/open'
import { maxMessageBytes } from '@warren/contracts/message'
import { parseSenderKey } from '@warren/contracts/routing-key'
import { storageQueue } from '@warren/contracts/topology'
import { dispositionOf, reasonOf, WarrenError } from '@warren/platform/errors'
import { createHealthCell, type HealthCell } from '@warren/platform/health-cell'
import type { LineBatch, RefusedItem } from '@warren/stores/write-outcome'
import { type Batcher, createBatcher } from './batcher.ts'
import type { Chunk, RefusedLine } from './chunk.ts'
import { countOf } from './chunk.ts'
import type { PollerSettings } from './config.ts'
import type { Parker } from './dead-letters/park.ts'
import { decodeBody } from './decode.ts'
import { linesOf } from './line-batch.ts'
import { fallbackNsOf, messageIdOf, type Origin, wholeMessage } from './origin.ts'
import type { StreamKind } from './stream-kind.ts'
import type { StreamTelemetry } from './telemetry.ts'
import { timeWindow } from './time-window.ts'
import { writeSurely } from './write-surely.ts'

export interface StreamOptions<C extends Chunk, B extends LineBatch> {
  readonly broker: Broker
  readonly kind: StreamKind<C, B>
  readonly settings: PollerSettings
  readonly parker: Parker
  readonly isKnownTenant: (tenant: string) => Promise<boolean>
  readonly telemetry: StreamTelemetry
  /** Ends writes that wait for a store. */
  readonly signal: AbortSignal
  readonly onFatal: (error: unknown) => void
}

export interface ConsumedStream {
  readonly consumer: Consumer
  readonly storeHealth: HealthCell
}

const storeBackoff = { firstMs: 200, maxMs: 15_000 }
/** A message that came more often may be what brings the process down, so it shares its batch with no other. */
const maxSharedDeliveries = 3
const foreverMs = 2 ** 31 - 1

const storageShard = 0

/** The stages of one delivery: known key → unpacked → normalised → batched and written → refused items parked → outcome. */
export function consumeStream<C extends Chunk, B extends LineBatch>(
  options: StreamOptions<C, B>,
): ConsumedStream {
  const { broker, kind, settings, parker, telemetry } = options
  const storeHealth = createHealthCell(`poller/${kind.stream} store`)
  const stages: Stages<C> = {
    batcher: createStreamBatcher(options, storeHealth),
    room: createByteRoom({
      maxBytes: settings.maxInFlightBytes,
      maxWaiting: Number.POSITIVE_INFINITY,
    }),
  }
  const consumer = broker.consume({
    queue: storageQueue({
      stream: kind.stream,
      shard: storageShard,
      maxBytes: settings.queueMaxBytes,
    }),
    prefetch: settings.prefetch,
    maxHeldBytes: settings.maxInFlightBytes,
    handle: async (delivery) => {
      telemetry.message()
      const outcome = await storeDelivery(delivery, options, stages)
      telemetry.inFlight(stages.room.usedBytes)
      return outcome
    },
    park: (delivery, { code, reason }) => {
      const tenant = parseSenderKey(delivery.routingKey)?.tenant ?? '-'
      const item = { index: wholeMessage, code, reason, bytes: delivery.body }
      return parker.park(delivery, { tenant, messageId: messageIdOf(delivery) }, [item])
    },
  })
  return { consumer, storeHealth }
}

interface Stages<C extends Chunk> {
  readonly batcher: Batcher<C>
  readonly room: ByteRoom
}

function createStreamBatcher<C extends Chunk, B extends LineBatch>(
  { kind, settings, telemetry, signal, onFatal }: StreamOptions<C, B>,
  storeHealth: HealthCell,
): Batcher<C> {
  const writing = {
    write: kind.write,
    slice: kind.slice,
    backoff: storeBackoff,
    signal,
    onRetry: (error: unknown) => {
      storeHealth.set('red', `${reasonOf(error)}; ${kind.stream} wait in their queue`)
      telemetry.retry(error instanceof WarrenError ? error.code : 'unknown')
    },
    onWritten: () => storeHealth.set('green'),
  }
  return createBatcher<C>({
    limits: settings.batch,
    write: async (tenant, chunks) => {
      const batch = kind.join(tenant, chunks)
      try {
        const refused = await writeSurely(batch, writing)
        telemetry.batch(linesOf(batch) - refused.length)
        return refused
      } catch (error) {
        if (dispositionOf(error) === 'fatal') onFatal(error)
        throw error
      }
    },
  })
}

async function originOf(
  delivery: Delivery,
  isKnownTenant: (tenant: string) => Promise<boolean>,
): Promise<Origin> {
  const { exchange, routingKey } = delivery
  const key = parseSenderKey(routingKey)
  if (key === undefined)
    throw new WarrenError('the routing key names no tenant', {
      code: 'bad_key',
      disposition: 'reject',
    })
  if (!(await isKnownTenant(key.tenant)))
    throw new WarrenError('the routing key names a tenant that does not exist', {
      code: 'unknown_tenant',
      disposition: 'reject',
    })
  const messageId = messageIdOf(delivery)
  return { ...key, exchange, routingKey, messageId, fallbackNs: fallbackNsOf(delivery) }
}

/** Throws a `WarrenError` (reject) with a dead-letter code when the message as a whole cannot be stored. */
async function storeDelivery<C extends Chunk, B extends LineBatch>(
  delivery: Delivery,
  options: StreamOptions<C, B>,
  { batcher, room }: Stages<C>,
): Promise<Outcome> {
  const { kind, settings, parker } = options
  const origin = await originOf(delivery, options.isKnownTenant)
  const isPacked = delivery.properties.contentEncoding !== undefined
  let bytes = isPacked ? maxMessageBytes : delivery.body.length
  await room.take(bytes, foreverMs)
  try {
    const body = await decodeBody(delivery)
    // Known only now: what it needs not would keep other messages out until the batch is written.
    room.give(bytes - body.length)
    bytes = body.length
    const { chunk, refused } = kind.normalise(
      body,
      origin,
      timeWindow(Date.now(), settings.maxAheadMs),
    )
    const alone = delivery.deliveryCount > maxSharedDeliveries
    const refusedByStore =
      countOf(chunk) === 0 ? [] : await batcher.add(origin.tenant, chunk, alone)
    await parker.park(delivery, origin, [
      ...refused,
      ...refusedByStore.map((item) => toRefusedLine(chunk, item)),
    ])
    return { type: 'ack' }
  } finally {
    room.give(bytes)
  }
}

function toRefusedLine(chunk: Chunk, { index, code, reason }: RefusedItem): RefusedLine {
  return {
    index: chunk.positions[index] ?? wholeMessage,
    code,
    reason,
    bytes: chunk.bytes.subarray(chunk.starts[index], (chunk.starts[index + 1] ?? 1) - 1),
  }
}
