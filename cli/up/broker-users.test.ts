import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tapUser } from '@warren/broker/users'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openBrokerUsers } from './broker-users.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warren-users-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

it('generates its users once, in a file for its own user only', () => {
  const first = openBrokerUsers(folder)
  const second = openBrokerUsers(folder)
  expect(second.internal).toEqual(first.internal)
  expect(second.agent.password).toMatch(/^[\w-]{32}$/)
  expect(second.agent.password).not.toBe(second.internal.password)
  expect(statSync(join(folder, 'users.json')).mode & 0o777).toBe(0o600)
})

it('keeps senders by the hash of their password, and refuses a name twice', () => {
  const users = openBrokerUsers(folder)
  const { user, credential } = users.newSender('acme', 'web-1')
  users.keep(user)
  expect(readFileSync(join(folder, 'users.json'), 'utf8')).not.toContain(credential.password)
  const again = openBrokerUsers(folder)
  expect(again.all().map(({ name }) => name)).toContain('sender-acme-web-1')
  expect(() => again.newSender('acme', 'web-1')).toThrow(/exists already/)
  expect(again.newSender('other', 'web-1').user.topics[0]?.write).toBe('^other\\..*$')
})

it('keeps the users of taps in place of those of the same name, until they are forgotten', () => {
  const users = openBrokerUsers(folder)
  const tap = (passwordHash: string) => tapUser({ name: 'tap-acme-a', passwordHash }, 'tap.acme.a')
  users.keepTaps([tap('first'), tapUser({ name: 'tap-acme-b', passwordHash: 'b' }, 'tap.acme.b')])
  users.keepTaps([tap('second')])
  const again = openBrokerUsers(folder)
  expect(again.tapNames().toSorted()).toEqual(['tap-acme-a', 'tap-acme-b'])
  expect(again.all()).toContainEqual(tap('second'))
  again.forgetTap('tap-acme-b')
  expect(openBrokerUsers(folder).tapNames()).toEqual(['tap-acme-a'])
})
