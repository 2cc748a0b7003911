import type { Health } from '@warren/contracts/http/status'
import { dispositionOf, reasonOf, WarrenError } from '@warren/platform/errors'
import { createHealthCell } from '@warren/platform/health-cell'
import type { LineBatch } from '@warren/stores/write-outcome'
import { type Batcher, createBatcher, type Written } from './batcher.ts'
import type { Chunk } from './chunk.ts'
import type { PollerSettings } from './config.ts'
import { linesOf } from './line-batch.ts'
import { createStoreGate, type StoreGate } from './store-gate.ts'
import type { Joined, StreamKind } from './stream-kind.ts'
import type { StreamTelemetry } from './telemetry.ts'
import { writeSurely } from './write-surely.ts'

export interface StreamWriterOptions<C extends Chunk, B extends LineBatch> {
  readonly kind: StreamKind<C, B>
  readonly settings: Pick<PollerSettings, 'batch' | 'concurrency'>
  readonly telemetry: StreamTelemetry
  /** Ends writes that wait for the store. */
  readonly signal: AbortSignal
  readonly onFatal: (error: unknown) => void
  /** Of the writes at once that one tenant may take now. */
  readonly partOfOne: () => number
}

/** The way of one stream into its store. */
export interface StreamWriter<C extends Chunk> {
  readonly batcher: Batcher<C>
  /** `poller/<stream> store` */
  health(): Health
  /** Asks the store whether it is there, so that its health is known without traffic. Never rejects. */
  check(): Promise<void>
  /** Whether writes are answered at the moment. */
  isAnswering(): boolean
}

/** Of one tenant's batch, before the circuit of all opens. */
const batchBackoff = { firstMs: 200, maxMs: 2000 }
const circuitPause = { firstMs: 500, maxMs: 15_000 }
/** Longer than any store's own timeout. */
const stuckMs = 60_000
/** Longer than a busy store takes. */
const hungMs = 5000

export function createStreamWriter<C extends Chunk, B extends LineBatch>(
  options: StreamWriterOptions<C, B>,
): StreamWriter<C> {
  const { kind, settings, telemetry, partOfOne } = options
  const cell = createHealthCell(`poller/${kind.stream} store`)
  const gate = createStoreGate({
    maxSlots: settings.concurrency,
    pause: circuitPause,
    onChange: (state, pauseMs) => {
      telemetry.circuit(state)
      if (state === 'open')
        cell.set('red', `${cell.read().reason}; nothing is sent for ${Math.ceil(pauseMs / 1000)} s`)
    },
  })
  const limits = () => limitsNow(settings, gate)
  telemetry.circuit(gate.state)
  telemetry.trusted({ slots: gate.slots, batchItems: limits().maxItems })
  const write = createWrite({ ...options, gate, maxItems: () => limits().maxItems }, cell)
  return {
    batcher: createBatcher<C>({
      limits,
      maxWrites: () => Math.floor(gate.slots * partOfOne()),
      write,
    }),
    health: () => {
      if (gate.oldestMs < stuckMs) return cell.read()
      const seconds = Math.floor(gate.oldestMs / 1000)
      return { ...cell.read(), state: 'red', reason: `no answer to a write for ${seconds} s` }
    },
    isAnswering: () => gate.state === 'closed' && gate.oldestMs < hungMs,
    check: async () => {
      try {
        await kind.check()
        if (gate.failures === 0) cell.set('green')
      } catch (error) {
        cell.set('red', reasonOf(error))
      }
    },
  }
}

function limitsNow({ batch }: Pick<PollerSettings, 'batch'>, { share }: StoreGate) {
  const { maxItems, maxBytes, maxWaitMs } = batch
  return {
    maxItems: Math.max(1, Math.floor(maxItems * share)),
    maxBytes: Math.floor(maxBytes * share),
    maxWaitMs,
  }
}

interface WriteContext<C extends Chunk, B extends LineBatch> extends StreamWriterOptions<C, B> {
  readonly gate: StoreGate
  readonly maxItems: () => number
}

function createWrite<C extends Chunk, B extends LineBatch>(
  { kind, telemetry, signal, onFatal, gate, maxItems }: WriteContext<C, B>,
  cell: ReturnType<typeof createHealthCell>,
) {
  const writingWith = (onRetry: () => void) => ({
    write: (batch: () => B) =>
      gate.write(async () => {
        try {
          return await kind.write(batch())
        } catch (error) {
          // Told before the gate acts on it, so that an open circuit says why.
          if (dispositionOf(error) === 'retry')
            cell.set('red', `${reasonOf(error)}; ${kind.stream} wait in their queue`)
          throw error
        }
      }, signal),
    slice: kind.slice,
    maxItems,
    backoff: batchBackoff,
    signal,
    onRetry: (error: unknown) => {
      telemetry.retry(error instanceof WarrenError ? error.code : 'unknown')
      onRetry()
    },
    onWritten: () => cell.set('green'),
  })
  return async (tenant: string, take: () => readonly C[]): Promise<Written> => {
    let joined: (B & Joined) | undefined
    const batch = () => (joined ??= kind.join(tenant, take()))
    let tries = 1
    try {
      const refused = await writeSurely(
        batch,
        writingWith(() => {
          tries += 1
        }),
      )
      telemetry.batch(linesOf(batch()) - refused.length)
      telemetry.trusted({ slots: gate.slots, batchItems: maxItems() })
      // A request that failed may still hold bytes that wait to be sent.
      const isReleased = batch().isReleased && tries === 1
      if (isReleased) batch().free()
      return { refused, isReleased }
    } catch (error) {
      if (dispositionOf(error) === 'fatal') onFatal(error)
      throw error
    }
  }
}
