import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { readAnalyzerConfig } from '@warren/analyzer/config'
import { readApiConfig } from '@warren/api/config'
import { apiLaunch } from '@warren/api/launch'
import { readCollectorConfig } from '@warren/collector/config'
import { startAdminServer } from '@warren/platform/admin-server'
import { readPollerConfig } from '@warren/poller/config'
import { pollerLaunch } from '@warren/poller/launch'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import {
  type ComposeService,
  composeText,
  environmentOf,
  mountsOf,
  readComposeFile,
  root,
} from './compose-file.ts'
import { makeSecrets, uids } from './secrets.ts'
import { writeSecrets } from './write-secrets.ts'

const { services, volumes, networks } = readComposeFile()
const readers = {
  api: readApiConfig,
  poller: readPollerConfig,
  collector: readCollectorConfig,
  analyzer: readAnalyzerConfig,
}
type Name = keyof typeof readers
const names = Object.keys(readers) as Name[]
const named = (name: string): ComposeService => {
  const service = services[name]
  if (service === undefined) throw new Error(`no service ${name}`)
  return service
}

let folder: string
const files = makeSecrets()
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'warren-compose-'))
  writeSecrets({ folder, make: () => files, own: () => undefined })
})
afterAll(() => rmSync(folder, { recursive: true }))

const textOf = (path: string) => files.find((file) => file.path === path)?.text ?? ''
const configOf = <Wanted extends Name>(name: Wanted) =>
  readers[name]({
    file: undefined,
    env: environmentOf(named(name), folder),
  }) as ReturnType<(typeof readers)[Wanted]>
/** Container side of `address:host:container`. */
const publishedOf = (name: string) =>
  (named(name).ports ?? []).map((text) => {
    const [address = '', , container = ''] = text.split(':')
    return { address, port: Number(container) }
  })

describe('Warren’s services', () => {
  it.each(names)('%s reads its whole environment with the schema it runs with', (name) => {
    const environment = named(name).environment ?? {}
    expect(Object.keys(environment).every((variable) => variable.startsWith('WARREN_'))).toBe(true)
    expect(() => configOf(name)).not.toThrow()
  })

  it('include a poller and an api that start as they are measured', () => {
    for (const [name, launch] of Object.entries({ poller: pollerLaunch, api: apiLaunch }))
      expect(named(name).command).toEqual([...launch.execArgv, relative(root, launch.script)])
  })

  it('have the secrets and addresses of the servers beside them', () => {
    const [api, poller, collector] = [configOf('api'), configOf('poller'), configOf('collector')]
    expect(poller.amqpUrl.reveal()).toBe(textOf('warren/amqp-url'))
    for (const { catalogUrl } of [api, poller, collector]) {
      const { hostname, port, pathname, username } = new URL(catalogUrl.reveal())
      expect([hostname, port]).toEqual(['postgres', '5432'])
      expect(named('postgres').environment).toMatchObject({
        POSTGRES_USER: username,
        POSTGRES_DB: pathname.slice(1),
      })
    }
    for (const { metricStore, logStore } of [api, poller]) {
      const username = named('influxdb').environment?.['INFLUXDB_ADMIN_USER']
      expect(metricStore).toMatchObject({ type: 'influx1', url: 'http://influxdb:8086', username })
      expect(logStore).toMatchObject({ type: 'elasticsearch', url: 'http://elasticsearch:9200' })
      expect(logStore).toMatchObject({ username: 'elastic' })
    }
    expect(new URL(poller.amqpUrl.reveal()).hostname).toBe('rabbitmq')
    expect(api.adminPassword?.reveal()).toBe(textOf('warren/admin-password'))
    expect(api.grafanaToken?.reveal()).toBe(textOf('grafana/grafana-token'))
  })

  it('run from one image as a user that is not root, on a file system that they cannot write', () => {
    const dockerfile = readFileSync(join(root, 'deploy/image/Dockerfile'), 'utf8')
    expect(dockerfile).toContain(`USER ${uids.warren}:${uids.warren}`)
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, list]) =>
      (list ?? '').split(' '),
    )
    for (const path of copied) expect(existsSync(join(root, path)), path).toBe(true)
    const manifest = readFileSync(join(root, 'package.json'), 'utf8')
    const { version, workspaces } = JSON.parse(manifest) as {
      version: string
      workspaces: string[]
    }
    for (const workspace of workspaces)
      expect(
        copied.some((path) => path.split('/')[0] === workspace.split('/')[0]),
        workspace,
      ).toBe(true)
    for (const name of [...names, 'secrets']) {
      const { image, build, command = [], read_only, cap_drop, user } = named(name)
      expect(image).toBe(`warren:${version}`)
      expect(build?.dockerfile).toBe('deploy/image/Dockerfile')
      expect([read_only, cap_drop]).toEqual([true, ['ALL']])
      expect(user).toBe(name === 'secrets' ? '0:0' : undefined)
      const script = command.find((word) => !word.startsWith('-')) ?? ''
      expect(existsSync(join(root, script)), script).toBe(true)
      expect(copied).toContain(script.split('/')[0])
    }
  })

  it('keep what the collector answered for in a volume that its user can write', () => {
    const { dataDir } = configOf('collector')
    const mount = mountsOf(named('collector')).find(({ target }) => target === dataDir)
    expect(mount?.readOnly).toBe(false)
    const dockerfile = readFileSync(join(root, 'deploy/image/Dockerfile'), 'utf8')
    const { warren } = uids
    expect(dockerfile).toContain(`install -d -o ${warren} -g ${warren} -m 700 ${dataDir}\n`)
  })

  it('publish the ports that they listen on, on loopback, where the container can be reached', () => {
    const [api, collector] = [configOf('api'), configOf('collector')]
    expect(publishedOf('api')).toEqual([{ address: '127.0.0.1', port: api.httpPort }])
    expect(publishedOf('collector')).toEqual([{ address: '127.0.0.1', port: collector.httpPort }])
    expect([api.httpHost, collector.httpHost]).toEqual(['0.0.0.0', '0.0.0.0'])
    expect([publishedOf('poller'), publishedOf('analyzer')]).toEqual([[], []])
    const [, host = ''] = (named('collector').ports?.[0] ?? '').split(':')
    expect(api.api.collectUrl).toBe(`http://127.0.0.1:${host}`)
  })

  it('are healthy by a route that the admin server has, at its port', async () => {
    const admin = await startAdminServer({
      host: '127.0.0.1',
      port: 0,
      version: '',
      registries: () => [],
      health: () => [],
    })
    for (const name of names) {
      const test = named(name).healthcheck?.test ?? []
      expect(test.slice(0, 3)).toEqual(['CMD', 'node', '-e'])
      const { hostname, port, pathname } = new URL(/'(http[^']+)'/.exec(test[3] ?? '')?.[1] ?? '')
      expect([hostname, Number(port)]).toEqual(['127.0.0.1', configOf(name).adminPort])
      const answer = await fetch(`http://127.0.0.1:${admin.port}${pathname}`)
      expect(answer.status).toBe(200)
    }
    await admin.close()
  })

  it('show each other’s state at addresses that listen there', () => {
    const others = names.filter((name) => name !== 'api')
    const { parts } = configOf('api')
    expect(Object.keys(parts).sort()).toEqual(others.toSorted())
    for (const name of others) {
      const { adminHost, adminPort } = configOf(name)
      expect(parts[name]).toBe(`http://${name}:${adminPort}`)
      expect(adminHost).toBe('0.0.0.0')
    }
  })
})

describe('servers', () => {
  const secretsVolume = (service: ComposeService) =>
    mountsOf(service).find(({ source }) => source.endsWith('-secrets'))
  const servers = ['rabbitmq', 'influxdb', 'elasticsearch', 'postgres', 'grafana'] as const

  it('have pinned images', () => {
    for (const [name, { image }] of Object.entries(services))
      expect(image, name).toMatch(/:\d+\.\d+(\.\d+)?$/)
    expect(named('rabbitmq').image).toMatch(/^rabbitmq:4\./)
    expect(named('influxdb').image).toMatch(/^influxdb:1\./)
    expect(named('elasticsearch').image).toMatch(/:8\.19\.\d+$/)
  })

  it('mount their own secrets and no others, written by the step that makes them', () => {
    const written = Object.fromEntries(
      mountsOf(named('secrets')).map(({ source, target }) => [source, target]),
    )
    for (const volume of readdirSync(folder))
      expect(written[`${volume}-secrets`]).toBe(`${named('secrets').command?.[1]}/${volume}`)
    for (const name of [...servers, ...names]) {
      const own = mountsOf(named(name)).filter(({ source }) => source.endsWith('-secrets'))
      const volume = servers.find((server) => server === name) ?? 'warren'
      expect(own).toEqual([{ source: `${volume}-secrets`, target: '/run/warren', readOnly: true }])
    }
    const used = Object.values(services).flatMap((service) => mountsOf(service))
    const volumesUsed = used.map(({ source }) => source).filter((source) => !source.startsWith('.'))
    expect(new Set(volumesUsed)).toEqual(new Set(Object.keys(volumes)))
  })

  it('read only secret files that are made', () => {
    for (const [name, service] of Object.entries(services)) {
      if (name === 'secrets') continue
      const volume = secretsVolume(service)?.source.replace(/-secrets$/, '')
      for (const [, file] of JSON.stringify(service).matchAll(/\/run\/warren\/([\w.-]+)/g))
        expect(
          files.map(({ path }) => path),
          name,
        ).toContain(`${volume}/${file}`)
    }
    const conf = textOf('rabbitmq/rabbitmq.conf')
    expect(conf).toContain('load_definitions = /run/warren/definitions.json\n')
  })

  it('publish only what people and agents of this machine need', () => {
    const open = Object.keys(services).filter((name) => publishedOf(name).length > 0)
    expect(open.toSorted()).toEqual(['api', 'collector', 'grafana', 'rabbitmq'])
    expect(publishedOf('rabbitmq')).toEqual([
      { address: '127.0.0.1', port: Number(new URL(textOf('warren/amqp-url')).port) },
    ])
    expect(textOf('rabbitmq/rabbitmq.conf')).toContain('listeners.tcp.default = 5672\n')
    expect(publishedOf('grafana')).toEqual([{ address: '127.0.0.1', port: 3000 }])
    // Docker publishes no port of a container that is on internal networks only.
    for (const name of open)
      expect(
        named(name).networks?.some((network) => networks[network]?.internal !== true),
        name,
      ).toBe(true)
  })

  it('are asked for their health on loopback', () => {
    for (const name of servers)
      expect(named(name).healthcheck?.test.join(' '), name).toContain('127.0.0.1')
  })

  it('show Grafana what is provisioned, where its files say', () => {
    const grafana = named('grafana')
    const mounts = mountsOf(grafana)
    const generated = join(root, 'dashboards/grafana/generated')
    const of = (target: string) => mounts.find((mount) => mount.target === target)?.source ?? ''
    expect(join(root, of('/etc/grafana/provisioning'))).toBe(join(generated, 'provisioning'))
    const provider = parse(
      readFileSync(join(generated, 'provisioning/dashboards/warren.yaml'), 'utf8'),
    ) as { providers: { options: { path: string } }[] }
    const path = provider.providers[0]?.options.path ?? ''
    expect(join(root, of(path))).toBe(join(generated, 'dashboards'))
    const sources = readFileSync(join(generated, 'provisioning/datasources/warren.yaml'), 'utf8')
    for (const [, file] of sources.matchAll(/\$__file\{\/run\/warren\/([\w-]+)\}/g))
      expect(textOf(`grafana/${file}`)).not.toBe('')
    const { httpPort } = configOf('api')
    expect(grafana.environment?.['WARREN_GATEWAY_URL']).toBe(`http://api:${httpPort}/gateway`)
    expect(sources).toContain('$WARREN_GATEWAY_URL/influxdb')
  })
})

describe('the whole file', () => {
  const started = Object.keys(services).filter((name) => name !== 'secrets')
  const needs = (name: string): string[] =>
    Object.keys(named(name).depends_on ?? {}).flatMap((other) => [other, ...needs(other)])

  it('starts each service when those it needs are well', () => {
    const conditions = started.flatMap((name) => Object.entries(named(name).depends_on ?? {}))
    const wrong = conditions.filter(
      ([other, { condition }]) =>
        condition !== (other === 'secrets' ? 'service_completed_successfully' : 'service_healthy'),
    )
    expect(wrong).toEqual([])
    for (const name of started) {
      expect(named(name).healthcheck, name).toBeDefined()
      expect(needs(name), name).toContain('secrets')
    }
  })

  it.each(names)('starts %s after each server that it speaks to', (name) => {
    const { amqpUrl, catalogUrl } = configOf(name) as Partial<ReturnType<typeof readPollerConfig>>
    const addresses = Object.values(named(name).environment ?? {}).filter((text) =>
      text.startsWith('http://'),
    )
    const servers = ['influxdb', 'elasticsearch'].filter((server) =>
      addresses.some((address) => new URL(address).hostname === server),
    )
    if (amqpUrl !== undefined) servers.push('rabbitmq')
    if (catalogUrl !== undefined) servers.push('postgres')
    expect(needs(name)).toEqual(expect.arrayContaining(servers))
  })

  it('holds no password', () => {
    for (const { environment = {} } of Object.values(services))
      for (const [variable, text] of Object.entries(environment)) {
        if (/PASS|TOKEN|SECRET|KEY/.test(variable)) {
          expect(variable).toMatch(/_FILE$/)
          expect(text).toMatch(/^\/run\/warren\//)
        }
        expect(text).not.toMatch(/\/\/[^/]*@/)
      }
    expect(composeText).not.toMatch(/password: /i)
  })
})
