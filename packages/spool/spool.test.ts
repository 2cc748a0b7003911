import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SpoolRecord } from './record.ts'
import type { SegmentOptions } from './segments.ts'
import { openSpool, type Spool } from './spool.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'warren-spool-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const open = (maxBytes = 1024 ** 2, segmentBytes = 500, more: Partial<SegmentOptions> = {}) =>
  openSpool({ dir, maxBytes, segmentBytes, ...more })
const record = (name: string, bytes = 100): SpoolRecord => ({
  messageId: name,
  contentEncoding: 'zstd',
  body: Buffer.alloc(bytes, name),
})
const append = async (spool: Spool, count: number) => {
  for (let at = 0; at < count; at += 1) await spool.append(record(`r${at}`))
}
const drained = async (spool: Spool) => {
  const names: string[] = []
  await spool.drain(async ({ messageId }) => void names.push(messageId))
  return names
}
const names = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => `r${from + at}`)

test('gives back every record in order, whole, once', async () => {
  const spool = await open()
  await append(spool, 20)
  const found: SpoolRecord[] = []
  await spool.drain(async (taken) => void found.push(taken))
  expect(found.map(({ messageId }) => messageId)).toEqual(names(0, 20))
  expect(found[3]).toEqual(record('r3'))
  expect(await drained(spool)).toEqual([])
  expect([spool.bytes, readdirSync(dir)]).toEqual([0, []])
})

test('survives its process, and a record that was cut', async () => {
  await append(await open(), 12)
  const last = readdirSync(dir).sort().at(-1) ?? ''
  appendFileSync(join(dir, last), Buffer.from([90, 0, 0, 0, 1, 2, 3]))
  const spool = await open()
  await spool.append(record('new'))
  expect(await drained(spool)).toEqual([...names(0, 12), 'new'])
  expect(spool.lost).toBe(1)
})

test('keeps what could not be sent, and sends it again with the same ids', async () => {
  const spool = await open()
  await append(spool, 8)
  let sent = 0
  const failing = spool.drain(async () => {
    sent += 1
    if (sent === 6) throw new Error('away')
  })
  await expect(failing).rejects.toThrow('away')
  await spool.append(record('late'))
  const again = await drained(spool)
  expect(again.slice(-4)).toEqual(['r5', 'r6', 'r7', 'late'])
})

test('keeps a segment that cannot be read now, and gives up one whose file is gone', async () => {
  const spool = await open()
  await append(spool, 12)
  const [first = '', second = ''] = readdirSync(dir).sort()
  const path = join(dir, first)
  renameSync(path, `${path}.away`)
  mkdirSync(path)
  await expect(drained(spool)).rejects.toMatchObject({
    code: 'spool_unreadable',
    message: expect.stringContaining(`${path} cannot be read: EISDIR`),
  })
  rmdirSync(path)
  renameSync(`${path}.away`, path)
  rmSync(join(dir, second))
  const left = await drained(spool)
  expect(left.slice(0, 2)).toEqual(['r0', 'r1'])
  expect(left.at(-1)).toBe('r11')
  expect(left.length).toBeLessThan(12)
  expect(spool.lost).toBe(1)
})

test('takes records while it is drained', async () => {
  const spool = await open()
  await append(spool, 3)
  const found: string[] = []
  const appends: Promise<void>[] = []
  await spool.drain(async ({ messageId }) => {
    found.push(messageId)
    if (found.length <= 5) appends.push(spool.append(record(`x${found.length}`)))
  })
  await Promise.all(appends)
  found.push(...(await drained(spool)))
  expect(found).toEqual(['r0', 'r1', 'r2', 'x1', 'x2', 'x3', 'x4', 'x5'])
  expect(spool.lost).toBe(0)
})

test('stays below its bound by dropping the oldest, and counts them', async () => {
  const spool = await open(2_000)
  await append(spool, 100)
  expect(spool.bytes).toBeLessThanOrEqual(2_000)
  const left = await drained(spool)
  expect(left.at(-1)).toBe('r99')
  expect(left).toEqual(names(100 - left.length, 100))
  expect(spool.lost).toBe(100 - left.length)
})

test('refuses above its bound when told so, all of an append or none, and takes more once there is room', async () => {
  const spool = await open(1_000, 500, { whenFull: 'refuse' })
  await spool.append(record('a', 300), record('b', 300))
  const refused = spool.append(record('c', 300), record('d', 300))
  await expect(refused).rejects.toMatchObject({ code: 'spool_full', disposition: 'retry' })
  await spool.append(record('e', 200))
  expect(await drained(spool)).toEqual(['a', 'b', 'e'])
  await spool.append(record('c', 300), record('d', 300))
  expect(await drained(spool)).toEqual(['c', 'd'])
  expect(spool.lost).toBe(0)
})

test('keeps every record of a burst, and the keys', async () => {
  const spool = await open(1024 ** 2, 5_000)
  const burst = Array.from({ length: 200 }, (_, at) => ({ ...record(`r${at}`), key: `k.${at}` }))
  await Promise.all(burst.map((one) => spool.append(one)))
  const found: SpoolRecord[] = []
  await (await open()).drain(
    async (taken) => void found.push(taken),
    () => 16,
  )
  expect(found).toEqual(burst)
})

test('sends several at once, and only what failed of a segment again', async () => {
  const spool = await open(1024 ** 2, 10_000)
  await append(spool, 10)
  let away = true
  const seen: string[] = []
  const send = async ({ messageId }: SpoolRecord) => {
    if (away && messageId === 'r5') throw new Error('away')
    seen.push(messageId)
  }
  await expect(spool.drain(send, () => 4)).rejects.toThrow('away')
  expect(seen).toEqual(['r0', 'r1', 'r2', 'r3', 'r4', 'r6', 'r7'])
  away = false
  await spool.drain(send, () => 4)
  expect(seen.slice(7)).toEqual(['r5', 'r8', 'r9'])
  expect(readdirSync(dir)).toEqual([])
})

test('takes over a record without room for it, and asks at each write how much there is', async () => {
  let maxBytes = 500
  const spool = await openSpool({ dir, maxBytes: () => maxBytes, whenFull: 'refuse' })
  await spool.append(record('a', 300))
  await expect(spool.append(record('b', 300))).rejects.toMatchObject({ code: 'spool_full' })
  await spool.adopt(record('c', 300))
  maxBytes = 2_000
  await spool.append(record('d', 300))
  expect(await drained(spool)).toEqual(['a', 'c', 'd'])
})
