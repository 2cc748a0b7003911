import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { contentTypes } from '@warren/contracts/message'
import { exchanges, storageQueue, warrenExchanges } from '@warren/contracts/topology'
import { createLog } from '@warren/platform/log'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { toDefinitions } from './definitions.ts'
import { openBroker } from './open.ts'
import { probePort } from './private-node/ports.ts'
import { type PrivateNode, startPrivateNode } from './private-node.ts'
import { newPassword, senderUser } from './users.ts'

const log = createLog({ service: 'test', level: 'error', pretty: false })
const run = promisify(execFile)
const password = newPassword()

let folder: string
let node: PrivateNode
let address: string
const pathOf = (name: string) => join(folder, name)
const openssl = (...words: string[]) => run('openssl', words, { cwd: folder })

/** An authority that senders know, one between, and a certificate of that one for 127.0.0.1. */
async function makeCertificates(): Promise<void> {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const ca = ['-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=test authority', '-days', '2']
  await openssl('req', '-x509', ...key, ...ca)
  const sign = async (name: string, authority: string, extension: string) => {
    const files = ['-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`]
    await openssl('req', ...key, ...files)
    await writeFile(pathOf(`${name}.ext`), extension)
    const by = ['-CA', `${authority}.pem`, '-CAkey', `${authority}.key`, '-CAcreateserial']
    const out = ['-extfile', `${name}.ext`, '-out', `${name}.pem`, '-days', '2']
    await openssl('x509', '-req', '-in', `${name}.csr`, ...by, ...out)
  }
  await sign('between', 'ca', 'basicConstraints=critical,CA:TRUE\n')
  await sign('node', 'between', 'subjectAltName=IP:127.0.0.1\n')
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warren-tls-'))
  await makeCertificates()
  const [amqpPort, port] = [await probePort(0), await probePort(0)]
  const queue = storageQueue({ stream: 'metrics', shard: 0, maxBytes: 1024 ** 2 })
  node = await startPrivateNode({
    dataDir: pathOf('data'),
    amqpPort,
    definitions: toDefinitions({
      users: [senderUser({ name: 'agent', password }, 'default')],
      exchanges: warrenExchanges,
      queues: [queue],
    }),
    log,
    tls: {
      ...{ host: '127.0.0.1', port },
      certFile: pathOf('node.pem'),
      keyFile: pathOf('node.key'),
      caFile: pathOf('between.pem'),
    },
  })
  address = `amqps://agent:${password}@127.0.0.1:${port}`
})
afterAll(async () => {
  await node.close()
  await rm(folder, { recursive: true, force: true })
})

const message = (key: string) => ({
  exchange: exchanges.metrics,
  key,
  body: Buffer.from('cpu v=1 1'),
  contentType: contentTypes.lineProtocol,
})

it('takes messages over TLS from a sender without a certificate of its own that knows the first authority', async () => {
  const ca = await readFile(pathOf('ca.pem'), 'utf8')
  const broker = openBroker({ url: address, name: 'agent', log, ca })
  await broker.publisher().publish(message('default.-.host'))
  expect(broker.health()[0]).toMatchObject({ part: 'broker', state: 'green' })
  await broker.close()
})

it('is not believed by a sender that does not', async () => {
  const broker = openBroker({ url: address, name: 'agent', log })
  await expect.poll(() => broker.health()[0]?.reason, { timeout: 10_000 }).toMatch(/certificate/)
  await broker.close()
})
