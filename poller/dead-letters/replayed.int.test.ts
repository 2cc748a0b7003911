import { promisify } from 'node:util'
import { zstdCompress } from 'node:zlib'
import { toReplayHeaders } from '@warren/contracts/replay-headers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { logs, metrics, openTestPoller, patience, type TestPoller } from '../testing.ts'

let rig: TestPoller
beforeAll(async () => {
  rig = await openTestPoller()
  await rig.start()
})
afterAll(async () => {
  await rig?.stop()
  await rig?.close()
})

const timeNs = `${Date.now()}000123`
const lettersWith = async (text: string) =>
  (await rig.parked()).filter(({ item }) => Buffer.from(item, 'base64').includes(text))

const replayed = (letter: string, index: number) =>
  toReplayHeaders({
    letter,
    index,
    attempts: 4,
    firstSeen: '2026-03-03T12:00:00.000Z',
    replay: 'r',
  })

test('a letter remembers the message’s id and time, and a whole one is kept plain', async () => {
  await rig.publisher.publish(
    metrics('timeless v=1\nworse v=\n', {
      messageId: 'of-two',
      headers: { 'x-warren-time-ns': timeNs },
    }),
  )
  await expect.poll(() => lettersWith('worse'), patience).toHaveLength(1)
  const [worse] = await lettersWith('worse')
  expect(worse).toMatchObject({
    attempts: 1,
    origin: { message_id: 'of-two', index: 1, time_ns: timeNs },
  })
  const body = await promisify(zstdCompress)(Buffer.from('packed v=1'))
  const packed = { key: 'nobody.-.x', contentEncoding: 'zstd', timestamp: 1_772_539_200 } as const
  await rig.publisher.publish(metrics(body, packed))
  await expect.poll(() => lettersWith('packed'), patience).toHaveLength(1)
  const [whole] = await lettersWith('packed')
  expect(whole).toMatchObject({
    ...{ tenant: '-', code: 'unknown_tenant' },
    origin: { index: -1, time_ns: '1772539200000000000' },
  })
  expect(whole?.origin).not.toHaveProperty('content_encoding')
})

test('what could not be unpacked is kept as it was, with its encoding', async () => {
  await rig.publisher.publish(metrics('unpackable', { contentEncoding: 'gzip' }))
  await expect.poll(() => lettersWith('unpackable'), patience).toHaveLength(1)
  expect(await lettersWith('unpackable')).toMatchObject([
    { code: 'bad_encoding', origin: { content_encoding: 'gzip' } },
  ])
})

test('without a time of its message a line sent again is not given that of its arrival', async () => {
  const headers = replayed('timeless-letter', 3)
  await rig.publisher.publish(metrics('arrival v=1', { timestamp: null, headers }))
  await expect.poll(() => lettersWith('arrival'), patience).toHaveLength(1)
  expect(await lettersWith('arrival')).toMatchObject([
    {
      ...{ id: 'timeless-letter', code: 'no_timestamp', attempts: 5, replay: 'r' },
      first_seen: '2026-03-03T12:00:00.000Z',
      origin: { index: 3 },
    },
  ])
})

test('a letter refused again is the same one, also for another reason; items of several are new ones that have counted', async () => {
  const single = metrics('again v=', { messageId: 'm', headers: replayed('same-letter', 7) })
  await rig.publisher.publish(single)
  await expect.poll(() => lettersWith('again'), patience).toHaveLength(1)
  expect(await lettersWith('again')).toMatchObject([{ id: 'same-letter', attempts: 5 }])
  const group = metrics('many_a v=\nmany_b v=\n', {
    messageId: 'm',
    headers: replayed('group-letter', 1000),
  })
  await rig.publisher.publish(group)
  await expect.poll(() => lettersWith('many_'), patience).toHaveLength(2)
  const items = await lettersWith('many_')
  expect(items.map(({ origin }) => origin.index).sort()).toEqual([1000, 1001])
  expect(items.map(({ attempts }) => attempts)).toEqual([5, 5])
  expect(new Set(items.map(({ id }) => id)).size).toBe(2)
  expect(items.map(({ id }) => id)).not.toContain('group-letter')
})

test('records sent again have the id that they would have had in their message', async () => {
  const record = (message: string) =>
    JSON.stringify({ '@timestamp': new Date().toISOString(), message })
  const lines = [record('idle one'), record('idle two')]
  await rig.publisher.publish(logs(lines.join('\n'), { messageId: 'of-records' }))
  const second = logs(lines[1] ?? '', { messageId: 'of-records', headers: replayed('x', 1) })
  await rig.publisher.publish(second)
  await rig.publisher.publish(second)
  const idsOfTwo = () =>
    rig.writtenRecords
      .join('')
      .split('\n')
      .filter((line) => line.includes('idle two'))
      .map((line) => JSON.parse(line).id)
  await expect.poll(() => idsOfTwo().length, patience).toBe(3)
  expect(new Set(idsOfTwo()).size).toBe(1)
})

test('headers that Warren would not write mean nothing', async () => {
  const headers = { 'x-warren-letter-id': 'forged', 'x-warren-letter-attempts': 'many' }
  await rig.publisher.publish(metrics('forged v=', { headers }))
  await expect.poll(() => lettersWith('forged'), patience).toHaveLength(1)
  expect(await lettersWith('forged')).toMatchObject([
    { id: expect.stringMatching(/^[0-9a-f]{32}$/) },
  ])
})
