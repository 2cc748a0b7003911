import { setTimeout as delay } from 'node:timers/promises'
import { type DeadLetterCode, deadLetterCodes } from '@warren/contracts/dead-letter'
import { backoffMs } from '@warren/platform/backoff'
import { dispositionOf, reasonOf, WarrenError } from '@warren/platform/errors'
import type { ConsumeOptions } from './consume-options.ts'
import type { Delivery, Outcome } from './delivery.ts'

/** What can be done with one message on its channel. */
export interface Disposal {
  ack(): void
  reject(): void
  stop(reason: string): void
}

interface Run {
  readonly options: Pick<ConsumeOptions, 'handle' | 'park'>
  /** Aborted when the channel is lost: the message comes back, so nothing may be said about it any more. */
  readonly signal: AbortSignal
  readonly disposal: Disposal
}

const retryInPlace = { firstMs: 100, maxMs: 10_000 }

const codeOf = (error: unknown): DeadLetterCode =>
  deadLetterCodes.find((code) => error instanceof WarrenError && error.code === code) ?? 'malformed'

function outcomeOf(error: unknown): Outcome {
  switch (dispositionOf(error)) {
    case 'retry':
      return { type: 'retry' }
    case 'reject':
      return { type: 'dead', code: codeOf(error), reason: reasonOf(error) }
    case 'fatal':
      return { type: 'stop', reason: reasonOf(error) }
  }
}

async function outcomeFor(delivery: Delivery, { options }: Run): Promise<Outcome> {
  try {
    return await options.handle(delivery)
  } catch (error) {
    return outcomeOf(error)
  }
}

async function parked(outcome: Outcome, delivery: Delivery, { options }: Run): Promise<Outcome> {
  if (outcome.type !== 'dead' || options.park === undefined) return outcome
  try {
    await options.park(delivery, outcome)
    return { type: 'ack' }
  } catch {
    return { type: 'retry' }
  }
}

/** Calls the handler until it decides, then does what it decided; never rejects. */
export async function runHandler(delivery: Delivery, run: Run): Promise<void> {
  const { signal, disposal } = run
  for (let attempt = 0; !signal.aborted; attempt++) {
    const outcome = await parked(await outcomeFor(delivery, run), delivery, run)
    if (signal.aborted) return
    if (outcome.type !== 'retry') return decide(outcome, disposal)
    await delay(backoffMs(attempt, retryInPlace), undefined, { signal }).catch(() => undefined)
  }
}

function decide(outcome: Exclude<Outcome, { type: 'retry' }>, disposal: Disposal): void {
  try {
    if (outcome.type === 'ack') disposal.ack()
    else if (outcome.type === 'dead') disposal.reject()
    else disposal.stop(outcome.reason)
  } catch {
    // The channel was closed between the outcome and here; the message comes back.
  }
}
