import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from './client.ts'
import {
  countPoints,
  countRecords,
  type Numbered,
  numberedPoints,
  numberedRecords,
} from './oracle.ts'
import { type Platform, startPlatform } from './platform.ts'
import { makeSender, publishAll } from './publisher.ts'
import { shape } from './shape.ts'

const outageMs = 60_000

let platform: Platform
let url: string
beforeAll(async () => {
  platform = await startPlatform()
  url = await makeSender(platform.client, 'outage')
})
afterAll(() => platform?.close())

const points: Numbered = { name: 'outage_points', count: 20_000, perMessage: 500 }
const records: Numbered = { name: 'outage_records', count: 10_000, perMessage: 250 }

async function sendAndCount(startMs: number): Promise<void> {
  const all = (lost: number): true | undefined => (lost === 0 ? true : undefined)
  await eventually(async () => all((await countPoints(platform.client, points)).lost), 120_000)
  await eventually(
    async () => all((await countRecords(platform.client, records, startMs)).lost),
    120_000,
  )
  expect(await countPoints(platform.client, points)).toMatchObject({ lost: 0, doubled: 0 })
  expect(await countRecords(platform.client, records, startMs)).toMatchObject({
    lost: 0,
    doubled: 0,
  })
}

const send = (startMs: number) =>
  Promise.all([
    publishAll(url, numberedPoints(points, startMs)),
    publishAll(url, numberedRecords(records, startMs)),
  ])

if (shape === 'external')
  describe('a store stopped for 60 s', () => {
    it('loses nothing, and is shown red meanwhile', async () => {
      const startMs = Date.now() - 3_600_000
      const { influxdb, elasticsearch } = platform.stores
      await influxdb?.kill('SIGKILL')
      await elasticsearch?.kill('SIGSTOP')
      await send(startMs)
      await sleep(outageMs)
      const status = (await platform.client.get('/api/v1/status')) as { parts: { state: string }[] }
      expect(status.parts.some(({ state }) => state === 'red')).toBe(true)
      await influxdb?.restart()
      await elasticsearch?.kill('SIGCONT')
      await sendAndCount(startMs)
    })
  })

/** The first line of PostgreSQL's pid file is its process id. */
function postgresPid(): number {
  const catalog = join(platform.dataDir, 'catalog')
  const [file] = globSync('*/postmaster.pid', { cwd: catalog })
  if (file === undefined) throw new Error(`no postmaster.pid below ${catalog}`)
  return Number(readFileSync(join(catalog, file), 'utf8').split('\n')[0])
}

if (shape === 'embedded')
  describe('the embedded catalog stopped for 60 s', () => {
    it('loses nothing', async () => {
      const startMs = Date.now() - 3_600_000
      const pid = postgresPid()
      process.kill(pid, 'SIGSTOP')
      await send(startMs)
      await sleep(outageMs)
      process.kill(pid, 'SIGCONT')
      await sendAndCount(startMs)
    })

    it('has rolled up what came an hour late', async () => {
      const { name, count } = points
      const text = `SELECT sum(n_count), sum(n_sum), min(n_min), max(n_max) FROM "5m"."${name}"`
      const rolled = await eventually(async () => {
        const [series] = await platform.client.query(text)
        const values = series?.values[0]?.slice(1)
        return values?.[0] === count ? values : undefined
      }, 120_000)
      expect(rolled).toEqual([count, (count * (count - 1)) / 2, 0, count - 1])
    })
  })
