import type { DeadLetter } from '@warren/contracts/dead-letter'
import { WarrenError } from '@warren/platform/errors'
import { expect, it } from 'vitest'
import { watchRefused } from './refused-letters.ts'

const letter: DeadLetter = {
  ...{ id: 'one', tenant: 'acme', stream: 'metrics', code: 'malformed', reason: 'r', attempts: 1 },
  ...{ first_seen: '2026-03-03T12:00:00Z', last_seen: '2026-03-03T12:00:00Z', item: '' },
  origin: { exchange: 'e', routing_key: 'k', message_id: 'm', index: 0 },
}

it('is red from a refusal of the catalog on until none was for a minute, and hands it on', async () => {
  let nowMs = 0
  let code = 'catalog_bad_value'
  const watched = watchRefused(
    { put: () => Promise.reject(new WarrenError(code, { code, disposition: 'retry' })) },
    () => nowMs,
  )
  const put = (letters: readonly DeadLetter[]) =>
    watched.put(letters).catch((error: WarrenError) => error.code)
  expect(watched.health().state).toBe('green')
  // Which of them is to blame is not known yet.
  expect(await put([letter, letter])).toBe(code)
  for (code of ['catalog_unavailable', 'dead_letters_full']) expect(await put([letter])).toBe(code)
  expect(watched.health().state).toBe('green')
  code = 'catalog_bad_value'
  expect(await put([letter])).toBe(code)
  nowMs = 60_000
  expect(watched.health()).toMatchObject({
    state: 'red',
    reason: 'dead letter one waits: catalog_bad_value',
  })
  nowMs += 1
  expect(watched.health().state).toBe('green')
})
