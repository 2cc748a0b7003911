import { expect, test } from 'vitest'
import { graphiteToLines } from './graphite-body.ts'

const convert = (text: string) => graphiteToLines(Buffer.from(text)).toString()

test('prints lines of Graphite as line protocol, each in its place', () => {
  expect(convert('web.load.shortterm 0.5 1700000000\r\na;dc=x 2 1700000000.25\n')).toBe(
    'web.load.shortterm value=0.5 1700000000000000000\na,dc=x value=2 1700000000250000000\n',
  )
  expect(convert('a nan 1700000000\nb 1\nc 2 -1\n')).toBe('\nb value=1\nc value=2\n')
})

test('leaves what is no Graphite to be refused', () => {
  expect(convert('nothing\na b c\n')).toBe('nothing\na b c\n')
})
