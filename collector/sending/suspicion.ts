import { WarrenError } from '@warren/platform/errors'

/** Answers of a broker that may be about one message alone; all others are about the broker. Of them `access_refused` closes the channel, so that it comes for whatever else was on its way too. */
const blaming: ReadonlySet<string> = new Set(['unroutable', 'access_refused'])
/** Answers to one message, tried alone, until it is believed to be at fault: some seconds of the drain's back-off, which a queue that is declared anew survives. */
const answersToConvict = 5

/** Finds the message that the broker does not take among those that wait with it. */
export interface Suspicion {
  /** Messages are to be tried one at a time. */
  readonly isRaised: boolean
  /** Hears why a message was not taken, and says whether that was its own fault often enough. An outage is no answer and changes nothing; one that was not tried alone is only suspected. */
  convicts(messageId: string, error: unknown, alone: boolean): boolean
  /** The message has left the queue. */
  clear(messageId: string): void
}

export function createSuspicion(): Suspicion {
  let suspect: { readonly messageId: string; readonly answers: number } | undefined
  return {
    get isRaised() {
      return suspect !== undefined
    },
    convicts: (messageId, error, alone) => {
      if (!(error instanceof WarrenError) || !blaming.has(error.code)) return false
      const before = suspect?.messageId === messageId ? suspect.answers : 0
      suspect = { messageId, answers: before + (alone ? 1 : 0) }
      return suspect.answers >= answersToConvict
    },
    clear: (messageId) => {
      if (suspect?.messageId === messageId) suspect = undefined
    },
  }
}
