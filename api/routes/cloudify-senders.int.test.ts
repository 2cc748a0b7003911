import { withVhost } from '@warren/broker/connection'
import { internalUser } from '@warren/broker/users'
import { createdCloudifySenderSchema } from '@warren/contracts/http/cloudify-senders'
import { WarrenError } from '@warren/platform/errors'
import { startRabbitmq } from '@warren/test-servers/rabbitmq'
import { connect } from 'amqplib'
import { expect, it, onTestFinished } from 'vitest'
import { openTestApi } from '../testing.ts'
import type { CloudifyBroker } from './cloudify-senders.ts'

async function open(cloudify: CloudifyBroker | undefined) {
  const api = await openTestApi({}, { cloudify })
  onTestFinished(() => api.close())
  await api.catalog.tenants.ensure('acme')
  const post = async (tenant: string, body: object, role: 'manager' | 'editor' = 'manager') =>
    api.fetch('/api/v1/cloudify/senders', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await api.tokenOf(role, tenant)}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ name: 'vm-1', ...body }),
    })
  return { post, deployments: api.catalog.cloudifyDeployments }
}

it('makes a credential for the vhost of the tenant, and its deployments known', async () => {
  const server = await startRabbitmq()
  onTestFinished(() => server.close())
  const names = new Set<string>()
  const { post, deployments } = await open({
    ...{ url: `amqp://127.0.0.1:${server.amqpPort}`, user: 'warren', rootTenant: 'default' },
    createUser: async (user) => {
      if (names.has(user.name))
        throw new WarrenError('taken', { code: 'sender_exists', disposition: 'reject' })
      names.add(user.name)
      const { vhost } = user
      await server.putUsers([
        { ...internalUser({ name: 'warren', password: 'warren' }), vhost },
        user,
      ])
    },
  })
  const answer = await post('acme', { deployments: ['shop.eu'] })
  expect(answer.status).toBe(201)
  const made = createdCloudifySenderSchema.parse(await answer.json())
  expect(made).toMatchObject({ vhost: 'cloudify-acme', tenant: 'acme', operatorCommands: [] })
  const { url, user, secret, vhost } = made
  const connection = await connect(withVhost(url.replace('://', `://${user}:${secret}@`), vhost))
  const channel = await connection.createConfirmChannel()
  await channel.assertExchange('cloudify-monitoring', 'topic', { durable: false, autoDelete: true })
  channel.publish('cloudify-monitoring', 'shop.eu', Buffer.from('{}'))
  await channel.waitForConfirms()
  await connection.close()
  expect(await deployments.has('acme', 'shop.eu')).toBe(true)
  expect(await deployments.has('default', 'shop.eu')).toBe(false)

  expect((await post('acme', { deployments: ['web'] })).status).toBe(409)
  expect(await deployments.has('acme', 'web')).toBe(false)
  const root = await post('default', { deployments: ['*'] })
  expect(await root.json()).toMatchObject({ vhost: '/', user: 'cloudify-default-vm-1' })
})

it('refuses names and deployments that do not fit, and who is no manager', async () => {
  const { post } = await open({ url: 'amqp://mq', user: 'warren', rootTenant: 'default' })
  for (const body of [
    { deployments: [] },
    { deployments: ['*', 'a'] },
    { deployments: [''] },
    { deployments: ['a'], name: 'A.b' },
    {},
  ])
    expect((await post('acme', body)).status, JSON.stringify(body)).toBe(400)
  expect((await post('acme', { deployments: ['a'] }, 'editor')).status).toBe(403)
})

it('on a broker of somebody else answers with commands, without a broker that there is none', async () => {
  const { post, deployments } = await open({
    ...{ url: 'amqp://mq', user: 'warren', rootTenant: 'default' },
  })
  const made = await (await post('acme', { deployments: ['a'] })).json()
  expect(made).toMatchObject({ secret: null, vhost: 'cloudify-acme' })
  const { operatorCommands } = createdCloudifySenderSchema.parse(made)
  expect(operatorCommands).toHaveLength(5)
  expect(operatorCommands[0]).toBe('rabbitmqctl add_vhost cloudify-acme')
  expect(await deployments.has('acme', 'a')).toBe(true)
  const none = await open(undefined)
  expect((await none.post('acme', { deployments: ['a'] })).status).toBe(501)
})
