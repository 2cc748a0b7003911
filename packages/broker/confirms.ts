import type { ConfirmChannel, Message, Options } from 'amqplib'
import { brokerError, lossError } from './errors.ts'

export interface ReadyMessage {
  readonly exchange: string
  readonly key: string
  readonly body: Buffer
  readonly properties: Options.Publish & { readonly messageId: string }
}

interface InFlight {
  returned: string | undefined
}

/** Sends over one confirm channel and tells what became of each message. */
export interface Confirms {
  /** Resolves when the broker confirmed and did not return it; rejects with a `WarrenError` (`nacked`, `unroutable`, `confirm_timeout`, or why the channel was lost). */
  send(message: ReadyMessage, timeoutMs: number): Promise<void>
}

/** amqplib's words for basic.nack; every other error of a confirm is the loss of the channel. */
const nackMessage = 'message nacked'

export function createConfirms(channel: ConfirmChannel): Confirms {
  const inFlight = new Map<string, InFlight[]>()
  let lossReason: unknown

  channel.on('error', (error) => {
    lossReason = error
  })
  // A return comes before the confirm of the same message.
  channel.on('return', ({ fields, properties }: Message) => {
    const replyText = 'replyText' in fields ? String(fields.replyText) : 'returned'
    const entry = inFlight
      .get(String(properties.messageId))
      ?.find(({ returned }) => returned === undefined)
    if (entry !== undefined) entry.returned = replyText
  })

  const track = (id: string): InFlight => {
    const entry: InFlight = { returned: undefined }
    const same = inFlight.get(id)
    if (same === undefined) inFlight.set(id, [entry])
    else same.push(entry)
    return entry
  }
  const untrack = (id: string, entry: InFlight) => {
    const rest = inFlight.get(id)?.filter((other) => other !== entry) ?? []
    if (rest.length === 0) inFlight.delete(id)
    else inFlight.set(id, rest)
  }

  const failureOf = (error: Error | null, entry: InFlight, target: string) => {
    if (error?.message === nackMessage)
      return brokerError('nacked', `${target}: a queue refused the message; it is full`)
    if (error !== null) return lossError(lossReason ?? error)
    if (entry.returned === undefined) return undefined
    return brokerError('unroutable', `${target}: no queue takes this key (${entry.returned})`)
  }

  return {
    send: ({ exchange, key, body, properties }, timeoutMs) =>
      new Promise((resolve, reject) => {
        const target = `${exchange} ${key}`
        const entry = track(properties.messageId)
        const timer = setTimeout(() => {
          untrack(properties.messageId, entry)
          reject(brokerError('confirm_timeout', `${target}: no confirm within ${timeoutMs} ms`))
        }, timeoutMs)
        const settle = (error: Error | null) => {
          clearTimeout(timer)
          untrack(properties.messageId, entry)
          const failure = failureOf(error, entry, target)
          if (failure === undefined) resolve()
          else reject(failure)
        }
        try {
          channel.publish(exchange, key, body, properties, settle)
        } catch (error) {
          settle(error instanceof Error ? error : new Error(String(error)))
        }
      }),
  }
}
