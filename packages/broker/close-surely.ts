import type { Channel, ChannelModel } from 'amqplib'

/** Closes a channel or a connection in whatever state it is; resolves when it is gone, and never rejects.
 *  amqplib never answers a close whose connection is lost before the broker's word: only the event tells. */
export async function closeSurely(open: Channel | ChannelModel): Promise<void> {
  const { promise: gone, resolve } = Promise.withResolvers<void>()
  const emitter: NodeJS.EventEmitter = open
  emitter.once('close', resolve)
  try {
    await Promise.race([open.close(), gone])
  } catch {
    // Closed already: by the broker, with the connection, or by somebody else here.
  } finally {
    // One that was closed before never says so again, and is closed by whoever holds it.
    emitter.off('close', resolve)
  }
}
