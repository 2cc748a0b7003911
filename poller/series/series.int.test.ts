import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contentTypes } from '@warren/contracts/message'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { metrics, openTestPoller, patience, type TestPoller } from '../testing.ts'

const folder = mkdtempSync(join(tmpdir(), 'warren-series-'))
const rulesFile = join(folder, 'rules.yaml')
let test: TestPoller
beforeAll(async () => {
  test = await openTestPoller()
})
afterAll(async () => {
  await test.stop()
  await test.close()
  rmSync(folder, { recursive: true })
})

const nowNs = BigInt(Date.now()) * 1_000_000n
const points = (ids: readonly string[], at = 0) =>
  metrics(ids.map((id) => `http,id=${id} v=1 ${nowNs + BigInt(at)}`).join('\n'))
const partOf = (name: string) => test.poller.health().find(({ part }) => part === `poller/${name}`)

it('parks new series above the limit, naming them, and stores known ones, also after a new start', async () => {
  writeFileSync(rulesFile, 'series: { limit: 9, tenants: { default: 3 } }')
  await test.start({ rulesFile })
  await test.publisher.publish(points(['a', 'b', 'c']))
  await expect.poll(() => test.countOf('http'), patience).toEqual([3, 1])
  await test.publisher.publish(points(['d', 'a', 'e'], 1))
  await expect.poll(async () => (await test.parked()).length, patience).toBe(2)
  expect(await test.countOf('http')).toEqual([4, 1])
  const [letter] = await test.parked()
  expect(letter).toMatchObject({ code: 'series_limit', tenant: 'default' })
  expect(letter?.reason).toMatch(/limit of 3 series; .* the tag id of the measurement http/)
  expect(Buffer.from(letter?.item ?? '', 'base64').toString()).toMatch(/^http,id=[de],tenant/)
  await expect.poll(() => partOf('series')?.reason, patience).toMatch(/^default: .*limit of 3/)
  expect(await test.counter('series')).toBe(3)

  await test.stop()
  await test.start({ rulesFile })
  await test.publisher.publish(points(['f', 'a', 'b', 'c'], 2))
  await expect.poll(async () => (await test.parked()).length, patience).toBe(1)
  expect(await test.countOf('http')).toEqual([7, 1])
  const acme = { ...points(['f', 'g', 'h', 'i'], 3), key: 'acme.-.test' }
  await test.publisher.publish(acme)
  await expect.poll(() => test.countOf('http', 'acme'), patience).toEqual([4, 1])
})

it('keeps what senders, rules and the built-in table say of fields, and takes no point for it', async () => {
  writeFileSync(rulesFile, 'metadata: [{ measurement: http, field: v, unit: ms }]')
  const { metricMetadata } = test.catalog.catalog
  const ofMeasurement = async (measurement: string, tenant = 'default') => {
    const page = { limit: 100, cursor: undefined }
    return (await metricMetadata.list({ tenant, measurement }, page)).items
  }
  const lines = [
    { measurement: 'http', field: 'v', unit: 's', mtype: 'gauge', what: 'response time' },
    { measurement: 'http' },
  ]
  const body = Buffer.from(lines.map((line) => JSON.stringify(line)).join('\n'))
  const message = { ...metrics(body), contentType: contentTypes.metricMetadata }
  const parkedBefore = (await test.parked()).length
  await test.publisher.publish(message)
  await test.publisher.publish({ ...message, key: 'acme.-.x' })
  const ruled = { ...lines[0], unit: 'ms' }
  await expect.poll(() => ofMeasurement('http'), patience).toEqual([ruled])
  await expect.poll(() => ofMeasurement('http', 'acme'), patience).toEqual([ruled])
  await expect.poll(async () => (await test.parked()).length, patience).toBe(parkedBefore + 2)
  const cpu = await ofMeasurement('cpu')
  expect(cpu).toContainEqual({
    ...{ measurement: 'cpu', field: 'usage_user', unit: '%', mtype: 'gauge' },
  })
  expect(partOf('metadata')).toMatchObject({ state: 'green' })
})
