import { gzipSync } from 'node:zlib'
import type { DeadLetter } from '@warren/contracts/dead-letter'
import { exchanges } from '@warren/contracts/topology'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { logs, openTestPoller, patience, type TestPoller } from '../testing.ts'

let rig: TestPoller
beforeAll(async () => {
  rig = await openTestPoller()
  await rig.start()
})
afterAll(async () => {
  await rig?.stop()
  await rig?.close()
})

const textOf = ({ item }: DeadLetter) => Buffer.from(item, 'base64').toString()
/** The letter whose item has this word, once it is there. */
async function letterWith(word: string): Promise<DeadLetter> {
  const found = async () => (await rig.parked()).filter((letter) => textOf(letter).includes(word))
  await expect.poll(async () => (await found()).length, patience).toBe(1)
  const [letter] = await found()
  if (letter === undefined) throw new Error('BUG: there is one')
  return letter
}

const now = new Date().toISOString()
const line = (message: string, more: object = {}) =>
  JSON.stringify({ '@timestamp': now, message, ...more })

test('a message that is parked whole keeps none of its secrets, packed or plain', async () => {
  const body = [line('first password=hunter2'), line('second', { api_key: 'hunter2' })].join('\n')
  await rig.publisher.publish(logs(body, { key: 'nobody.-.x', messageId: 'whole' }))
  const packed = gzipSync(body.replaceAll('first', 'packed'))
  await rig.publisher.publish({
    ...logs('', { key: 'stranger.-.x', contentEncoding: 'gzip' }),
    body: packed,
  })
  for (const word of ['first', 'packed']) {
    const letter = await letterWith(word)
    expect(letter.code).toBe('unknown_tenant')
    const records = textOf(letter)
      .split('\n')
      .map((text) => JSON.parse(text))
    expect(records).toEqual([
      { '@timestamp': now, message: `${word} password=***` },
      { '@timestamp': now, message: 'second', api_key: '***' },
    ])
  }
})

test('a record that is refused keeps none either, and can be mended: it is JSON still', async () => {
  await rig.publisher.publish(logs(line('timed', { '@timestamp': 'soon', password: 31337 })))
  const letter = await letterWith('timed')
  expect(letter.code).toBe('bad_timestamp')
  expect(JSON.parse(textOf(letter))).toMatchObject({ '@timestamp': 'soon', password: '***' })
})

test('nor does what RabbitMQ itself gave up', async () => {
  const death = [{ exchange: exchanges.logs, 'routing-keys': ['default.-.x'] }]
  await rig.publisher.publish({
    ...logs(line('given up, token=hunter2hunter2'), { headers: { 'x-death': death } }),
    ...{ exchange: exchanges.dead, key: 'logs.-.delivery_limit' },
  })
  const letter = await letterWith('given up')
  expect(letter).toMatchObject({ code: 'delivery_limit', stream: 'logs' })
  expect(textOf(letter)).toContain('token=***')
})

test('a log of Cloudify that is refused or of an unknown deployment keeps none of its secrets', async () => {
  const cloudify = (text: string, more: object) => ({
    ...logs(JSON.stringify({ type: 'cloudify_log', message: { text }, ...more })),
    ...{ exchange: exchanges.cloudify, key: 'default.shop.cloudify-logs' },
  })
  const healthy = () =>
    rig.poller
      .health()
      .some(({ part, state }) => part.includes('cloudify-logs') && state === 'green')
  await expect.poll(healthy, patience).toBe(true)
  const context = { deployment_id: 'shop' }
  await rig.publisher.publish(cloudify('ghost pwd=hunter2', { timestamp: now, context }))
  expect((await letterWith('ghost')).code).toBe('unknown_deployment')
  await rig.catalog.catalog.cloudifyDeployments.add('default', ['*'])
  const timeless = { timestamp: 'soon', context: {} }
  const refused = { ...cloudify('odd pwd=hunter2', timeless), key: 'default.-.cloudify-logs' }
  await rig.publisher.publish(refused)
  expect((await letterWith('odd')).code).toBe('bad_timestamp')
  for (const word of ['ghost', 'odd']) expect(textOf(await letterWith(word))).toContain('pwd=***')
})
