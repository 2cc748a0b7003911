import { Readable } from 'node:stream'
import { maxAnswerBytes, readAnswer } from '@warren/stores/http/read-answer'
import { expect, it } from 'vitest'
import { toRefusal } from './problem.ts'

it('blames the query for an answer of a store that is too long, which is not read to its end', async () => {
  const part = Buffer.alloc(1024 * 1024)
  let read = 0
  const parts = Readable.from(
    (function* () {
      for (;;) {
        read += part.length
        yield part
      }
    })(),
  )
  const error = await readAnswer(parts).catch((reason: unknown) => reason)
  const refusal = toRefusal(error)
  expect(refusal.code).toBe('answer_too_large')
  expect(refusal.message).toMatch(/more than 67108864 bytes; ask for a shorter range/)
  expect(read).toBeLessThan(2 * maxAnswerBytes)
  expect(parts.destroyed).toBe(true)
})
