import { spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { deflateSync, gzipSync } from 'node:zlib'
import { WarrenError } from '@warren/platform/errors'
import { expect, test } from 'vitest'
import { dial, host, openTestListener, patience, write } from './testing.ts'

const datagram = (port: number, bytes: Buffer | string): Promise<void> =>
  new Promise((resolve) => {
    const socket = createSocket('udp4')
    socket.send(bytes, port, host, () => {
      socket.close()
      resolve()
    })
  })

test('lets TCP senders wait and drops datagrams while the broker takes nothing, then goes on', async () => {
  let isAway = true
  const opened = await openTestListener('syslog', {
    publish: async () => {
      if (isAway) throw new WarrenError('no broker', { code: 'away', disposition: 'retry' })
    },
  })
  const lines = 150_000
  const socket = await dial(opened.port)
  for (let at = 0; at < lines; at += 10_000)
    socket.write(Array.from({ length: 10_000 }, (_, n) => `<13>line ${at + n}\n`).join(''))
  const reason = () => opened.listeners.health()[0]?.reason
  await expect.poll(reason, patience).toContain('senders wait')
  await datagram(opened.port, '<13>dropped')
  await expect.poll(() => opened.lost('full'), patience).toBe(1)
  isAway = false
  const last = await dial(opened.port)
  await write(last, '<13>the end\n')
  await expect.poll(() => opened.text().includes('the end'), patience).toBe(true)
  await expect.poll(() => opened.text().split('"message":"line ').length - 1, patience).toBe(lines)
  expect(await opened.lost()).toBe(1)
  // 150,000 lines on cores that others use as well.
}, 60_000)

test('drops and counts the datagrams of a tenant above its limit, and takes those of another', async () => {
  const limits = { tenants: { acme: { itemsPerSecond: 1 } } }
  const settings = { transports: ['udp'] }
  const acme = await openTestListener('graphite', {
    settings: { ...settings, tenant: 'acme' },
    limits,
  })
  const other = await openTestListener('graphite', { settings, limits })
  const many = 'a 1 1\n'.repeat(3000)
  for (const { port } of [acme, other]) await datagram(port, many)
  for (const { text } of [acme, other])
    await expect.poll(() => text().split('\n').length - 1, patience).toBe(3000)
  for (const { port } of [acme, other]) await datagram(port, 'late 1 1')
  await expect.poll(() => acme.lost('limited'), patience).toBe(1)
  await expect.poll(other.text, patience).toContain('late')
  expect(acme.text()).not.toContain('late')
  expect(acme.listeners.health()[0]?.reason).toContain('1 limited')
  expect(await other.lost()).toBe(0)
})

test('counts what it gives up when it closes and the broker takes nothing', async () => {
  const opened = await openTestListener('graphite', {
    publish: async () => {
      throw new WarrenError('no', { code: 'bad', disposition: 'reject' })
    },
  })
  const socket = await dial(opened.port)
  await write(socket, 'a 1\nb 2\n')
  await opened.listeners.close()
  expect(await opened.lost('unconfirmed')).toBe(2)
})

test('counts the datagrams that the kernel drops', async () => {
  const opened = await openTestListener('graphite')
  const sent = 20_000
  // Nobody reads while this runs: it holds the event loop.
  const flood = `
    const socket = require('node:dgram').createSocket('udp4')
    const bytes = Buffer.from('a.b 1 1700000000 '.padEnd(1000, ' '))
    let left = ${sent}
    const next = () => left-- > 0 ? socket.send(bytes, ${opened.port}, '${host}', next) : socket.close()
    next()`
  expect(spawnSync(process.execPath, ['-e', flood]).status).toBe(0)
  await opened.listeners.close()
  const kernel = await opened.lost('kernel')
  expect(kernel).toBeGreaterThan(0)
  expect(opened.text().split('\n').length - 1 + kernel).toBe(sent)
})

test('takes from those networks only that may send', async () => {
  const opened = await openTestListener('graphite', { settings: { allow: ['192.0.2.0/24'] } })
  await datagram(opened.port, 'a 1')
  const socket = await dial(opened.port)
  if (!socket.closed) await once(socket, 'close')
  await expect.poll(() => opened.lost('refused'), patience).toBe(2)
  await opened.listeners.close()
  expect(opened.bodies).toEqual([])
})

test('unpacks GELF, and no more of it than is allowed', async () => {
  const opened = await openTestListener('gelf', { settings: { transports: ['udp'] } })
  const pack = (message: string) => Buffer.from(JSON.stringify({ short_message: message }))
  const bomb = pack('x'.repeat(20 * 1024 ** 2))
  await datagram(opened.port, gzipSync(bomb))
  await datagram(opened.port, deflateSync(bomb))
  await datagram(opened.port, gzipSync(pack('zipped')))
  await datagram(opened.port, deflateSync(pack('deflated')))
  await expect.poll(opened.text, patience).toContain('"message":"deflated"')
  expect(opened.text()).toContain('"message":"zipped"')
  expect(await opened.lost('malformed')).toBe(2)
  await datagram(opened.port, Buffer.from([0x1e, 0x0f, 1, 2, 3, 4, 5, 6, 7, 8, 0, 2, 0x7b]))
  await opened.listeners.close()
  expect(await opened.lost('missing_chunks')).toBe(1)
})
