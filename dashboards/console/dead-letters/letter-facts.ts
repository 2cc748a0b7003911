import type { StoredLetter } from '@warren/contracts/http/dead-letters'
import { ago } from '../time/ago.ts'
import { moment, momentOf } from '../time/clock.ts'

function timeOf(ns: string | undefined): string {
  if (ns === undefined) return 'none'
  const ms = Number(ns) / 1e6
  return Number.isNaN(ms) ? ns : `${moment(ms)} (${ns} ns)`
}

/** What is known of a letter besides its content, by name. */
export function factsOf(letter: StoredLetter): Readonly<Record<string, string>> {
  const { origin } = letter
  const timed = (time: string) => `${momentOf(time)} (${ago(Date.parse(time))})`
  return {
    Tenant: letter.tenant === '-' ? 'none that exists' : letter.tenant,
    'First refused': timed(letter.first_seen),
    'Last refused': timed(letter.last_seen),
    Attempts: String(letter.attempts),
    Exchange: origin.exchange,
    'Routing key': origin.routing_key,
    Message: `${origin.message_id}, ${origin.index < 0 ? 'whole' : `item ${origin.index + 1}`}`,
    'Time of the message': timeOf(origin.time_ns),
    Size: `${letter.bytes.toLocaleString('en')} bytes${letter.is_cut === true ? ', only the beginning was kept' : ''}`,
    Edited:
      letter.edited_by === null
        ? 'never'
        : `by ${letter.edited_by}, ${timed(letter.edited_at ?? '')}`,
  }
}
