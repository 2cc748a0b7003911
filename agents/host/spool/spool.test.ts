import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SpoolRecord } from './record.ts'
import { openSpool, type Spool } from './spool.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'warren-spool-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const open = (maxBytes = 1024 ** 2, segmentBytes = 500) =>
  openSpool({ dir, maxBytes, segmentBytes })
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
