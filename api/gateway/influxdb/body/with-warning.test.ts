import { expect, it } from 'vitest'
import { toBytesAnswer } from './bytes-answer.ts'
import { withWarning } from './with-warning.ts'

const json = '{"results":[{"statement_id":0,"series":[{"columns":["v"],"values":[[1],[2]]}]}]}\n'
const warned = json.replace(']}]}\n', '],"messages":[{"level":"warning","text":"\\u003c"}]}]}\n')
const maxBytes = 1e9

it.each([1, 2, 3, 5, 100])(
  'stands before the end of a body in pieces of %i bytes',
  async (length) => {
    const bytes = Buffer.from(json)
    const pieces = Array.from({ length: Math.ceil(bytes.length / length) }, (_, at) =>
      bytes.subarray(at * length, (at + 1) * length),
    )
    const { body } = withWarning(
      toBytesAnswer({ pieces, bytes: bytes.length, rows: 2, mayBeCut: false }),
      '<',
    )
    expect((await body.encoded({ maxBytes })).join().toString()).toBe(warned)
  },
)

it('leaves a long body in its pieces', () => {
  const row = Buffer.alloc(1024 ** 2, '[1],')
  const [start = '', rest = ''] = json.split('[1]')
  const pieces = [Buffer.from(`${start}`), row, row, row, row, row, Buffer.from(`[1]${rest}`)]
  const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0)
  const { body } = withWarning(toBytesAnswer({ pieces, bytes, rows: 1, mayBeCut: false }), '<')
  expect(pieces.slice(0, 6).every((piece, at) => piece === body.pieces?.[at])).toBe(true)
  const all = Buffer.concat(body.pieces ?? [])
  expect(all.length).toBe(body.bytes)
  expect(all.subarray(-60).toString()).toBe(warned.slice(-60))
})
