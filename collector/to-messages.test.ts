import { expect, test } from 'vitest'
import { toMessages } from './to-messages.ts'

const options = { unitNs: 1n, arrivedMs: 1_700_000_000_123, messageBytes: 1024 ** 2 }
const take = (text: string, more: Partial<typeof options> = {}) => {
  const messages = toMessages(Buffer.from(text), { ...options, ...more })
  return { ...messages, text: Buffer.concat([...messages.bodies]).toString() }
}

test('keeps good lines, stamps those without time, names the bad ones', () => {
  const taken = take('# c\na,host=h\\ 1 v=1i 5\r\nb v="x\ny"\n\nbad\nc,t=1 v=t 1 2\n')
  expect(taken.text).toBe('a,host=h\\ 1 v=1i 5\nb v="x\ny" 1700000000123000000\n')
  expect(taken).toMatchObject({ lines: 2, refused: 2, host: 'h 1' })
  expect(taken.problems).toEqual([
    "unable to parse 'bad': missing fields",
    "unable to parse 'c,t=1 v=t 1 2': point is invalid",
  ])
})

test('turns every precision to nanoseconds, within what a time can be', () => {
  expect(take('a v=1 17\nb v=1', { unitNs: 1_000_000_000n }).text).toBe(
    'a v=1 17000000000\nb v=1 1700000000000000000\n',
  )
  expect(take('a v=1 -2', { unitNs: 1_000n }).text).toBe('a v=1 -2000\n')
  expect(take('a v=1 9223372036854775', { unitNs: 1_000_000n }).problems).toEqual([
    "unable to parse 'a v=1 9223372036854775': time outside range",
  ])
})

test('makes messages no larger than allowed, of whole lines', () => {
  const lines = Array.from({ length: 500 }, (_, at) => `m,host=h v=${at} ${at}`)
  const { bodies } = take(lines.join('\n'), { messageBytes: 1_000 })
  expect(bodies.length).toBeGreaterThan(5)
  expect(bodies.every((body) => body.length <= 1_000 && body.at(-1) === 0x0a)).toBe(true)
  expect(Buffer.concat(bodies).toString()).toBe(`${lines.join('\n')}\n`)
  expect(take(`a v="${'x'.repeat(2_000)}"\nb v=1 1`, { messageBytes: 1_000 })).toMatchObject({
    text: 'b v=1 1\n',
    refused: 1,
  })
})

test('tells only the first of many problems, and only the start of a long line', () => {
  const { problems, refused } = take(`${'x'.repeat(10_000)}\n`.repeat(1_000))
  expect(problems).toHaveLength(10)
  expect(refused).toBe(1_000)
  expect(problems[0]?.length).toBeLessThan(400)
})
