import type { Consumer } from '@warren/broker/consumer'
import type { Broker } from '@warren/broker/open'
import type { Publisher } from '@warren/broker/publisher'
import type { Health } from '@warren/contracts/http/status'
import { overflowQueue } from '@warren/contracts/overflow'
import { parseSenderKey } from '@warren/contracts/routing-key'
import { exchanges, type QueueSpec } from '@warren/contracts/topology'
import type { LineBatch } from '@warren/stores/write-outcome'
import type { Chunk, Normalised } from './chunk.ts'
import type { PollerSettings } from './config.ts'
import type { Parker } from './dead-letters/park.ts'
import { createFairRoom } from './fairness/fair-room.ts'
import { createLimits, type Limits } from './fairness/limits.ts'
import { createMover } from './fairness/mover.ts'
import { createOverflow, type Overflow } from './fairness/overflow.ts'
import { createShares, type Shares } from './fairness/shares.ts'
import type { MetadataTaker } from './metadata/take-metadata.ts'
import { type IsKnownTenant, keyedOrigin, messageIdOf, noTenant, wholeMessage } from './origin.ts'
import type { RuleBook } from './rules/rule-book.ts'
import { type KeptShards, keepShards } from './shards/keep-shards.ts'
import { type Stages, storeDelivery } from './store-delivery.ts'
import type { StreamKind } from './stream-kind.ts'
import type { StreamSource } from './stream-source.ts'
import { createStreamWriter, type StreamWriter } from './stream-writer.ts'
import type { StreamTelemetry } from './telemetry.ts'
import { unpacked } from './unpacked.ts'

export interface StreamOptions<C extends Chunk, B extends LineBatch> {
  readonly broker: Broker
  /** Of messages that move to a tenant's own queue. */
  readonly publisher: Publisher
  readonly kind: StreamKind<C, B>
  readonly settings: PollerSettings
  readonly parker: Parker
  readonly isKnownTenant: IsKnownTenant
  readonly tenants: () => Promise<readonly string[]>
  readonly telemetry: StreamTelemetry
  /** Those that hold now. */
  readonly rules: () => RuleBook
  /** Takes messages that carry something else than items. */
  readonly aside?: Pick<MetadataTaker, 'takes' | 'take'> | undefined
  /** Refuses items that are well-formed, but too much for their tenant. */
  readonly limit?:
    | ((tenant: string, normalised: Normalised<C>) => Promise<Normalised<C>>)
    | undefined
  /** Ends writes that wait for a store. */
  readonly signal: AbortSignal
  readonly onFatal: (error: unknown) => void
  /** Whether messages of the tenant shall wait, for more of its dead letters do than may. */
  readonly isHeldBack: (tenant: string) => boolean
}

export interface ConsumedStream<C extends Chunk> {
  /** Takes messages from elsewhere, too, into the same batches and within the same bounds. */
  consume(source: StreamSource<C>): Consumer
  readonly writer: Pick<StreamWriter<Chunk>, 'health' | 'check'>
  /** Of the stream's storage queues, and of what moved out of them. */
  health(): readonly Health[]
  close(deadlineMs: number): Promise<void>
}

/** Of a tenant's own queue: few while it has a limit, which is noticed only after they were taken. */
const overflowPrefetch = { limited: 4, unlimited: 100, bytes: 8 * 1024 ** 2 }

export function consumeStream<C extends Chunk, B extends LineBatch>(
  options: StreamOptions<C, B>,
): ConsumedStream<C> {
  const { broker, kind, settings } = options
  const { stream } = kind
  const limits = createLimits({ broker, stream, settings: settings.fairness })
  const shares: Shares = createShares({
    maxBytes: settings.maxInFlightBytes,
    limitsOf: limits.of,
    storeAnswers: () => writer.isAnswering(),
  })
  const writer = createStreamWriter({ ...options, partOfOne: () => shares.partOfOne })
  const ensure: Overflow['ensure'] = (...given) => overflow.ensure(...given)
  const mover = createMover({ stream, publisher: options.publisher, ensure })
  const stages = stagesOf(options, { batcher: writer.batcher, shares, mover })
  const consume = (source: StreamSource<C>) => consumeSource(source, options, stages)
  const sources = sourcesOf(options, limits)
  const { overflowMaxBytes: maxBytes } = settings.fairness
  const overflow = createOverflow({
    ...{ broker, what: stream, tenants: options.tenants },
    queueOf: (tenant) => overflowQueue({ stream, tenant, maxBytes }),
    isHeldBack: (tenant) => shares.isHeldBack(tenant) || options.isHeldBack(tenant),
    consume: (queue, tenant) => consume(sources.overflow(queue, tenant)),
    onDepth: options.telemetry.overflow,
  })
  const shards: KeptShards = keepShards({
    ...{ broker, stream, shards: settings.shards, maxBytes: settings.queueMaxBytes },
    consume: (queue, declares) => consume(sources.storage(queue, declares)),
  })
  return {
    writer,
    consume,
    health: () => [...shards.health(), overflow.health()],
    close: async (deadlineMs) => {
      limits.close()
      await Promise.all([shards.close(deadlineMs), overflow.close(deadlineMs)])
    },
  }
}

function stagesOf<C extends Chunk, B extends LineBatch>(
  { settings, parker, telemetry, rules, aside, limit, isHeldBack }: StreamOptions<C, B>,
  made: Pick<Stages<C>, 'batcher' | 'shares' | 'mover'>,
): Stages<C> {
  const roomOf = (max: number, onUsed: (used: number) => void) =>
    createFairRoom({ max, onUsed, maxOfOne: () => max * made.shares.partOfOne })
  return {
    ...{ ...made, settings, parker, rules, aside, limit, onMoved: telemetry.moved },
    ...{ isHeldBack, onDropped: telemetry.dropped },
    room: roomOf(settings.maxInFlightBytes, telemetry.inFlightBytes),
    itemRoom: roomOf(settings.maxInFlightItems, telemetry.inFlightItems),
  }
}

function sourcesOf<C extends Chunk, B extends LineBatch>(
  { broker, kind, isKnownTenant }: StreamOptions<C, B>,
  limits: Limits,
) {
  const common = {
    broker,
    originOf: (delivery: Parameters<StreamSource<C>['originOf']>[0]) =>
      keyedOrigin(delivery, isKnownTenant),
    normalise: kind.normalise,
  }
  return {
    storage: (queue: QueueSpec, declares: boolean): StreamSource<C> => ({
      ...common,
      ...{ queue, declares, isShared: true },
    }),
    overflow: (queue: QueueSpec, tenant: string): StreamSource<C> => ({
      ...common,
      ...{ queue, declares: false },
      // As it came first: a dead letter of it goes back to where its sender put it.
      readdress: (delivery) => ({ ...delivery, exchange: exchanges[kind.stream] }),
      prefetch: limits.has(tenant) ? overflowPrefetch.limited : overflowPrefetch.unlimited,
      maxHeldBytes: overflowPrefetch.bytes,
    }),
  }
}

function consumeSource<C extends Chunk, B extends LineBatch>(
  source: StreamSource<C>,
  { settings, parker, telemetry }: StreamOptions<C, B>,
  stages: Stages<C>,
): Consumer {
  const { broker, queue, declares = true, readdress = (delivery) => delivery } = source
  return broker.consume({
    ...{ queue, declares },
    prefetch: source.prefetch ?? settings.prefetch,
    maxHeldBytes: source.maxHeldBytes ?? Math.floor(settings.maxInFlightBytes / settings.shards),
    maxHoldMs: settings.maxHoldMs,
    handle: async (delivery) => {
      telemetry.message()
      return storeDelivery(readdress(delivery), source, stages)
    },
    park: async (given, { code, reason }) => {
      const sent = readdress(given)
      const tenant = parseSenderKey(sent.routingKey)?.tenant ?? noTenant
      // Of what was sent: without a sender's id it is the hash of just those bytes.
      const messageId = messageIdOf(sent)
      const delivery = await unpacked(sent, tenant, stages.room)
      const item = { index: wholeMessage, code, reason, bytes: delivery.body }
      await parker.park(delivery, { tenant, messageId }, [item])
    },
  })
}
