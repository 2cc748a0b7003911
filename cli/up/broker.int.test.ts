import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withVhost } from '@warren/broker/connection'
import { cloudifyUser, hashPassword, tapUser } from '@warren/broker/users'
import { cloudifyExchanges } from '@warren/contracts/cloudify'
import { silentLog } from '@warren/platform/log.testing'
import { connect } from 'amqplib'
import { expect, onTestFinished, test } from 'vitest'
import { startPrivateBroker } from './broker.ts'

const log = silentLog()

/** A folder of a test's own, and nodes on it, which end with the test. */
async function nodeFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'warren-up-broker-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const start = async () => {
    const options = { folder, port: undefined, tls: undefined, shards: 1, log }
    const broker = await startPrivateBroker(options)
    onTestFinished(() => broker.close())
    return broker
  }
  return { folder, start }
}

test('users of taps outlive the folder of the node, until they are removed', async () => {
  const { folder, start } = await nodeFolder()
  const first = await start()
  const user = tapUser({ name: 'tap-acme-a', passwordHash: hashPassword('p') }, 'tap.acme.a')
  await first.tapUsers?.put([user])
  expect(first.tapUsers?.names()).toEqual(['tap-acme-a'])
  await first.close()
  await rm(join(folder, 'node'), { recursive: true })

  const second = await start()
  const address = second.outsideUrl.replace('://', '://tap-acme-a:p@')
  const connection = await connect(address)
  const closed = new Promise((resolve) => connection.on('close', resolve))
  connection.on('error', () => undefined)
  await second.tapUsers?.remove('tap-acme-a')
  await closed
  await second.tapUsers?.remove('tap-acme-a')
  await expect(connect(address)).rejects.toThrow()
  expect(second.tapUsers?.names()).toEqual([])
})

test('a sender that is revoked is cut off, and stays so when the node starts anew', async () => {
  const { start } = await nodeFolder()
  const first = await start()
  const [gone, kept] = [
    await first.createAmqpUser?.({ tenant: 'acme', name: 'gone' }),
    await first.createAmqpUser?.({ tenant: 'acme', name: 'kept' }),
  ]
  const addressOf = (sender: typeof gone, { outsideUrl }: typeof first) =>
    outsideUrl.replace('://', `://${sender?.user}:${sender?.secret}@`)
  const connection = await connect(addressOf(gone, first))
  const closed = new Promise((resolve) => connection.on('close', resolve))
  connection.on('error', () => undefined)
  await first.senderUsers?.remove('sender-acme-gone')
  await closed
  await first.senderUsers?.remove('sender-acme-gone')
  await first.close()

  const second = await start()
  expect(second.senderUsers?.names()).toEqual(['sender-acme-kept'])
  await expect(connect(addressOf(gone, second))).rejects.toThrow()
  const other = await connect(addressOf(kept, second))
  await other.close()
  // The name is free again.
  expect(await second.createAmqpUser?.({ tenant: 'acme', name: 'gone' })).toMatchObject({
    user: 'sender-acme-gone',
  })
})

test('a tenant gets a vhost with the exchanges of Cloudify, which outlives the folder of the node', async () => {
  const { folder, start } = await nodeFolder()
  const first = await start()
  const vhost = 'cloudify-acme'
  const user = cloudifyUser({ name: 'cfy', password: 'p' }, { vhost, deployments: ['a.b'] })
  await first.createCloudifyUser?.(user)
  await expect(first.createCloudifyUser?.(user)).rejects.toMatchObject({ code: 'sender_exists' })
  await first.close()
  await rm(join(folder, 'node'), { recursive: true })

  const second = await start()
  const own = await connect(withVhost(second.url, vhost))
  onTestFinished(() => own.close())
  const ownChannel = await own.createChannel()
  for (const { name } of cloudifyExchanges) await ownChannel.checkExchange(name)
  const { queue } = await ownChannel.assertQueue('', { exclusive: true })
  await ownChannel.bindQueue(queue, 'cloudify-monitoring', '#')
  const sender = await connect(withVhost(second.outsideUrl.replace('://', '://cfy:p@'), vhost))
  onTestFinished(() => sender.close())
  const channel = await sender.createConfirmChannel()
  channel.publish('cloudify-monitoring', 'a.b', Buffer.from('{}'))
  await channel.waitForConfirms()
  expect(await ownChannel.get(queue)).toMatchObject({ fields: { routingKey: 'a.b' } })
})
