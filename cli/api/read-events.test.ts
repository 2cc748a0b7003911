import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readEvents, type ServerEvent } from './read-events.ts'

it('reads events whatever the pieces they come in, without comments and empty ones', async () => {
  const text =
    'retry: 2000\n\n: here\n\ndata: {"a":"é"}\n\nid: 1\nevent: skipped\ndata: 5\n\nevent: x\n\ndata: cut'
  const bytes = Buffer.from(text)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length)), async (cuts) => {
      const ends = [...cuts.toSorted((a, b) => a - b), bytes.length]
      const pieces = ends.map((end, index) =>
        bytes.subarray(index === 0 ? 0 : ends[index - 1], end),
      )
      const events: ServerEvent[] = []
      for await (const event of readEvents(ReadableStream.from(pieces))) events.push(event)
      expect(events).toEqual([
        { name: '', data: '{"a":"é"}' },
        { name: 'skipped', data: '5' },
      ])
    }),
  )
})
