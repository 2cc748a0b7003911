import { expect, test } from 'vitest'
import { parseRecords, toBytes } from './record.ts'

const record = { messageId: 'm', contentEncoding: undefined, body: Buffer.from('body') }

test('zeros at the end, as a loss of power may leave them, are no records', () => {
  const segment = Buffer.concat([toBytes(record), Buffer.alloc(4096)])
  const { records, whole } = parseRecords(segment)
  expect(records.map(({ messageId }) => messageId)).toEqual(['m'])
  expect(whole).toBe(false)
  expect(parseRecords(toBytes(record)).whole).toBe(true)
})
