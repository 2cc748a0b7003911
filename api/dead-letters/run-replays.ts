import { randomUUID } from 'node:crypto'
import type { Broker } from '@warren/broker/open'
import type { Health } from '@warren/contracts/http/status'
import { reasonOf } from '@warren/platform/errors'
import { createHealthCell } from '@warren/platform/health-cell'
import type { Log } from '@warren/platform/log'
import type { DeadLetterReplays, HeldReplay } from '@warren/stores/catalog/replay-store'
import { type ReplayContext, runReplay } from './run-replay.ts'

export interface ReplayRunnerOptions {
  /** Stays the caller's to close. */
  readonly broker: Broker
  readonly replays: DeadLetterReplays
  readonly log: Log
  /** How long a replay stays with a runner that says nothing: then another goes on with it. */
  readonly holdMs?: number | undefined
}

/** Runs the replays of the catalog, each by one api at a time. */
export interface ReplayRunner {
  /** There may be a new one. */
  look(): void
  health(): Health
  /** Ends with what is in hand; the rest is for the next who starts. */
  close(): Promise<void>
}

/** Another api's may have been left behind. */
const lookEveryMs = 5000
/** At once, of different tenants. */
const concurrency = 4
/** Nobody else takes it while letters are sent slowly. */
async function runHeld(replay: HeldReplay, context: ReplayContext): Promise<void> {
  const { replays, holdMs } = context
  // One that fails is made up for by the next; when all do, sending the same twice does no harm.
  const beat = setInterval(() => void replays.hold(replay, holdMs).catch(reasonOf), holdMs / 3)
  try {
    await runReplay(replay, context)
  } finally {
    clearInterval(beat)
  }
}

export function startReplays(options: ReplayRunnerOptions): ReplayRunner {
  const { broker, replays, log, holdMs = 30_000 } = options
  const holder = randomUUID()
  const closing = new AbortController()
  const { signal } = closing
  const publisher = broker.publisher({ waitMs: 5000 })
  const context = { replays, holdMs, publisher, signal }
  const health = createHealthCell('api/dead letter replays')
  health.set('green')
  const running = new Set<Promise<void>>()

  const claim = async () => {
    while (running.size < concurrency && !signal.aborted) {
      const replay = await replays.claim(holder, holdMs)
      if (replay === undefined) return
      const ended: Promise<void> = runHeld(replay, context)
        .catch((error: unknown) => {
          // It is held until its time is over, then somebody claims it again.
          log.warn('a replay was interrupted', { replay: replay.id, error: reasonOf(error) })
        })
        .finally(() => {
          running.delete(ended)
          look()
        })
      running.add(ended)
    }
  }
  let looking: Promise<void> | undefined
  const look = () => {
    if (signal.aborted) return
    looking ??= claim()
      .then(
        () => health.set('green'),
        (error: unknown) =>
          health.set('yellow', `replays cannot be looked for: ${reasonOf(error)}`),
      )
      .finally(() => {
        looking = undefined
      })
  }
  const timer = setInterval(look, lookEveryMs)
  timer.unref()
  look()
  return {
    look,
    health: health.read,
    close: async () => {
      clearInterval(timer)
      closing.abort()
      await looking
      await Promise.all(running)
      await publisher.close()
      await replays
        .release(holder)
        .catch((error: unknown) =>
          log.warn('replays stay held for a while', { error: reasonOf(error) }),
        )
    },
  }
}
