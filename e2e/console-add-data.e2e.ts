import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { makeTempDir, removeTempDir } from '@warren/test-servers/temp-dir'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { expectNothingRefused, hasBrowser, openConsole, startBrowser } from './browser.ts'
import { eventually } from './client.ts'
import { type Platform, startPlatform } from './platform.ts'

const root = join(import.meta.dirname, '..')

let platform: Platform
let browser: Browser
let page: Page

beforeAll(async () => {
  platform = await startPlatform()
  if (!hasBrowser) return
  browser = await startBrowser()
  page = await openConsole(await browser.newPage(), platform, '/add-data')
})
afterEach(expectNothingRefused)
afterAll(async () => {
  await browser?.close()
  await platform?.close()
})

const card = (name: string) => page.getByRole('region', { name, exact: true })

async function snippetOf(name: string, button: string): Promise<string> {
  await card(name).getByRole('button', { name: button }).click()
  return card(name).locator('pre').innerText()
}

/** The value of `key = "value"`, or of the first of a list. */
function settingOf(toml: string, key: string): string {
  const [, value] = new RegExp(`^\\s*${key} = \\[?"([^"]*)"`, 'm').exec(toml) ?? []
  if (value === undefined) throw new Error(`no ${key} in\n${toml}`)
  return value
}

const basic = (user: string, secret: string): string =>
  `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`

describe.runIf(hasBrowser)('Add data, followed word by word', () => {
  it('sees what Telegraf sends with its configuration', async () => {
    const toml = await snippetOf('Telegraf', 'Make a credential')
    await card('Telegraf').getByRole('button', { name: 'Wait for a new host' }).click()
    await card('Telegraf').getByText('Waiting for a new host').waitFor()
    const url = settingOf(toml, 'urls')
    const authorization = basic(settingOf(toml, 'username'), settingOf(toml, 'password'))
    expect(settingOf(toml, 'content_encoding')).toBe('gzip')
    // As outputs.influxdb of Telegraf 1.3x writes: <url>/write with the database in the query.
    const line = `cpu,cpu=cpu-total,host=behind-telegraf usage_idle=90.5,usage_user=5 ${Date.now()}000000\n`
    const written = await fetch(`${url}/write?db=${settingOf(toml, 'database')}`, {
      method: 'POST',
      headers: {
        authorization,
        'content-encoding': 'gzip',
        'content-type': 'text/plain; charset=utf-8',
        'user-agent': 'Telegraf/1.32.0 Go/1.23.0',
      },
      body: gzipSync(line),
    })
    expect(written.status).toBe(204)
    await card('Telegraf').getByText('behind-telegraf sends.').waitFor({ timeout: 20_000 })
    const asked = await fetch(`${platform.url}/gateway/influxdb/query?db=warren&q=SHOW+DATABASES`, {
      headers: { authorization },
    })
    expect(asked.status).toBe(403)
  })

  it('takes what Filebeat and Promtail send with their configuration', async () => {
    const yaml = await snippetOf('Log shippers', 'Make a credential')
    const setting = (pattern: RegExp): string => pattern.exec(yaml)?.[1] ?? ''
    const node = `${setting(/hosts: \["(.*)"\]/)}${setting(/path: (.*)/)}`
    const bulk = await fetch(`${node}/_bulk`, {
      method: 'POST',
      headers: {
        authorization: basic(setting(/username: (.*)/), setting(/password: "(.*)"/)),
        'content-type': 'application/x-ndjson',
      },
      body: '{"create":{"_index":"filebeat-8.19.0"}}\n{"message":"behind filebeat"}\n',
    })
    expect(await bulk.json()).toMatchObject({ errors: false })
    const values = [[`${Date.now()}000000`, 'behind promtail']]
    const push = await fetch(setting(/url: (.*)/), {
      method: 'POST',
      headers: {
        authorization: `Bearer ${setting(/bearer_token: "(.*)"/)}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ streams: [{ stream: { job: 'varlogs' }, values }] }),
    })
    expect(push.status).toBe(204)
    for (const name of ['filebeat', 'promtail'])
      await eventually(async () => {
        const query = { query_string: { query: `"behind ${name}"` } }
        const { hits } = await platform.client.search({ size: 1, query })
        return hits.hits[0]
      }, 30_000)
  })

  it('sees a second agent that runs as told', async () => {
    const commands = await snippetOf('A second Warren agent', 'Make a credential')
    const agent = card('A second Warren agent')
    await agent.getByRole('button', { name: 'Wait for a new host' }).click()
    const clone = await makeTempDir('second')
    await copyFile(join(root, 'package.json'), join(clone, 'package.json'))
    for (const name of ['agents', 'packages', 'node_modules'])
      await symlink(join(root, name), join(clone, name))
    expect(commands).toMatch(/^npm ci\n/)
    // Installed already.
    const rest = commands.replace(/^npm ci\n/, '')
    const child = startCommands(rest, clone)
    try {
      await agent.getByText('second sends.').waitFor({ timeout: 40_000 })
    } catch (error) {
      throw new Error(`${error}\n${child.output()}`)
    } finally {
      await child.end()
      await removeTempDir(clone)
    }
  })

  it('shows the line that opens every listener', async () => {
    const line = await card('StatsD, Graphite, syslog, GELF').locator('pre').innerText()
    const [, list = ''] = /^WARREN_COLLECTOR__LISTENERS='(.+)' npm start$/.exec(line) ?? []
    const types = ['statsd', 'graphite', 'syslog', 'gelf']
    expect(JSON.parse(list)).toEqual(types.map((type) => ({ type })))
  })

  it('sees each data source of Grafana ask', async () => {
    const yaml = await snippetOf('Grafana', 'Make read-only tokens')
    const grafana = card('Grafana')
    await grafana.getByRole('button', { name: 'Wait for the metrics data source' }).click()
    await grafana.getByRole('button', { name: 'Wait for the logs data source' }).click()
    const [metrics, logs] = yaml.split('- name: ').slice(1).map(toDataSource)
    expect(await healthOf(metrics)).toMatchObject({ results: [{ series: [{}] }] })
    await grafana.getByText('Grafana has asked for metrics.').waitFor({ timeout: 20_000 })
    await grafana.getByText('Waiting for the logs data source').waitFor()
    expect(await logHealthOf(logs)).toMatchObject([
      { version: { number: expect.stringMatching(/^8\./) } },
      { status: 'green' },
      { responses: [{ status: 200 }] },
    ])
    await grafana.getByText('Grafana has asked for logs.').waitFor({ timeout: 20_000 })
  })

  it('lists what was made, and revokes it', async () => {
    const [metrics] = (await card('Grafana').locator('pre').innerText())
      .split('- name: ')
      .slice(1)
      .map(toDataSource)
    expect(await healthOf(metrics)).toMatchObject({ results: [{}] })
    await card('Grafana').getByRole('link', { name: 'Tokens' }).click()
    const token = page.getByRole('article', { name: 'Token grafana metrics' })
    await token.getByText('last used').waitFor()
    await token.getByRole('button', { name: 'Revoke' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
    await token.waitFor({ state: 'detached' })
    await page.getByRole('article', { name: 'Token grafana logs' }).waitFor()
    expect(await healthOf(metrics)).toMatchObject({ error: expect.any(String) })
  })
})

function startCommands(commands: string, cwd: string) {
  const env = { ...process.env, WARREN_HOST: 'second' }
  const child: ChildProcess = spawn('sh', ['-e'], { cwd, env, detached: true })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (bytes: Buffer) => {
      output += bytes.toString()
    })
  child.stdin?.end(commands)
  return {
    output: () => output,
    async end() {
      if (child.exitCode !== null || child.pid === undefined) return
      const exit = once(child, 'exit')
      process.kill(-child.pid, 'SIGINT')
      await exit
    },
  }
}

interface DataSource {
  readonly url: string
  readonly authorization: string
}

function toDataSource(yaml: string): DataSource {
  const [, url = ''] = /url: (\S+)/.exec(yaml) ?? []
  const [, user = ''] = /(?:user|basicAuthUser): (\S+)/.exec(yaml) ?? []
  const [, secret = ''] = /(?:password|basicAuthPassword): (\S+)/.exec(yaml) ?? []
  return { url, authorization: basic(user, secret) }
}

/** What "Save & test" of the InfluxDB data source asks with `httpMode: POST`. */
async function healthOf({ url, authorization }: DataSource = { url: '', authorization: '' }) {
  const response = await fetch(`${url}/query?db=warren&epoch=ms`, {
    method: 'POST',
    headers: { authorization },
    body: new URLSearchParams({ q: 'SHOW measurements' }),
  })
  return response.json()
}

/** What the Elasticsearch data source asks: its version, its health, a first search. */
async function logHealthOf({ url, authorization }: DataSource = { url: '', authorization: '' }) {
  const search = `{"index":"logs-*","ignore_unavailable":true}\n{"size":1,"query":{"match_all":{}}}\n`
  const answers = [
    await fetch(`${url}/`, { headers: { authorization } }),
    await fetch(`${url}/_cluster/health`, { headers: { authorization } }),
    await fetch(`${url}/_msearch?max_concurrent_shard_requests=5`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/x-ndjson' },
      body: search,
    }),
  ]
  return Promise.all(answers.map((answer) => answer.json()))
}
