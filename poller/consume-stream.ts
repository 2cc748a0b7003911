import { type ByteRoom, createByteRoom } from '@warren/broker/byte-room'
import type { Consumer } from '@warren/broker/consumer'
import { decodeBody } from '@warren/broker/decode-body'
import type { Delivery, Outcome } from '@warren/broker/delivery'
import type { Broker } from '@warren/broker/open'
import { maxMessageBytes } from '@warren/contracts/message'
import { parseSenderKey } from '@warren/contracts/routing-key'
import type { QueueSpec } from '@warren/contracts/topology'
import { dispositionOf } from '@warren/platform/errors'
import type { LineBatch, RefusedItem } from '@warren/stores/write-outcome'
import type { Batcher } from './batcher.ts'
import type { Chunk, RefusedLine } from './chunk.ts'
import { countOf } from './chunk.ts'
import type { PollerSettings } from './config.ts'
import type { Parker } from './dead-letters/park.ts'
import { type IsKnownTenant, keyedOrigin, messageIdOf, wholeMessage } from './origin.ts'
import type { RuleBook } from './rules/rule-book.ts'
import { type KeptShards, keepShards } from './shards/keep-shards.ts'
import type { StreamKind } from './stream-kind.ts'
import type { StreamSource } from './stream-source.ts'
import { createStreamWriter, type StreamWriter } from './stream-writer.ts'
import type { StreamTelemetry } from './telemetry.ts'
import { timeWindow } from './time-window.ts'

export interface StreamOptions<C extends Chunk, B extends LineBatch> {
  readonly broker: Broker
  readonly kind: StreamKind<C, B>
  readonly settings: PollerSettings
  readonly parker: Parker
  readonly isKnownTenant: IsKnownTenant
  readonly telemetry: StreamTelemetry
  /** Those that hold now. */
  readonly rules: () => RuleBook
  /** Ends writes that wait for a store. */
  readonly signal: AbortSignal
  readonly onFatal: (error: unknown) => void
}

export interface ConsumedStream<C extends Chunk> {
  /** The stream's own storage queues. */
  readonly shards: KeptShards
  /** Takes messages from elsewhere, too, into the same batches and within the same bounds. */
  consume(source: StreamSource<C>): Consumer
  readonly writer: Pick<StreamWriter<Chunk>, 'health' | 'check'>
}

/** A message that came more often may be what brings the process down, so it shares its batch with no other. */
const maxSharedDeliveries = 3
const foreverMs = 2 ** 31 - 1

/** The stages of one delivery: known key → unpacked → normalised → batched and written → refused items parked → outcome. */
export function consumeStream<C extends Chunk, B extends LineBatch>(
  options: StreamOptions<C, B>,
): ConsumedStream<C> {
  const { broker, kind, settings, isKnownTenant } = options
  const writer = createStreamWriter(options)
  const stages: Stages<C> = {
    batcher: writer.batcher,
    room: roomFor(settings.maxInFlightBytes),
    itemRoom: roomFor(settings.maxInFlightItems),
  }
  const consume = (source: StreamSource<C>) => consumeSource(source, options, stages)
  const storageSource = (queue: QueueSpec, declares: boolean): StreamSource<C> => ({
    ...{ broker, queue, declares },
    originOf: (delivery) => keyedOrigin(delivery, isKnownTenant),
    normalise: kind.normalise,
  })
  const shards = keepShards({
    ...{ broker, stream: kind.stream, shards: settings.shards, maxBytes: settings.queueMaxBytes },
    consume: (queue, declares) => consume(storageSource(queue, declares)),
  })
  return { shards, writer, consume }
}

function consumeSource<C extends Chunk, B extends LineBatch>(
  source: StreamSource<C>,
  options: StreamOptions<C, B>,
  stages: Stages<C>,
): Consumer {
  const { settings, parker, telemetry } = options
  const { broker, queue, declares = true, readdress = (delivery) => delivery } = source
  return broker.consume({
    ...{ queue, declares },
    prefetch: settings.prefetch,
    maxHeldBytes: Math.floor(settings.maxInFlightBytes / settings.shards),
    maxHoldMs: settings.maxHoldMs,
    handle: async (delivery) => {
      telemetry.message()
      const outcome = await storeDelivery(readdress(delivery), { ...options, source }, stages)
      telemetry.inFlight(stages.room.usedBytes, stages.itemRoom.usedBytes)
      return outcome
    },
    park: async (given, { code, reason }) => {
      const sent = readdress(given)
      const tenant = parseSenderKey(sent.routingKey)?.tenant ?? '-'
      // Of what was sent: without a sender's id it is the hash of just those bytes.
      const messageId = messageIdOf(sent)
      const delivery = await unpacked(sent, stages)
      const item = { index: wholeMessage, code, reason, bytes: delivery.body }
      await parker.park(delivery, { tenant, messageId }, [item])
    },
  })
}

/** A message that is parked whole is kept plain where it can be, so that it can be read and edited. */
async function unpacked(
  delivery: Delivery,
  { room }: Pick<Stages<Chunk>, 'room'>,
): Promise<Delivery> {
  if (delivery.properties.contentEncoding === undefined) return delivery
  await room.take(maxMessageBytes, foreverMs)
  try {
    const body = await decodeBody(delivery)
    return { ...delivery, body, properties: { ...delivery.properties, contentEncoding: undefined } }
  } catch (error) {
    if (dispositionOf(error) !== 'reject') throw error
    return delivery
  } finally {
    room.give(maxMessageBytes)
  }
}

/** Those who wait are as many as the prefetch allows. */
const roomFor = (maxBytes: number): ByteRoom =>
  createByteRoom({ maxBytes, maxWaiting: Number.POSITIVE_INFINITY })

interface Stages<C extends Chunk> {
  readonly batcher: Batcher<C>
  readonly room: ByteRoom
  /** Counts items: a body of tiny records is little in bytes and much in objects. */
  readonly itemRoom: ByteRoom
}

/** Throws a `WarrenError` (reject) with a dead-letter code when the message as a whole cannot be stored. */
async function storeDelivery<C extends Chunk>(
  delivery: Delivery,
  {
    source,
    settings,
    parker,
    rules,
    telemetry,
  }: Pick<StreamOptions<C, LineBatch>, 'settings' | 'parker' | 'rules' | 'telemetry'> & {
    readonly source: StreamSource<C>
  },
  stages: Stages<C>,
): Promise<Outcome> {
  const { room } = stages
  const origin = await source.originOf(delivery)
  const isPacked = delivery.properties.contentEncoding !== undefined
  let bytes = isPacked ? maxMessageBytes : delivery.body.length
  await room.take(bytes, foreverMs)
  try {
    const body = await decodeBody(delivery)
    const { maxAheadMs, maxBehindMs } = settings
    const window = timeWindow(Date.now(), maxAheadMs, { maxBehindMs, rules: rules() })
    const { chunk, refused, dropped = 0 } = source.normalise(body, origin, window)
    if (dropped > 0) telemetry.dropped(dropped)
    // Known only now: what it needs not would keep other messages out until the batch is written.
    const needed = Math.max(body.length, chunk.bytes.length)
    room.give(bytes - needed)
    bytes = needed
    const alone = delivery.deliveryCount > maxSharedDeliveries
    const refusedByStore = await writeChunk({ tenant: origin.tenant, chunk, alone }, stages)
    await parker.park(delivery, origin, [
      ...refused,
      ...refusedByStore.map((item) => toRefusedLine(chunk, item)),
    ])
    return { type: 'ack' }
  } finally {
    room.give(bytes)
  }
}

interface ChunkToWrite<C> {
  readonly tenant: string
  readonly chunk: C
  readonly alone: boolean
}

async function writeChunk<C extends Chunk>(
  { tenant, chunk, alone }: ChunkToWrite<C>,
  { batcher, itemRoom }: Stages<C>,
): Promise<readonly RefusedItem[]> {
  const items = countOf(chunk)
  if (items === 0) return []
  await itemRoom.take(items, foreverMs)
  try {
    return await batcher.add(tenant, chunk, alone)
  } finally {
    itemRoom.give(items)
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
