import { setTimeout as sleep } from 'node:timers/promises'
import type { Health } from '@warren/contracts/http/status'
import { backoffMs } from './backoff.ts'
import { withDeadline } from './deadline.ts'
import { reasonOf } from './errors.ts'
import type { Log } from './log.ts'
import type { RunningService } from './service.ts'
import { blaming } from './unexpected.ts'

export interface SuperviseOptions {
  /** The part's name in status and logs. */
  readonly name: string
  readonly start: () => Promise<RunningService>
  readonly log: Log
  readonly backoff?: { readonly firstMs: number; readonly maxMs: number }
}

export interface Supervised {
  /** Red with the reason while the service is down; its own parts while it runs. */
  health(): readonly Health[]
  /** Ends the service, or the wait for its next start. Safe to call twice. */
  close(): Promise<void>
}

/** A service that ran this long starts again at the first delay. */
const steadyMs = 60_000
/** A failed service may hang while it closes; the next one does not wait for it longer. */
const closeMs = 30_000

interface Life {
  readonly starting: Promise<RunningService>
  /** Rejects with the first error of the service that nobody caught. */
  readonly unexpected: Promise<never>
}

function startBlamed({ name, start, log }: Pick<SuperviseOptions, 'name' | 'start' | 'log'>): Life {
  const { promise: unexpected, reject } = Promise.withResolvers<never>()
  // Nobody may be listening when it comes.
  unexpected.catch(() => undefined)
  const onUnexpected = (error: unknown) => {
    const stack = error instanceof Error ? error.stack : undefined
    log.error(`nobody caught an error of ${name}`, { error: reasonOf(error), stack })
    reject(error)
  }
  return { starting: blaming(onUnexpected, start), unexpected }
}

/** Also one that comes up only after it has failed. */
async function closeFailed(
  starting: Promise<RunningService>,
  { name, log }: Pick<SuperviseOptions, 'name' | 'log'>,
): Promise<void> {
  const closed = starting.then(
    (failed) => failed.close(),
    () => undefined,
  )
  await withDeadline(closed, { ms: closeMs, what: `closing ${name}` }).catch((error: unknown) =>
    log.error(reasonOf(error)),
  )
}

/** Keeps one service running: one that throws, also where nobody catches it (see `routeUnexpected`), is started again alone, with back-off. */
export function supervise({
  name,
  start,
  log,
  backoff = { firstMs: 500, maxMs: 30_000 },
}: SuperviseOptions): Supervised {
  const stopping = new AbortController()
  let service: RunningService | undefined
  let down: Health = {
    part: name,
    state: 'yellow',
    reason: 'starting',
    since: new Date().toISOString(),
  }

  async function runOnce(): Promise<void> {
    const { starting, unexpected } = startBlamed({ name, start, log })
    try {
      service = await Promise.race([starting, unexpected])
      if (!stopping.signal.aborted) await Promise.race([service.ended, unexpected])
    } finally {
      if (!stopping.signal.aborted) {
        service = undefined
        await closeFailed(starting, { name, log })
      }
    }
  }

  async function run(): Promise<void> {
    for (let attempt = 0; !stopping.signal.aborted; attempt++) {
      const since = Date.now()
      const error = await runOnce().then(
        () => new Error('it ended by itself'),
        (thrown: unknown) => thrown,
      )
      if (stopping.signal.aborted) return
      if (Date.now() - since > steadyMs) attempt = 0
      const waitMs = backoffMs(attempt, backoff)
      const reason = `${reasonOf(error)}; starts again in ${Math.ceil(waitMs / 1000)} s`
      down = { part: name, state: 'red', reason, since: new Date().toISOString() }
      log.error(`${name} failed`, { error: reasonOf(error), waitMs: Math.round(waitMs) })
      await sleep(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }

  const running = run()
  return {
    health: () => service?.health() ?? [down],
    close: async () => {
      stopping.abort()
      await service?.close()
      await running
      // The service may have come up after the first look.
      await service?.close()
    },
  }
}
