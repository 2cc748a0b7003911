import { WarrenError } from '@warren/platform/errors'
import type { WriteOutcome } from '@warren/stores/write-outcome'
import { Registry } from 'prom-client'
import { expect, it } from 'vitest'
import { type Chunk, countOf, freeChunk, withoutBody } from './chunk.ts'
import { JoinedLines } from './line-batch.ts'
import { createStreamWriter } from './stream-writer.ts'
import { createTelemetry } from './telemetry.ts'

/** Large enough to be freed. */
const chunkOf = (name: string): Chunk => {
  const line = `${name} v=1 1\n`
  const count = 3000
  return {
    bytes: new Uint8Array(Buffer.from(line.repeat(count))),
    starts: Uint32Array.from({ length: count + 1 }, (_, at) => at * line.length),
    positions: Uint32Array.from({ length: count }, (_, at) => at),
  }
}

/** Answers of a store, one a write. */
type Answer = (batch: JoinedLines) => WriteOutcome

const stored: Answer = (batch) => {
  batch.release()
  return { refused: [] }
}
const refusing: Answer = (batch) => {
  batch.release()
  return { refused: [{ index: 3001, code: 'malformed', reason: 'no' }] }
}
const silent: Answer = () => ({ refused: [] })
const away: Answer = () => {
  throw new WarrenError('away', { code: 'store_unavailable', disposition: 'retry' })
}

async function write(chunks: readonly Chunk[], ...answers: readonly Answer[]) {
  const left = [...answers]
  const batches: JoinedLines[] = []
  const { batcher } = createStreamWriter<Chunk, JoinedLines>({
    kind: {
      stream: 'metrics',
      normalise: () => {
        throw new Error('nothing comes in')
      },
      join: (tenant, joined) => new JoinedLines(tenant, joined),
      slice: (batch) => batch,
      write: async (batch) => {
        batches.push(batch)
        return (left.shift() ?? silent)(batch)
      },
      check: async () => undefined,
    },
    settings: { batch: { maxItems: 6000, maxBytes: 1_000_000, maxWaitMs: 1 }, concurrency: 1 },
    telemetry: createTelemetry(new Registry())('metrics'),
    signal: AbortSignal.timeout(30_000),
    onFatal: (error) => {
      throw error
    },
    partOfOne: () => 1,
  })
  const written = await Promise.all(chunks.map((chunk) => batcher.add('a', chunk, false)))
  return { written, batches }
}

it('says so when the store has released the batch, and lets go of what the batch had of its own', async () => {
  const chunks = [chunkOf('a'), chunkOf('b')]
  const { written, batches } = await write(chunks, (batch) => {
    expect(batch.bytes).toEqual(new Uint8Array(Buffer.concat(chunks.map(({ bytes }) => bytes))))
    return stored(batch)
  })
  expect(written).toEqual([
    { refused: [], isReleased: true },
    { refused: [], isReleased: true },
  ])
  expect(batches[0]?.bytes).toHaveLength(0)
  expect(chunks.map(countOf)).toEqual([3000, 3000])
  expect(chunks[0]?.bytes.length).toBeGreaterThan(10_000)
})

it('keeps the lines of a released batch for those that were refused', async () => {
  const chunks = [chunkOf('a'), chunkOf('b')]
  const { written } = await write(chunks, refusing)
  expect(written.map(({ refused }) => refused.map(({ index }) => index))).toEqual([[], [1]])
  expect(Buffer.from(chunks[1]?.bytes ?? []).toString('latin1', 0, 8)).toBe('b v=1 1\n')
})

it.each([
  ['the store does not say so', [silent]],
  ['an earlier request failed, which may still be on its way', [away, stored]],
])('counts nothing as released when %s', async (_, answers) => {
  const { written } = await write([chunkOf('a')], ...answers)
  expect(written).toEqual([{ refused: [], isReleased: false }])
})

it('frees the columns of a chunk, but not a buffer that is the message’s own', () => {
  const own = Buffer.alloc(20_000)
  const chunk = { ...chunkOf('a'), bytes: new Uint8Array(own.buffer) }
  freeChunk(chunk, own)
  expect([chunk.bytes.length, chunk.starts.length, chunk.positions.length]).toEqual([
    own.buffer.byteLength,
    0,
    0,
  ])
})

it('frees a body that is the reader’s unless the chunk or what was refused shows a part of it', () => {
  const body = () => new Uint8Array(20_000)
  const [read, taken, shown, own] = [body(), body(), body(), body()]
  const chunk = chunkOf('a')
  withoutBody({ chunk, refused: [] }, read, 'reader')
  withoutBody({ chunk: { ...chunk, bytes: taken.subarray(0, 10) }, refused: [] }, taken, 'reader')
  const letter = { index: 0, code: 'malformed', reason: 'no', bytes: shown.subarray(5, 6) } as const
  withoutBody({ chunk, refused: [letter] }, shown, 'reader')
  withoutBody({ chunk, refused: [] }, own, 'delivery')
  expect([read, taken, shown, own].map(({ length }) => length)).toEqual([0, 20_000, 20_000, 20_000])
})

it('copies what shows a part of a body that was only lent', () => {
  const body = new Uint8Array(20_000).fill(1)
  const letter = { index: 0, code: 'malformed', reason: 'no', bytes: body.subarray(5, 6) } as const
  const other = { ...letter, bytes: Uint8Array.of(7) }
  const shown = { ...chunkOf('a'), bytes: body.subarray(0, 2) }
  const { chunk, refused } = withoutBody({ chunk: shown, refused: [letter, other] }, body, 'lent')
  body.fill(2)
  expect([...chunk.bytes]).toEqual([1, 1])
  expect(refused.map(({ bytes }) => [...bytes])).toEqual([[1], [7]])
})
