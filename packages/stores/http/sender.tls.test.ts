import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { createHttpSender } from './sender.ts'

const run = promisify(execFile)

/** A server whose certificate, of its own making, is for 127.0.0.1. */
async function serveTls() {
  const folder = await mkdtemp(join(tmpdir(), 'warren-tls-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const name = ['-subj', '/CN=store', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2']
  const files = ['-keyout', 'key.pem', '-out', 'cert.pem']
  await run('openssl', ['req', '-x509', ...key, ...files, ...name], { cwd: folder })
  const read = (file: string) => readFile(join(folder, file), 'utf8')
  const cert = await read('cert.pem')
  const server = createServer({ cert, key: await read('key.pem') }, (request, response) => {
    response.end(`${request.method} ${request.url} ${request.headers.authorization}`)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, cert }
}

test('a server is asked over TLS once its certificate is known, with the name and path of its address', async () => {
  const { port, cert } = await serveTls()
  const url = `https://ann:p%40ss@127.0.0.1:${port}/store/`
  const sender = createHttpSender({ url, headers: {}, timeoutMs: 30_000 })
  onTestFinished(() => sender.close())
  const ask = () => sender.send({ method: 'GET', path: '/ping' })
  await expect(ask()).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
  const before = getCACertificates()
  onTestFinished(() => setDefaultCACertificates(before))
  setDefaultCACertificates([...before, cert])
  expect((await ask()).body.toString()).toBe(
    `GET /store/ping Basic ${Buffer.from('ann:p@ss').toString('base64')}`,
  )
})
