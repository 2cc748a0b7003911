import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cloudifyUser } from '@warren/broker/users'
import { expect, it, onTestFinished } from 'vitest'
import { openBrokerUsers } from './broker-users.ts'

it('believes nothing that could not be written, a sender that is forgotten least of all', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'warren-broker-users-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const users = openBrokerUsers(folder)
  const { user } = users.newSender('acme', 'edge')
  users.keep(user)
  expect(() => users.keep(users.newSender('acme', 'edge').user)).toThrow('exists already')
  expect(users.all()).toContainEqual(user)
  // As a full disk would: nothing can be written in its place.
  await mkdir(join(folder, 'users.json.new'))
  expect(() => users.forget(user.name)).toThrow()
  expect(() => users.keep(users.newSender('acme', 'two').user)).toThrow()
  expect(users.senderNames()).toEqual(['sender-acme-edge'])
  await rm(join(folder, 'users.json.new'), { recursive: true })
  users.forget(user.name)
  expect(openBrokerUsers(folder).senderNames()).toEqual([])
})

it('keeps the vhost of a sender that is revoked, which is consumed on', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'warren-broker-users-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const users = openBrokerUsers(folder)
  const vhost = 'cloudify-acme'
  users.keep(cloudifyUser({ name: 'cfy', password: 'p' }, { vhost, deployments: [] }))
  users.forget('cfy')
  const after = openBrokerUsers(folder)
  expect([after.senderNames(), after.vhosts()]).toEqual([[], [vhost]])
  expect(after.all()).toContainEqual(expect.objectContaining({ name: 'warren', vhost }))
})
