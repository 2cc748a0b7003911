import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { promisify } from 'node:util'
import { makeTempDir, removeTempDir } from '@warren/test-servers/temp-dir'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { dial, host, openTestListener, patience, write } from './testing.ts'

const run = promisify(execFile)
let folder: string
const pathOf = (name: string) => join(folder, name)

/** An authority, and certificates that it and another have signed. */
async function makeCertificates(): Promise<void> {
  const openssl = (...words: string[]) => run('openssl', words, { cwd: folder })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  for (const ca of ['ca', 'stranger']) {
    const files = ['-keyout', `${ca}.key`, '-out', `${ca}.pem`, '-subj', `/CN=${ca}`]
    await openssl('req', '-x509', ...key, ...files, '-days', '2')
  }
  await writeFile(pathOf('ext'), 'subjectAltName=IP:127.0.0.1\n')
  for (const name of ['server', 'web', 'shop', 'nobody']) {
    const files = ['-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`]
    await openssl('req', ...key, ...files)
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'ext']
    await openssl('x509', '-req', '-in', `${name}.csr`, ...by, '-out', `${name}.pem`, '-days', '2')
  }
}

beforeAll(async () => {
  folder = await makeTempDir('tls')
  await makeCertificates()
})
afterAll(() => removeTempDir(folder))

const certificateOf = (name: string): ConnectionOptions => ({
  cert: readFileSync(pathOf(`${name}.pem`)),
  key: readFileSync(pathOf(`${name}.key`)),
})

function dialTls(port: number, options: ConnectionOptions = {}): TLSSocket {
  const socket = connect({ port, host, ca: readFileSync(pathOf('ca.pem')), ...options })
  socket.on('error', () => undefined)
  onTestFinished(() => void socket.destroy())
  return socket
}

const files = () => ({ certFile: pathOf('server.pem'), keyFile: pathOf('server.key') })

test('speaks TLS and nothing else', async () => {
  const opened = await openTestListener('syslog', {
    settings: { transports: undefined, tls: files() },
  })
  const socket = dialTls(opened.port)
  await once(socket, 'secureConnect')
  await write(socket, '<13>secret\n')
  await expect.poll(opened.text, patience).toContain('"message":"secret"')
  const plain = await dial(opened.port)
  await write(plain, '<13>plain\n'.repeat(10))
  if (!plain.closed) await once(plain, 'close')
  await expect.poll(() => opened.lost('refused'), patience).toBe(1)
  expect(opened.text()).not.toContain('plain')
})

test('gives a connection to the tenant of its certificate, and refuses every other', async () => {
  const opened = await openTestListener('graphite', {
    settings: {
      ...{ transports: ['tcp'], tenant: 'default' },
      tls: { ...files(), caFile: pathOf('ca.pem'), tenants: { web: 'acme' } },
    },
  })
  const web = dialTls(opened.port, certificateOf('web'))
  await once(web, 'secureConnect')
  await write(web, 'good 1 1\n')
  await expect.poll(opened.text, patience).toContain('good value=1')
  for (const options of [certificateOf('nobody'), certificateOf('stranger'), {}]) {
    const socket = dialTls(opened.port, options)
    // Not once(): it rejects at the error that comes before.
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.write('bad 1 1\n')
    await closed
  }
  await expect.poll(() => opened.lost('refused'), patience).toBe(3)
  await opened.listeners.close()
  expect(new Set(opened.bodies.map(({ key }) => key))).toEqual(new Set(['acme.-.-']))
  expect(opened.text()).not.toContain('bad')
})

test('lets a tenant above its limit wait, on its own connections alone, and loses nothing of it', async () => {
  const opened = await openTestListener('graphite', {
    settings: {
      ...{ transports: ['tcp'], tenant: 'default' },
      tls: { ...files(), caFile: pathOf('ca.pem'), tenants: { web: 'acme', shop: 'shop' } },
    },
    limits: { burstSeconds: 1, tenants: { acme: { itemsPerSecond: 10_000 } } },
  })
  const lines = 80_000
  const [web, shop] = ['web', 'shop'].map((name) => dialTls(opened.port, certificateOf(name)))
  if (web === undefined || shop === undefined) throw new Error('BUG: no sockets')
  const startedAt = performance.now()
  for (let at = 0; at < lines; at += 1000)
    web.write(Array.from({ length: 1000 }, (_, n) => `limited.${at + n} 1 1\n`).join(''))
  const count = (what: string) => opened.text().split(what).length - 1
  await expect.poll(() => count('limited'), patience).toBeGreaterThan(10_000)
  shop.write('free 1 1\n')
  await expect.poll(() => count('free'), patience).toBe(1)
  expect(count('limited')).toBeLessThan(lines)
  await expect.poll(() => count('limited'), patience).toBe(lines)
  // One second's worth at once, then ten thousand a second but for the last read.
  expect(performance.now() - startedAt).toBeGreaterThan(2000)
  expect(await opened.lost()).toBe(0)
})
