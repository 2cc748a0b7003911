import { setTimeout as sleep } from 'node:timers/promises'
import type { Publisher } from '@warren/broker/publisher'
import { dispositionOf, reasonOf } from '@warren/platform/errors'
import type { HeldReplay, LetterToSend } from '@warren/stores/catalog/replay-store'
import { obstacleTo, toMessage } from './letter-message.ts'

interface SendOptions {
  readonly publisher: Publisher
  readonly replay: HeldReplay
  readonly signal: AbortSignal
}

export interface Sending {
  /** The broker has each and a queue took it. */
  readonly sent: readonly LetterToSend[]
  readonly skipped: number
  /** Why the last of them was skipped. */
  readonly obstacle: string | undefined
  /** Why the rest is to be tried again. */
  readonly failure: unknown
}

const tickMs = 50

/** Sends letters at the replay's rate, several at once; resolves when each has its answer. The first that must be tried again ends it. */
export async function sendLetters(
  letters: readonly LetterToSend[],
  { publisher, replay, signal }: SendOptions,
): Promise<Sending> {
  const { id, perSecond } = replay
  const sent: LetterToSend[] = []
  const obstacles: string[] = []
  const failures: unknown[] = []
  const send = async (letter: LetterToSend) => {
    const obstacle = obstacleTo(letter)
    if (obstacle !== undefined) return void obstacles.push(obstacle)
    try {
      await publisher.publish(toMessage(letter, id))
      sent.push(letter)
    } catch (error) {
      if (dispositionOf(error) === 'reject') obstacles.push(reasonOf(error))
      else failures.push(error)
    }
  }
  const startedAt = performance.now()
  const answers: Promise<void>[] = []
  for (const [index, letter] of letters.entries()) {
    const aheadMs = (index * 1000) / perSecond - (performance.now() - startedAt)
    if (aheadMs > tickMs) await sleep(aheadMs, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) failures.push(signal.reason)
    if (failures.length > 0) break
    answers.push(send(letter))
  }
  await Promise.all(answers)
  if (failures.length === 0) await pace(letters.length, { startedAt, perSecond, signal })
  return { sent, skipped: obstacles.length, obstacle: obstacles.at(-1), failure: failures[0] }
}

/** The rest of the time that so many take at the rate. */
async function pace(
  count: number,
  { startedAt, perSecond, signal }: { startedAt: number; perSecond: number; signal: AbortSignal },
): Promise<void> {
  const restMs = (count * 1000) / perSecond - (performance.now() - startedAt)
  if (restMs > 0) await sleep(restMs, undefined, { signal }).catch(() => undefined)
}
