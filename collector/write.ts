import type { Sender } from './credentials.ts'
import { HttpError } from './http-error.ts'
import { nanosecondsIn } from './precision.ts'
import { readBody } from './read-body.ts'
import { publish, refusal, type WriteContext, type WriteRequest } from './receiving.ts'
import { toMessages } from './to-messages.ts'

/** Takes a body of line protocol; resolves once the broker has confirmed every good line or it is on disk, throws an `HttpError` else. Good lines beside bad ones are published before
 *  the error is. A 503 may come after a part was published: the same points again are one (but for those that carried no time). */
export async function takeWrite(
  context: WriteContext,
  write: WriteRequest,
  sender: Sender,
): Promise<void> {
  const arrivedMs = Date.now()
  const precision = write.query.get('precision')
  const unitNs = nanosecondsIn(precision)
  if (unitNs === undefined)
    throw new HttpError(400, 'invalid', { message: `invalid precision "${precision}"` })
  const { maxBodyBytes, messageBytes } = context.settings
  const body = await readBody(write.request, maxBodyBytes)
  const messages = toMessages(body, { unitNs, arrivedMs, messageBytes })
  await publish(context, sender, messages)
  if (messages.refused > 0) throw refusal(messages)
}
