import type { Consumer } from '@warren/broker/consumer'
import type { Broker } from '@warren/broker/open'
import { deadLetterQueue } from '@warren/contracts/topology'
import type { RuleBook } from '../rules/rule-book.ts'
import { parseLetter, toLetter } from './letter.ts'
import type { WaitingLetters } from './waiting-letters.ts'

/** As many are written together. */
const prefetch = 500

/** Carries parked items from their queue to the catalog, which may be away for a while, or to those that wait for room. */
export const keepDeadLetters = (
  broker: Broker,
  waiting: Pick<WaitingLetters, 'keep'>,
  rules: () => RuleBook,
): Consumer =>
  broker.consume({
    queue: deadLetterQueue,
    prefetch,
    handle: async (delivery) => {
      await waiting.keep(parseLetter(delivery.body) ?? toLetter(delivery, rules()))
      return { type: 'ack' }
    },
  })
