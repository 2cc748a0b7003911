import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashPassword } from '@warren/broker/users'
import { warrenExchanges } from '@warren/contracts/topology'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeSecrets } from './secrets.ts'
import { writeSecrets } from './write-secrets.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'warren-secrets-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const textOf = (path: string, files = makeSecrets()): string => {
  const file = files.find((candidate) => candidate.path === path)
  if (file === undefined) throw new Error(`no secret ${path}`)
  return file.text
}

interface Definitions {
  users: { name: string; password_hash: string; tags: string }[]
  permissions: { user: string; configure: string; write: string; read: string }[]
  exchanges: { name: string }[]
  queues: { name: string; arguments: Record<string, unknown> }[]
  bindings: { source: string; destination: string; routing_key: string }[]
}
const definitionsOf = (files = makeSecrets()) =>
  JSON.parse(textOf('rabbitmq/definitions.json', files)) as Definitions

it('makes other secrets at each call, none of them short or with a line end', () => {
  const [first, second] = [makeSecrets(), makeSecrets()]
  expect(first.map(({ path }) => path)).toEqual(second.map(({ path }) => path))
  for (const { path, text } of first) {
    if (path !== 'rabbitmq/rabbitmq.conf') expect(text, path).not.toBe(textOf(path, second))
    if (!path.startsWith('rabbitmq/')) expect(text, path).toMatch(/^[\w.:/@-]{32,}$/)
  }
})

it('gives two containers the same secret only where they meet', () => {
  const files = makeSecrets()
  const passwordOf = (path: string) => new URL(textOf(path, files)).password
  expect(passwordOf('warren/catalog-url')).toBe(textOf('postgres/password', files))
  expect(textOf('warren/influxdb-password', files)).toBe(textOf('influxdb/password', files))
  expect(textOf('warren/elasticsearch-password', files)).toBe(
    textOf('elasticsearch/password', files),
  )
  expect(textOf('grafana/grafana-token', files)).toBe(textOf('warren/grafana-token', files))
  const texts = files.filter(({ path }) => !path.startsWith('rabbitmq/')).map(({ text }) => text)
  expect(new Set(texts).size).toBe(texts.length - 3)
})

it('makes broker users whose hashes are of the passwords in the addresses, and no guest', () => {
  const files = makeSecrets()
  const { users, permissions } = definitionsOf(files)
  for (const path of ['warren/amqp-url', 'warren/agent-amqp-url']) {
    const { username, password } = new URL(textOf(path, files))
    const user = users.find(({ name }) => name === username)
    const salt = Buffer.from(user?.password_hash ?? '', 'base64').subarray(0, 4)
    expect(user?.password_hash).toBe(hashPassword(password, salt))
    expect(user?.tags).toBe('')
  }
  expect(users).toHaveLength(2)
  expect(permissions.find(({ user }) => user === 'agent-default')).toMatchObject({
    configure: '^$',
    read: '^$',
  })
})

it('states every argument whose default RabbitMQ 4 changed', () => {
  const { queues, exchanges, bindings } = definitionsOf()
  expect(queues.map(({ name }) => name)).toEqual([
    'poller.metrics.0',
    'poller.logs.0',
    'poller.dead.0',
  ])
  for (const { name, arguments: stated } of queues) {
    expect(stated, name).toMatchObject({
      'x-queue-type': 'quorum',
      'x-overflow': 'reject-publish',
      'x-delivery-limit': 1000,
      'x-max-length-bytes': expect.any(Number),
    })
    const sources = bindings.filter(({ destination }) => destination === name)
    expect(sources, name).toHaveLength(1)
    expect(exchanges.map((exchange) => exchange.name)).toContain(sources[0]?.source)
  }
  expect(exchanges).toHaveLength(warrenExchanges.length)
  expect(textOf('rabbitmq/rabbitmq.conf')).toContain('max_message_size = 16777216\n')
})

it('writes each file for one user alone, and keeps what is there', () => {
  const owned: [string, number][] = []
  const own = (path: string, uid: number) => owned.push([path.slice(folder.length + 1), uid])
  expect(writeSecrets({ folder, make: makeSecrets, own })).toBe(true)
  const files = makeSecrets()
  expect(owned).toEqual(files.map(({ path, uid }) => [path, uid]))
  for (const { path } of files) expect(statSync(join(folder, path)).mode & 0o777, path).toBe(0o400)
  const kept = readFileSync(join(folder, 'warren/amqp-url'), 'utf8')
  expect(writeSecrets({ folder, make: makeSecrets, own })).toBe(false)
  expect(readFileSync(join(folder, 'warren/amqp-url'), 'utf8')).toBe(kept)
})

it('starts anew when it was cut short', () => {
  rmSync(join(folder, 'warren', 'written'))
  const make = makeSecrets()
  expect(writeSecrets({ folder, make: () => make, own: () => undefined })).toBe(true)
  for (const { path, text } of make) expect(readFileSync(join(folder, path), 'utf8')).toBe(text)
  expect(readdirSync(folder).sort()).toEqual([
    'elasticsearch',
    'grafana',
    'influxdb',
    'postgres',
    'rabbitmq',
    'warren',
  ])
})
