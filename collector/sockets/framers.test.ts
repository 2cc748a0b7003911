import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSyslogFramer } from '../listeners/syslog/syslog-framer.ts'
import { createDelimitedFramer } from './delimited-framer.ts'
import type { Framer } from './framer.ts'

/** The frames of a stream that comes in pieces of these sizes; a cut one has `…` behind it. */
function frames(framer: Framer, stream: string, sizes: readonly number[] = []): string[] {
  const found: string[] = []
  const onFrame = (bytes: Buffer, isCut: boolean) =>
    void found.push(`${bytes.toString('latin1')}${isCut ? '…' : ''}`)
  const bytes = Buffer.from(stream, 'latin1')
  let at = 0
  for (const size of [...sizes, bytes.length]) {
    if (at < bytes.length) framer.push(bytes.subarray(at, at + size), onFrame)
    at += size
  }
  framer.end(onFrame)
  return found
}

const lines = () => createDelimitedFramer({ delimiter: 0x0a, maxBytes: 8 })
const syslog = () => createSyslogFramer(8)

describe.each([
  ['lines', lines, 'a\n\nbcdefghi\nbcdefghijkl\nm\nend'],
  [
    'syslog',
    syslog,
    '<1>a\n4 <1>b5 <1>cd<1>e\n12 <1>ghijklmno<1>abcdefghijk\n<1>p\n3 day\n8 <1>12345',
  ],
])('%s', (_, create, stream) => {
  it('finds the same messages however the stream is cut, and holds one at most', () => {
    const expected = frames(create(), stream)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 80 }), (sizes) => {
        expect(frames(create(), stream, sizes)).toEqual(expected)
      }),
    )
  })

  it('holds no more than a message', () => {
    const framer = create()
    for (let sent = 0; sent < 1_000; sent += 1) {
      framer.push(Buffer.from('9'), () => undefined)
      expect(framer.heldBytes).toBeLessThanOrEqual(8 + 9)
    }
  })
})

it('cuts lines', () => {
  expect(frames(lines(), 'a\n\nbcdefghi\nbcdefghijkl\nm\nend')).toEqual([
    ...['a', 'bcdefghi', 'bcdefghi…', 'm', 'end'],
  ])
})

it('tells the two framings of syslog apart, message by message', () => {
  expect(
    frames(
      syslog(),
      '<1>a\n4 <1>b5 <1>cd<1>e\n12 <1>ghijklmno<1>abcdefghijk\n<1>p\n3 day\n8 <1>12345',
    ),
  ).toEqual([
    ...['<1>a', '<1>b', '<1>cd', '<1>e', '<1>ghijk…', '<1>abcde…', '<1>p', '3 day', '<1>12345'],
  ])
})
