import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '@warren/test-servers/free-port'
import { makeTempDir, removeTempDir } from '@warren/test-servers/temp-dir'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient, eventually } from './client.ts'
import { shape } from './shape.ts'
import { startUp, type Up } from './warren-command.ts'

const password = 'restart-password'

let dataDir: string
let up: Up
let inspectPort: number
let adminPort: number

interface Part {
  readonly part: string
  readonly state: string
  readonly reason: string | null
}

async function partsNow(): Promise<readonly Part[]> {
  const answer = await fetch(`http://127.0.0.1:${adminPort}/readyz?verbose`)
  return ((await answer.json()) as { parts: readonly Part[] }).parts
}

/** Runs an expression inside `up`, through the debugger that every Node has (https://nodejs.org/api/inspector.html). */
async function runInside(expression: string): Promise<unknown> {
  process.kill(up.pid, 'SIGUSR1')
  const address = await eventually(async () => {
    const answer = await fetch(`http://127.0.0.1:${inspectPort}/json/list`)
    const [target] = (await answer.json()) as { webSocketDebuggerUrl: string }[]
    return target?.webSocketDebuggerUrl
  }, 20_000)
  const socket = new WebSocket(address)
  const answered = Promise.withResolvers<unknown>()
  socket.onopen = () => {
    const params = { expression, returnByValue: true }
    socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params }))
  }
  socket.onmessage = ({ data }) => answered.resolve(JSON.parse(String(data)))
  socket.onerror = () => answered.reject(new Error('the debugger is away'))
  const answer = (await answered.promise) as {
    result: { result: { value: unknown }; exceptionDetails?: unknown }
  }
  socket.close()
  expect(answer.result.exceptionDetails).toBeUndefined()
  return answer.result.result.value
}

/** Every red part that is seen until `ended`, by name. */
async function watchRed(ended: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const red = new Map<string, string>()
  while (!ended.aborted) {
    for (const { part, state, reason } of await partsNow())
      if (state === 'red') red.set(part, reason ?? '')
    await sleep(20)
  }
  return red
}

/** Provokes, waits until every part is green again, and says what was red meanwhile. */
async function redAfter(provoke: () => Promise<unknown>): Promise<ReadonlyMap<string, string>> {
  const watching = new AbortController()
  const red = watchRed(watching.signal)
  const failures = () => up.output().match(/nobody caught an error of/g)?.length ?? 0
  const before = failures()
  try {
    await provoke()
    await eventually(async () => (failures() > before ? true : undefined), 30_000)
    await eventually(async () => {
      const parts = await partsNow()
      return parts.every(({ state }) => state === 'green') ? true : undefined
    }, 60_000)
  } finally {
    watching.abort()
  }
  return red
}

/** A part is called `<service>` or `<service>/<part>`. */
const servicesOf = (red: ReadonlyMap<string, string>) =>
  new Set([...red.keys()].map((part) => part.split('/')[0]))

const accident = "throw new Error('an accident inside')"

/** The newest point of this host, nanoseconds since the epoch. */
async function newestPoint(): Promise<number> {
  const [series] = await createClient(up.url, password).query(
    "SELECT last(usage_idle) FROM cpu WHERE cpu = 'cpu-total'",
  )
  return Number(series?.values[0]?.[0] ?? 0)
}

if (shape === 'embedded')
  describe('a service that throws inside warren up', () => {
    beforeAll(async () => {
      dataDir = await makeTempDir('up-restart')
      inspectPort = await freePort()
      up = await startUp(dataDir, {
        WARREN_ADMIN_PASSWORD: password,
        WARREN_AGENT__INTERVAL_MS: '1000',
        NODE_OPTIONS: `--inspect-port=127.0.0.1:${inspectPort}`,
      })
      adminPort = JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8')).adminPort
      await eventually(async () => ((await newestPoint()) > 0 ? true : undefined), 60_000)
    })
    afterAll(async () => {
      up?.interrupt()
      await up?.ended
      await removeTempDir(dataDir)
    })

    it('is started again alone, red meanwhile, when it is the api', async () => {
      const red = await redAfter(async () => {
        const { port } = new URL(up.url)
        const found = await runInside(`(() => {
          const servers = process._getActiveHandles().filter((handle) => handle.listening && handle.address().port === ${port})
          for (const server of servers) server.prependOnceListener('request', () => { ${accident} })
          return servers.length
        })()`)
        expect(found).toBe(1)
        await fetch(`${up.url}/healthz`).catch(() => undefined)
      })
      expect(servicesOf(red)).toEqual(new Set(['api']))
      expect(red.get('api')).toMatch(/^an accident inside; starts again in \d+ s$/)
      expect((await fetch(`${up.url}/healthz`)).status).toBe(200)
    })

    it('is started again alone when it lives from the broker, and what came meanwhile is stored', async () => {
      const { port } = new URL(readFileSync(join(dataDir, 'agent', 'amqp-url'), 'utf8').trim())
      const red = await redAfter(async () => {
        const found = await runInside(`(() => {
          const sockets = process._getActiveHandles().filter((handle) => handle.remotePort === ${port})
          const [one] = sockets
          one?.prependOnceListener('readable', () => { ${accident} })
          one?.prependOnceListener('data', () => { ${accident} })
          return sockets.length
        })()`)
        expect(found).toBeGreaterThan(1)
      })
      expect(servicesOf(red).size).toBe(1)
      expect([...red.values()].some((reason) => reason.startsWith('an accident inside'))).toBe(true)
      const before = await newestPoint()
      await eventually(async () => ((await newestPoint()) > before ? true : undefined), 30_000)
    })
  })
