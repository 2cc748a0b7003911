import { parseSenderKey } from '@warren/contracts/routing-key'
import { HttpError } from '../http-error.ts'
import type { Outgoing } from '../sending/forwarder.ts'
import type { IngestLimits } from './ingest-limits.ts'

const lineFeed = 0x0a

function linesIn(body: Uint8Array): number {
  let lines = 0
  for (let at = body.indexOf(lineFeed); at >= 0; at = body.indexOf(lineFeed, at + 1)) lines += 1
  return lines
}

/** Has what an input sends, which are lines that are not packed, count for its tenant's limit. What is not taken is given back. */
export const metered = (outgoing: Outgoing, limits: IngestLimits): Outgoing => ({
  publish: async (message) => {
    const limit = limits.of(parseSenderKey(message.key)?.tenant ?? '')
    if (limit === undefined) return outgoing.publish(message)
    const { body } = message
    const items = linesIn(body)
    limit.spend(items, body.length)
    try {
      await outgoing.publish(message)
    } catch (error) {
      limit.spend(-items, -body.length)
      throw error
    }
  },
})

/** Throws the 429 while the tenant is above its limit. */
export function checkLimit(limits: IngestLimits, tenant: string): void {
  const excess = limits.of(tenant)?.excess('refused')
  if (excess === undefined) return
  const retryAfterSeconds = Math.max(1, Math.ceil(excess.ms / 1000))
  const limit = `its limit of ${excess.perSecond} ${excess.of} a second`
  const message = `tenant ${tenant} is above ${limit}, send it again in ${retryAfterSeconds} s`
  throw new HttpError(429, 'too many requests', { message, retryAfterSeconds })
}
