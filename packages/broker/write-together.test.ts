import { once } from 'node:events'
import { Writable } from 'node:stream'
import { expect, it } from 'vitest'
import { writeTogether } from './write-together.ts'

function createRecorder() {
  const calls: string[][] = []
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk, _encoding, done) => {
      calls.push([String(chunk)])
      done()
    },
    writev: (chunks, done) => {
      calls.push(chunks.map(({ chunk }) => String(chunk)))
      done()
    },
  })
  writeTogether(stream)
  return { stream, calls }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

it('hands on what one turn writes at once, in its order', async () => {
  const { stream, calls } = createRecorder()
  for (const text of ['a', 'b', 'c']) stream.write(text)
  await Promise.resolve()
  stream.write('d')
  expect(calls).toEqual([])
  await turn()
  stream.write('e')
  await turn()
  expect(calls).toEqual([['a', 'b', 'c', 'd'], ['e']])
})

it('ends with what was written in its last turn', async () => {
  const { stream, calls } = createRecorder()
  stream.write('a')
  stream.write('b')
  stream.end()
  await once(stream, 'finish')
  expect(calls).toEqual([['a', 'b']])
})

it('says when there is no room, and when there is again', async () => {
  const stream = new Writable({ highWaterMark: 4, write: (_chunk, _encoding, done) => done() })
  writeTogether(stream)
  expect(stream.write('abc')).toBe(true)
  expect(stream.write('def')).toBe(false)
  await once(stream, 'drain')
})
