import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Agent, type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import type { Stream } from '@warren/contracts/topology'
import { freePort } from '@warren/test-servers/free-port'
import { makeTempDir, removeTempDir } from '@warren/test-servers/temp-dir'

const urlEncoded = 'application/x-www-form-urlencoded'
const warren = join(import.meta.dirname, '..', 'cli', 'bin', 'warren.mjs')
const password = 'bench-password-of-the-admin'

export interface WarrenProcess {
  readonly url: string
  readonly pid: number
  /** Items that the poller has stored of a stream, from the admin port. */
  stored(stream: Stream): Promise<number>
  /** Messages that it put into their tenants' own queues. */
  moved(stream: Stream): Promise<number>
  query(text: string): Promise<unknown[][]>
  /** Settles with the last byte of the gateway's answer; call what it gives to unpack it. Throws when the request was refused. */
  ask(text: string): Promise<() => Buffer>
  /** One search over all data streams of the admin's tenant; throws when it is not answered. */
  search(body: object): Promise<unknown>
  close(): Promise<void>
}

interface Post {
  readonly agent: Agent
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** As Grafana asks: with gzip, on connections that stay open. Unpacking is the client's own work, as long as the gateway's for what has thousands of rows. */
async function post(url: string, { agent, headers, body }: Post): Promise<() => Buffer> {
  const all = { ...headers, 'accept-encoding': 'gzip', 'cache-control': 'no-cache' }
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const asked = request(url, { agent, method: 'POST', headers: all }, resolve)
    asked.on('error', reject).end(body)
  })
  const bytes = await buffer(answer)
  const unpack = () => (answer.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes)
  if (answer.statusCode !== 200) throw new Error(`the query was refused: ${unpack()}`)
  return unpack
}

async function untilReady(child: ChildProcess, url: string, output: () => string): Promise<void> {
  for (const deadline = Date.now() + 120_000; ; ) {
    if (child.exitCode !== null) throw new Error(`warren up ended:\n${output()}`)
    const ok = await fetch(`${url}/readyz`).then(
      (response) => response.ok,
      () => false,
    )
    if (ok) return
    if (Date.now() > deadline) throw new Error(`warren up is not ready:\n${output()}`)
    await sleep(50)
  }
}

/** Of all label values beside the stream. */
async function counterOf(adminPort: number, name: string, stream: Stream): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${adminPort}/metrics`)).text()
  const start = `warren_poller_${name}{stream="${stream}"`
  const lines = text.split('\n').filter((line) => line.startsWith(start))
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
}

interface DataFolder {
  readonly dataDir: string
  close(): Promise<void>
}

async function ownFolder(): Promise<DataFolder> {
  const dataDir = await makeTempDir('bench')
  return { dataDir, close: () => removeTempDir(dataDir) }
}

/** `warren up` without this host's agent unless asked for, in a folder that is closed with it: one of its own, unless another is given. */
export async function startWarren(
  env: Readonly<Record<string, string>>,
  given?: DataFolder,
): Promise<WarrenProcess> {
  const [port, folder] = [await freePort(), given ?? (await ownFolder())]
  const { dataDir } = folder
  const url = `http://127.0.0.1:${port}`
  let output = ''
  const child = spawn(process.execPath, [warren, 'up'], {
    env: {
      ...process.env,
      WARREN_HTTP_PORT: String(port),
      WARREN_DATA_DIR: dataDir,
      WARREN_ADMIN_PASSWORD: password,
      WARREN_AGENT__ENABLED: 'false',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (bytes: Buffer) => {
      output = (output + bytes.toString()).slice(-20_000)
    })
  await untilReady(child, url, () => output)
  const { pid, adminPort } = JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8')) as {
    pid: number
    adminPort: number
  }
  const authorization = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`
  const agent = new Agent({ keepAlive: true })
  // Benches watch what is stored now, and questions are to cost what they cost the store: nothing comes of the cache.
  const asked = (path: string, type: string, body: string) =>
    post(`${url}/gateway/${path}`, {
      agent,
      headers: { authorization, 'content-type': type },
      body,
    })
  const ask = (text: string) =>
    asked('influxdb/query?db=warren', urlEncoded, new URLSearchParams({ q: text }).toString())
  return {
    url,
    pid,
    stored: (stream) => counterOf(adminPort, 'items_stored_total', stream),
    moved: (stream) => counterOf(adminPort, 'messages_moved_total', stream),
    ask,
    async query(text) {
      const { results } = JSON.parse((await ask(text))().toString()) as {
        results: { series?: { values: unknown[][] }[] }[]
      }
      return results.flatMap(({ series = [] }) => series.flatMap(({ values }) => values))
    },
    async search(body) {
      const lines = `{"index":"logs-*"}\n${JSON.stringify(body)}\n`
      const unpack = await asked('elasticsearch/_msearch', 'application/x-ndjson', lines)
      const { responses } = JSON.parse(unpack().toString()) as {
        responses?: { error?: object }[]
      }
      const [response] = responses ?? []
      if (response === undefined || response.error !== undefined)
        throw new Error(`the search was refused: ${JSON.stringify(response?.error)}`)
      return response
    },
    async close() {
      agent.destroy()
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      if (child.exitCode === null) await exit
      await folder.close()
    },
  }
}
