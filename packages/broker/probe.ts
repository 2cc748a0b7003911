import { withDeadline } from '@warren/platform/deadline'
import { WarrenError } from '@warren/platform/errors'
import { closeSurely } from './close-surely.ts'
import { type OpenOptions, openModel, publicAddress } from './connection.ts'
import { plainReason } from './errors.ts'

const probeMs = 5000
/** AMQP reply codes of a credential, or a virtual host, that is refused: https://www.rabbitmq.com/amqp-0-9-1-reference#constants */
const refusals = /\b(403|530) \(/

/** Connects once. Resolves with whether a broker is there: one that is away may come. Throws `broker_refused` (fatal) when it answers and refuses the credential or the virtual host, which no waiting helps. */
export async function probeBroker(options: OpenOptions): Promise<boolean> {
  const opening = openModel(options)
  try {
    const model = await withDeadline(opening, { ms: probeMs, what: 'connecting to the broker' })
    await closeSurely(model)
    return true
  } catch (cause) {
    // It may still open after the deadline.
    opening.then(closeSurely).catch(() => undefined)
    if (!(cause instanceof Error) || !refusals.test(cause.message)) return false
    throw new WarrenError(
      `the broker at ${publicAddress(options.url)} refuses the credential of its address: ${plainReason(cause)}`,
      { code: 'broker_refused', disposition: 'fatal', cause },
    )
  }
}
