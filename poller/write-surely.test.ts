import { WarrenError } from '@warren/platform/errors'
import type { LineBatch } from '@warren/stores/write-outcome'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { linesOf, sliceLines } from './line-batch.ts'
import { writeSurely } from './write-surely.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const batchOf = (lines: readonly string[]): LineBatch => {
  const starts = [0]
  for (const line of lines) starts.push((starts.at(-1) ?? 0) + line.length + 1)
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
  return { tenant: 'a', bytes, starts: Uint32Array.from(starts) }
}
const textOf = ({ bytes }: LineBatch) => Buffer.from(bytes).toString().trim().split('\n')

const error = (disposition: 'retry' | 'reject' | 'fatal', retryAfterMs?: number) =>
  new WarrenError('no', {
    code: 'test',
    disposition,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })

const options = (
  write: (batch: LineBatch) => Promise<void>,
  signal = new AbortController().signal,
) => {
  const retries: unknown[] = []
  return {
    retries,
    write: async (batch: () => LineBatch) => {
      await write(batch())
      return { refused: [] }
    },
    slice: sliceLines,
    maxItems: () => 1000,
    backoff: { firstMs: 100, maxMs: 1000 },
    signal,
    onRetry: (reason: unknown) => retries.push(reason),
    onWritten: () => undefined,
  }
}

it('waits for a store that is away, as long as it says', async () => {
  let failures = 3
  const given = options(async () => {
    if (failures-- > 0) throw error('retry', 5000)
  })
  const written = writeSurely(() => batchOf(['a']), given)
  await vi.advanceTimersByTimeAsync(14_999)
  expect(failures).toBe(0)
  await vi.advanceTimersByTimeAsync(1)
  await expect(written).resolves.toEqual([])
  expect(given.retries).toHaveLength(3)
})

it('names exactly the items that make the store reject a batch, whichever they are', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }), async (bad) => {
      const stored: string[] = []
      const given = options(async (batch) => {
        const lines = textOf(batch)
        if (lines.some((line) => line.startsWith('bad'))) throw error('reject')
        stored.push(...lines)
      })
      const lines = bad.map((isBad, index) => `${isBad ? 'bad' : 'good'}${index}`)
      const batch = batchOf(lines)
      const refused = await writeSurely(() => batch, given)
      expect(refused.map(({ index }) => lines[index])).toEqual(
        lines.filter((line) => line.startsWith('bad')),
      )
      expect(stored).toEqual(lines.filter((line) => line.startsWith('good')))
      expect(linesOf(batch)).toBe(lines.length)
    }),
  )
})

it('ends on a fatal error, and when told to', async () => {
  await expect(
    writeSurely(
      () => batchOf(['a']),
      options(async () => {
        throw error('fatal')
      }),
    ),
  ).rejects.toMatchObject({ disposition: 'fatal' })
  const closing = new AbortController()
  const written = writeSurely(
    () => batchOf(['a']),
    options(async () => {
      throw error('retry')
    }, closing.signal),
  )
  const failed = expect(written).rejects.toThrow()
  await vi.advanceTimersByTimeAsync(10)
  closing.abort(new Error('closing'))
  await failed
})

it('comes back with halves after a failure that made the store less trusted', async () => {
  const sizes: number[] = []
  const given = {
    ...options(async (batch) => {
      sizes.push(linesOf(batch))
      if (linesOf(batch) > 3) throw error('retry')
    }),
    maxItems: () => 3,
  }
  const written = writeSurely(() => batchOf(['a', 'b', 'c', 'd', 'e']), given)
  await vi.advanceTimersByTimeAsync(1000)
  await expect(written).resolves.toEqual([])
  expect(sizes).toEqual([5, 2, 3])
})
