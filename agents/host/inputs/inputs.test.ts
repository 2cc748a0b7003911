import { copyFileSync, cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLineParts } from '@warren/lineprotocol/line-parts'
import { createLineCursor, nextLine, startLines } from '@warren/lineprotocol/lines'
import { scanLine } from '@warren/lineprotocol/scan'
import { createLog } from '@warren/platform/log'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { createCollection, thisMachine } from '../collect.ts'
import { configSchema } from '../config.ts'
import * as registry from './index.ts'
import type { InputContext, Sink } from './input.ts'

const log = createLog({ service: 'test', level: 'error', pretty: true })
const testdata = join(import.meta.dirname, '../testdata')
const everything = configSchema.parse({ amqpUrl: 'amqp://localhost' }).inputs

let folder: string
let recorded: InputContext
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warren-inputs-'))
  cpSync(testdata, folder, { recursive: true })
  const [procDir, sysDir, runDir] = ['proc', 'sys', 'run'].map((name) => join(folder, name))
  recorded = { procDir: procDir ?? '', sysDir: sysDir ?? '', runDir: runDir ?? '' }
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = (context: InputContext) =>
  createCollection({ inputs: everything, host: 'h', context, log })

test('are registered under their own names, each a file', () => {
  const files = readdirSync(import.meta.dirname)
    .filter((name) => !['index.ts', 'input.ts'].includes(name) && !name.endsWith('.test.ts'))
    .map((name) => name.replace('.ts', ''))
  expect(Object.keys(registry).sort()).toEqual(files.sort())
  for (const [name, input] of Object.entries(registry)) expect(input.type).toBe(name)
  expect(everything.map((entry) => entry['type']).sort()).toEqual(files.sort())
})

test('read recorded kernel files as Telegraf would', async () => {
  const collection = open(recorded)
  const first = await collection.collect(1_700_000_000_000)
  for (const name of ['stat', 'diskstats'])
    copyFileSync(join(folder, 'proc-later', name), join(folder, 'proc', name))
  const second = await collection.collect(1_700_000_010_000)
  collection.close()
  expect(collection.errors).toBe(0)
  // What lies on this machine's own disks is not recorded.
  const lines = `${first}\n${second}`.split('\n').filter((line) => !line.startsWith('disk,'))
  await expect(lines.join('\n')).toMatchFileSnapshot('../testdata/inputs.golden.txt')
  const disks = first.split('\n').filter((line) => line.startsWith('disk,'))
  expect(disks).toHaveLength(1)
  expect(disks[0]).toMatch(
    /^disk,device=vda1,fstype=ext4,host=h,mode=rw,path=\/ total=\d+,free=\d+,used=\d+,used_percent=[\d.]+,inodes_total=\d+,inodes_free=\d+,inodes_used=\d+,inodes_used_percent=[\d.]+ 1700000000000000000$/,
  )
})

test('that fail do not stop the others', async () => {
  rmSync(join(folder, 'proc/meminfo'))
  const collection = createCollection({
    ...{ inputs: everything, host: 'h', context: recorded },
    log: Object.assign(createLog({ service: 'test', level: 'error', pretty: true }), {
      silent: true,
    }),
  })
  const lines = await collection.collect(1)
  collection.close()
  expect(collection.errors).toBe(2)
  expect(lines).toMatch(/^system,/m)
  expect(lines).not.toMatch(/^mem,/m)
})

test('describe this machine in lines that InfluxDB takes', async () => {
  const collection = open(thisMachine)
  await collection.collect(Date.now() - 1_000)
  // A share of processor time needs a tick of the kernel's clock between two readings.
  const until = performance.now() + 50
  while (performance.now() < until);
  const text = await collection.collect(Date.now())
  collection.close()
  expect(collection.errors).toBe(0)
  const cursor = createLineCursor()
  const parts = createLineParts()
  startLines(cursor, new TextEncoder().encode(text))
  let count = 0
  for (; nextLine(cursor); count += 1) expect(scanLine(cursor, parts)).toBeUndefined()
  expect(count).toBeGreaterThan(8)
  const field = (pattern: RegExp): number => Number(pattern.exec(text)?.[1])
  expect(field(/^mem,.* total=(\d+)/m) || field(/^mem,.*,total=(\d+)/m)).toBeGreaterThan(1e8)
  expect(field(/^cpu,cpu=cpu-total,.*usage_idle=([\d.e-]+)/m)).toBeLessThanOrEqual(100)
  expect(field(/^processes,.*[ ,]total=(\d+)/m)).toBeGreaterThan(1)
})

const diskstats = (reads: number, readMs: number, ioMs: number): string =>
  `8 0 sda ${reads} 0 0 ${readMs} 10 0 0 0 0 ${ioMs} 0\n`

test.each([
  ['counters that wrap', diskstats(110, 400, 150), { io_util: 2.5, io_await: 50, io_svctm: 25 }],
  ['a device that came anew', diskstats(3, 1, 1), {}],
])('shares of a disk are right over %s', async (_, text, rates) => {
  const file = join(recorded.procDir, 'diskstats')
  writeFileSync(file, diskstats(100, 2 ** 32 - 100, 2 ** 32 - 100))
  const input = registry.diskio.create({}, recorded)
  onTestFinished(() => input.close())
  const collected: Record<string, unknown>[] = []
  const sink = {
    add: (...[, , { io_util, io_await, io_svctm }]: Parameters<Sink['add']>) =>
      void collected.push({ io_util, io_await, io_svctm }),
  }
  await input.collect(sink, 0)
  writeFileSync(file, text)
  await input.collect(sink, 10_000)
  expect(collected[1]).toEqual({
    ...{ io_util: undefined, io_await: undefined, io_svctm: undefined },
    ...rates,
  })
})
