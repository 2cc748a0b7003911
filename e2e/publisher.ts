import { setTimeout as sleep } from 'node:timers/promises'
import { createdSenderSchema } from '@warren/contracts/http/senders'
import { type ConfirmChannel, connect, type Options } from 'amqplib'
import type { Client } from './client.ts'

export interface Message {
  readonly exchange: string
  readonly key: string
  readonly body: Buffer
  readonly options?: Options.Publish
}

/** The broker's address with a credential that may only send: made through the api, as a person would. */
export async function makeSender(client: Client, name: string): Promise<string> {
  const sender = createdSenderSchema.parse(
    await client.post('/api/v1/senders', { name, kind: 'amqp' }),
  )
  const url = new URL(sender.url)
  url.username = encodeURIComponent(sender.user)
  url.password = encodeURIComponent(sender.secret)
  return url.href
}

interface Publishing {
  readonly channel: ConfirmChannel
  /** Ids of messages that no queue took: the broker says so, and confirms them all the same. */
  readonly returned: Set<unknown>
}

const publishOne = ({ channel, returned }: Publishing, message: Message): Promise<void> =>
  new Promise((resolve, reject) => {
    const { exchange, key, body, options } = message
    const failed = () => reject(new Error('the channel was closed before the confirm'))
    channel.once('close', failed)
    channel.publish(
      exchange,
      key,
      body,
      { persistent: true, mandatory: true, ...options },
      (error) => {
        channel.off('close', failed)
        if (error) reject(error instanceof Error ? error : new Error('nacked'))
        else if (returned.delete(options?.messageId)) reject(new Error('no queue took it'))
        else resolve()
      },
    )
  })

const concurrent = 16

async function publishSome(url: string, spool: Set<Message>): Promise<void> {
  const connection = await connect(url)
  connection.on('error', () => undefined)
  // A close is never answered when the connection is cut before the broker's word.
  const gone = new Promise<void>((resolve) => connection.once('close', () => resolve()))
  try {
    const channel = await connection.createConfirmChannel()
    channel.setMaxListeners(concurrent + 10)
    channel.on('error', () => undefined)
    const publishing: Publishing = { channel, returned: new Set() }
    channel.on('return', ({ properties }) => void publishing.returned.add(properties.messageId))
    const waiting = [...spool]
    const work = async () => {
      for (let message = waiting.pop(); message !== undefined; message = waiting.pop()) {
        await publishOne(publishing, message)
        spool.delete(message)
      }
    }
    const outcomes = await Promise.allSettled(Array.from({ length: concurrent }, work))
    const failure = outcomes.find(({ status }) => status === 'rejected')
    if (failure !== undefined) throw new Error('a publish was not confirmed')
  } finally {
    await Promise.race([connection.close(), gone]).catch(() => undefined)
  }
}

/** A sender with a spool of its own, on a client library of its own: every message again until the broker has confirmed it. */
export async function publishAll(url: string, messages: readonly Message[]): Promise<void> {
  const spool = new Set(messages)
  for (const deadline = Date.now() + 300_000; spool.size > 0; ) {
    try {
      await publishSome(url, spool)
    } catch (error) {
      if (Date.now() > deadline) throw error
      await sleep(200)
    }
  }
}
