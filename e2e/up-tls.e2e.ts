import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '@warren/test-servers/free-port'
import { makeTempDir, removeTempDir } from '@warren/test-servers/temp-dir'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient, eventually } from './client.ts'
import { shape } from './shape.ts'
import { startUp, type Up } from './warren-command.ts'

/** Loopback too, but no address that the node listens on without TLS. */
const outside = '127.0.0.2'
const password = 'tls-password-of-the-admin'

const agentScript = join(import.meta.dirname, '..', 'agents', 'host', 'start.mjs')

let folder: string
let port: number
let up: Up

/** A certificate of its own authority for the address. */
function makeCertificate(): void {
  const names = `subjectAltName=IP:${outside},DNS:localhost`
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')]
  const kind = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2']
  execFileSync('openssl', [...kind, ...files, '-subj', '/CN=localhost', '-addext', names], {
    stdio: 'ignore',
  })
}

if (shape === 'embedded')
  describe('AMQP beyond loopback, with a certificate', () => {
    beforeAll(async () => {
      folder = await makeTempDir('up-tls')
      makeCertificate()
      port = await freePort()
      up = await startUp(join(folder, 'data'), {
        WARREN_ADMIN_PASSWORD: password,
        WARREN_AMQP_HOST: outside,
        WARREN_AMQP_PORT: String(port),
        WARREN_AMQP_TLS__CERT_FILE: join(folder, 'cert.pem'),
        WARREN_AMQP_TLS__KEY_FILE: join(folder, 'key.pem'),
      })
    })
    afterAll(async () => {
      up?.interrupt()
      await up?.ended
      await removeTempDir(folder)
    })

    it('takes the metrics of another host’s agent over amqps', async () => {
      const url = new URL(readFileSync(join(folder, 'data', 'agent', 'amqp-url'), 'utf8').trim())
      const address = `amqps://${url.username}:${url.password}@${outside}:${port}`
      const agent = spawn(process.execPath, [agentScript, '--with-parent'], {
        env: {
          PATH: process.env['PATH'],
          WARREN_AMQP_URL: address,
          WARREN_AMQP_CA: readFileSync(join(folder, 'cert.pem'), 'utf8'),
          WARREN_DATA_DIR: join(folder, 'agent'),
          WARREN_HOST: 'another-host',
        },
        stdio: ['pipe', 'ignore', 'ignore'],
      })
      const ended = once(agent, 'exit')
      const client = createClient(up.url, password)
      const series = await eventually(async () => {
        const [found] = await client.query(
          "SELECT usage_idle FROM cpu WHERE host = 'another-host' AND cpu = 'cpu-total'",
        )
        return found
      }, 20_000)
      agent.stdin.end()
      await ended
      expect(series.values.length).toBeGreaterThan(0)
    })
  })
