import { setTimeout as sleep } from 'node:timers/promises'
import type { Publisher } from '@warren/broker/publisher'
import { backoffMs } from '@warren/platform/backoff'
import { reasonOf } from '@warren/platform/errors'
import type { DeadLetterReplays, HeldReplay } from '@warren/stores/catalog/replay-store'
import { sendLetters } from './send-letters.ts'

const waiting = { firstMs: 500, maxMs: 10_000 }
const mostBytes = 8 * 1024 ** 2
const mostLetters = 200

export interface ReplayContext {
  readonly replays: DeadLetterReplays
  readonly holdMs: number
  readonly publisher: Publisher
  readonly signal: AbortSignal
}

/** A second's worth, so that progress is seen and a kill repeats little. */
const lettersAtOnce = ({ perSecond }: HeldReplay): number =>
  Math.max(1, Math.min(mostLetters, perSecond))

/** 1. Take the next letters. 2. Send them, at the rate, until each is confirmed or cannot be sent. 3. In one transaction remove those and count them. */
export async function runReplay(replay: HeldReplay, context: ReplayContext): Promise<void> {
  const { replays, holdMs, signal } = context
  const most = { letters: lettersAtOnce(replay), bytes: mostBytes }
  let failures = 0
  let skipped: string | null = null
  while (!signal.aborted) {
    const next = await replays.next(replay, most)
    if (next === undefined) return replays.end(replay)
    const sending = await sendLetters(next.letters, { ...context, replay })
    if (sending.obstacle !== undefined) skipped = `skipped: ${sending.obstacle}`
    const { failure } = sending
    if (failure === undefined) {
      failures = 0
      await replays.advance(replay, { ...sending, seenSeq: next.seenSeq, reason: skipped })
    } else {
      // What was confirmed goes; the rest is looked at again.
      await replays.advance(replay, { sent: sending.sent, seenSeq: '0', skipped: 0 })
      if (signal.aborted) return
      await replays.hold(replay, holdMs, `waits: ${reasonOf(failure)}`)
      await sleep(backoffMs(failures++, waiting), undefined, { signal }).catch(() => undefined)
    }
    if (!(await replays.hold(replay, holdMs))) return
  }
}
