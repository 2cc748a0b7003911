import { parseRecords, toBytes } from '@warren/spool/record'
import { expect, test } from 'vitest'
import { fromRecord, toFixed, toRecord } from './envelope.ts'

test('a message is the same after it was on disk, its id and time too', () => {
  const message = toFixed({
    ...{ exchange: 'warren.logs', key: 'a.-.ü "x"', contentType: 'application/x-ndjson' },
    ...{ contentEncoding: 'zstd', headers: { 'x-warren-time-ns': '5' } },
    body: Buffer.from([0, 255, 10]),
  })
  const { records } = parseRecords(toBytes(toRecord(message)))
  expect(records.map(fromRecord)).toEqual([message])
  expect(message.messageId).not.toBe('')
  expect(message.timestamp).toBeGreaterThan(1_700_000_000)
})

test('a record that has no envelope is refused, and not asked for again', () => {
  for (const key of [undefined, '', 'no JSON'])
    expect(() =>
      fromRecord({ messageId: '', contentEncoding: undefined, key, body: Buffer.alloc(0) }),
    ).toThrow(expect.objectContaining({ code: 'spool_damaged', disposition: 'reject' }))
})
