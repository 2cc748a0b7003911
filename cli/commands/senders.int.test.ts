import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { openTestApi, type TestApi } from '@warren/api/testing'
import { silentLog } from '@warren/platform/log.testing'
import { connect } from 'amqplib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startPrivateBroker, type UpBroker } from '../up/broker.ts'

const program = join(import.meta.dirname, '..', 'bin', 'warren.mjs')
let folder: string
let broker: UpBroker
let test: TestApi
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warren-senders-'))
  const options = { folder, port: undefined, tls: undefined, shards: 1, log: silentLog() }
  broker = await startPrivateBroker(options)
  const { createAmqpUser, senderUsers, createCloudifyUser: createUser, outsideUrl: url } = broker
  const cloudify = { url, user: 'warren', rootTenant: 'default', createUser }
  test = await openTestApi({}, { createAmqpUser, senderUsers, cloudify })
  for (const tenant of ['acme', 'acme_lab']) await test.catalog.tenants.ensure(tenant)
})
afterAll(async () => {
  await test?.close()
  await broker?.close()
  await rm(folder, { recursive: true })
})

const managerOf = async (tenant: string) => {
  const token = await test.tokenOf('manager', tenant)
  const env = { PATH: process.env['PATH'], WARREN_URL: test.api.url, WARREN_TOKEN: token }
  const authorization = `Bearer ${token}`
  return {
    senders: async (...words: string[]) =>
      (await promisify(execFile)(process.execPath, [program, 'senders', ...words], { env })).stdout,
    make: async (path: string, body: object) => {
      const headers = { authorization, 'content-type': 'application/json' }
      const answer = await test.fetch(path, {
        ...{ method: 'POST', headers, body: JSON.stringify(body) },
      })
      expect(answer.status).toBe(201)
      return (await answer.json()) as { url: string; user: string; secret: string }
    },
  }
}

it('lists the broker users of a tenant and revokes them, and none of another tenant', async () => {
  const [acme, lab] = [await managerOf('acme'), await managerOf('acme_lab')]
  const sender = await acme.make('/api/v1/senders', { name: 'db-1', kind: 'amqp' })
  await acme.make('/api/v1/cloudify/senders', { name: 'cfy', deployments: ['shop'] })
  await lab.make('/api/v1/senders', { name: 'db-1', kind: 'amqp' })
  await lab.make('/api/v1/cloudify/senders', { name: 'cfy', deployments: ['shop'] })
  const ofLab = 'cloudify  cloudify-acme_lab-cfy\namqp  sender-acme_lab-db-1\n'
  expect(await acme.senders('list')).toBe('cloudify  cloudify-acme-cfy\namqp  sender-acme-db-1\n')
  expect(await lab.senders('list')).toBe(ofLab)
  expect(await managerOf('default').then(({ senders }) => senders('list', '--json'))).toBe('')

  await expect(acme.senders('revoke', 'sender-acme_lab-db-1')).rejects.toMatchObject({
    stderr: expect.stringContaining('no sender of the tenant has this broker user'),
  })
  await expect(acme.senders('list', '--tenant', 'acme_lab')).rejects.toMatchObject({
    stderr: expect.stringContaining('belongs to the tenant acme'),
  })
  expect(await lab.senders('list')).toBe(ofLab)

  const address = sender.url.replace('://', `://${sender.user}:${sender.secret}@`)
  await (await connect(address)).close()
  expect(await acme.senders('revoke', sender.user)).toBe('sender-acme-db-1 revoked\n')
  await expect(connect(address)).rejects.toThrow()
  expect(await acme.senders('revoke', 'cloudify-acme-cfy')).toContain('revoked')
  expect(await acme.senders('list')).toBe('')
  expect(await lab.senders('list', '--json')).toContain(
    '{"user":"sender-acme_lab-db-1","kind":"amqp","tenant":"acme_lab"}\n',
  )
})

it('makes one of two that are asked for at once under one name', async () => {
  const authorization = `Bearer ${await test.tokenOf('manager', 'acme')}`
  const headers = { authorization, 'content-type': 'application/json' }
  const body = JSON.stringify({ name: 'twice', kind: 'amqp' })
  const answers = await Promise.all(
    [1, 2].map(() => test.fetch('/api/v1/senders', { method: 'POST', headers, body })),
  )
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
  const [made] = await Promise.all(answers.filter(({ ok }) => ok).map((answer) => answer.json()))
  const { url, user, secret } = made as { url: string; user: string; secret: string }
  await (await connect(url.replace('://', `://${user}:${secret}@`))).close()
})

it('is for managers, and says where users are of a broker that Warren does not run', async () => {
  const headers = { authorization: `Bearer ${await test.tokenOf('editor', 'acme')}` }
  const asked = [
    await test.fetch('/api/v1/senders', { headers }),
    await test.fetch('/api/v1/senders/sender-acme-db-1', { method: 'DELETE', headers }),
  ]
  expect(asked.map(({ status }) => status)).toEqual([403, 403])
  const other = await openTestApi()
  try {
    const authorization = `Bearer ${await other.tokenOf('manager')}`
    const answer = await other.fetch('/api/v1/senders', { headers: { authorization } })
    expect(await answer.json()).toMatchObject({
      code: 'not_available',
      detail: expect.stringContaining('list and delete them there'),
    })
  } finally {
    await other.close()
  }
})
