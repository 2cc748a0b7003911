import { describe, expect, it, test } from 'vitest'
import { AnswerReader } from './answer-reader.ts'

/** Lines as they are sent. */
const lines = (...all: readonly string[]): string => all.join('\r\n')

function read(pieces: readonly Buffer[]) {
  const reader = new AnswerReader()
  let isWhole = false
  for (const piece of pieces) isWhole = reader.push(Buffer.from(piece))
  const body = Buffer.concat(reader.pieces).toString()
  return { isWhole, body, status: reader.head?.status, mayGoOn: reader.mayGoOn, reader }
}

const answers = {
  'of known length': {
    text: lines('HTTP/1.1 200 OK', 'Content-Length: 5', 'X-A: 1', 'x-a:  2 ', '', 'abcde'),
    expected: { isWhole: true, body: 'abcde', status: 200, mayGoOn: true },
  },
  'in chunks, with extensions and trailers': {
    text: lines(
      ...[
        'HTTP/1.1 200 OK',
        'Transfer-Encoding: Chunked',
        '',
        '3',
        'abc',
        'B;x=y',
        '\r\n3456789ab',
      ],
      ...['0', 'X-Checked: yes', '', ''],
    ),
    expected: { isWhole: true, body: 'abc\r\n3456789ab', status: 200, mayGoOn: true },
  },
  'of no length, after one that goes before it': {
    text: lines('HTTP/1.1 103 Early Hints', 'Link: </a>', '', 'HTTP/1.1 204 No Content', '', ''),
    expected: { isWhole: true, body: '', status: 204, mayGoOn: true },
  },
  'after which the connection ends': {
    text: lines('HTTP/1.1 503 Busy', 'Connection: close', 'Content-Length: 2', '', 'no'),
    expected: { isWhole: true, body: 'no', status: 503, mayGoOn: false },
  },
  'of an old server': {
    text: lines('HTTP/1.0 200 OK', 'Content-Length: 0', '', ''),
    expected: { isWhole: true, body: '', status: 200, mayGoOn: false },
  },
}

describe.each(Object.entries(answers))('an answer %s', (_, { text, expected }) => {
  const bytes = Buffer.from(text)

  it('is read wherever it is cut', () => {
    expect(read([bytes])).toMatchObject(expected)
    for (let at = 1; at < bytes.length; at++)
      expect(read([bytes.subarray(0, at), bytes.subarray(at)])).toMatchObject(expected)
    expect(read(Array.from(bytes, (byte) => Buffer.from([byte])))).toMatchObject(expected)
  })

  it('is not whole without its last byte', () => {
    const { isWhole, reader } = read([bytes.subarray(0, -1)])
    expect(isWhole).toBe(false)
    expect(reader.end()).toBe(false)
  })

  it('ends the connection when more comes than was asked for', () => {
    expect(read([Buffer.from(`${text}HTTP/1.1 200 OK\r\n`)])).toMatchObject({
      ...{ body: expected.body, isWhole: true, mayGoOn: false },
    })
  })
})

it('reads headers by small names, and those that come twice as one', () => {
  expect(read([Buffer.from(answers['of known length'].text)]).reader.head?.headers).toEqual({
    ...{ 'content-length': '5', 'x-a': '1, 2' },
  })
})

it('reads a body that says no length until the connection ends', () => {
  const { isWhole, body, reader } = read([Buffer.from('HTTP/1.1 200 OK\r\n\r\nabc')])
  expect({ isWhole, body, mayGoOn: reader.mayGoOn }).toEqual({
    ...{ isWhole: false, body: 'abc', mayGoOn: false },
  })
  expect(reader.end()).toBe(true)
})

test.each([
  ['SSH-2.0-OpenSSH_9\r\n\r\n', 'SSH'],
  ['HTTP/2 200\r\n\r\n', 'HTTP/2'],
  ['HTTP/1.1 200 OK\r\nnothing\r\n\r\n', 'a header without a name'],
  ['HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\n', 'unknown length'],
  ['HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n', 'unknown length'],
  ['HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n', 'unknown form'],
  ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n', 'unknown form'],
  ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n', 'a chunk of unknown length'],
  ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n', 'longer than it says'],
  [`HTTP/1.1 200 OK\r\nA: ${'x'.repeat(70_000)}`, 'a line has no end'],
])('%j is none', (text, reason) => {
  expect(() => read([Buffer.from(text)])).toThrow(reason)
})

it('refuses more than 64 MB as soon as there are more', () => {
  const reader = new AnswerReader()
  reader.push(Buffer.from('HTTP/1.1 200 OK\r\n\r\n'))
  const megabyte = Buffer.alloc(1024 ** 2)
  for (let count = 0; count < 64; count++) reader.push(megabyte)
  expect(() => reader.push(Buffer.from('x'))).toThrow('more than 67108864 bytes')
})
