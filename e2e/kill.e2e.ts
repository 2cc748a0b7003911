import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Client, eventually } from './client.ts'
import {
  type Count,
  countPoints,
  countRecords,
  type Numbered,
  numberedPoints,
  numberedRecords,
} from './oracle.ts'
import { type Platform, startPlatform } from './platform.ts'
import { makeSender, publishAll } from './publisher.ts'

const points: Numbered = { name: 'kill_points', count: 200_000, perMessage: 500 }
const records: Numbered = { name: 'kill_records', count: 50_000, perMessage: 250 }

let platform: Platform
beforeAll(async () => {
  platform = await startPlatform()
})
afterAll(() => platform?.close())

/** Waits until all are there, then reads once more: a second copy would come late. */
async function settled(client: Client, count: (client: Client) => Promise<Count>): Promise<Count> {
  await eventually(
    async () => ((await count(client)).lost === 0 ? true : undefined),
    120_000,
  ).catch(() => undefined)
  await sleep(2000)
  return count(client)
}

/** kill -9 of the servers outside, then as they come back; none in the embedded shape, where `up` is all there is. */
async function killStores(): Promise<void> {
  const { influxdb, elasticsearch } = platform.stores
  const kills = [influxdb, elasticsearch].map(async (server) => {
    await server?.kill('SIGKILL')
    await server?.restart()
  })
  await Promise.all(kills)
}

async function killPlatform(): Promise<void> {
  await platform.kill()
  await platform.start()
}

it('loses and doubles nothing when everything is killed while data flow', async () => {
  const startMs = Date.now() - 3_600_000
  const url = await makeSender(platform.client, 'oracle')
  const publishing = Promise.all([
    publishAll(url, numberedPoints(points, startMs)),
    publishAll(url, numberedRecords(records, startMs)),
  ])
  for (let kill = 0; kill < 2; kill++) {
    await sleep(700)
    await Promise.all([killPlatform(), killStores()])
  }
  await publishing
  const stored = await settled(platform.client, (client) => countPoints(client, points))
  expect(stored).toEqual({ stored: points.count, lost: 0, doubled: 0 })
  const found = await settled(platform.client, (client) => countRecords(client, records, startMs))
  expect(found).toEqual({ stored: records.count, lost: 0, doubled: 0 })
})
