import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { listenersSchema } from '../listening/entry.ts'
import * as registry from './index.ts'
import { describeListener, type ListenerSample } from './listener.contract.ts'

const samples: readonly ListenerSample[] = [
  {
    type: 'graphite',
    message: (word) => `${word}.load;dc=x 1.5 1700000000`,
    end: '\n',
    line: (word) => `${word}.load,dc=x value=1.5 1700000000000000000\n`,
  },
  {
    type: 'statsd',
    message: (word) => `${word}.hits:2|c|#dc:x`,
    end: '\n',
    line: (word) => `${word}_hits,dc=x,metric_type=counter value=2 `,
  },
  {
    type: 'syslog',
    message: (word) => `<13>Oct 11 22:14:15 web-1 app: ${word} said`,
    end: '\n',
    line: (word) => `"message":"${word} said"`,
  },
  {
    type: 'gelf',
    message: (word) => JSON.stringify({ version: '1.1', host: 'h', short_message: `${word} said` }),
    end: '\0',
    line: (word) => `"message":"${word} said"`,
  },
]

test('are registered under their own names, each a file with a sample', () => {
  const files = readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith('.ts') && !/^(index|listener)\./.test(name))
    .map((name) => name.replace('.ts', ''))
  expect(Object.keys(registry).sort()).toEqual(files.sort())
  for (const [name, listener] of Object.entries(registry)) expect(listener.type).toBe(name)
  expect(samples.map(({ type }) => type).sort()).toEqual(files.sort())
})

const problems = (entry: object): string[] =>
  listenersSchema.safeParse([entry]).error?.issues.map(({ message }) => message) ?? []

test('open nothing beyond loopback before somebody says who may send', () => {
  expect(problems({ type: 'syslog', host: '0.0.0.0' })[0]).toContain('needs allow')
  expect(problems({ type: 'syslog', host: '0.0.0.0', allow: ['10.0.0.0/8'] })).toEqual([])
  expect(problems({ type: 'syslog', host: '0.0.0.0', allow: ['10.0.0.0/33'] })[0]).toContain(
    'a network',
  )
  const tls = { certFile: 'c', keyFile: 'k' }
  expect(problems({ type: 'syslog', host: '::', tls })[0]).toContain('needs allow')
  expect(problems({ type: 'syslog', host: '::', tls: { ...tls, caFile: 'a' } })).toEqual([])
  expect(problems({ type: 'syslog', tls, transports: ['udp'] })).toEqual([
    'TLS needs the transport tcp',
  ])
  expect(problems({ type: 'syslog', tls: { ...tls, tenants: { web: 'acme' } } })[0]).toContain(
    'caFile',
  )
})

test('refuse settings that are unknown or cannot be', () => {
  expect(problems({ type: 'gelf', prot: 1 })[0]).toContain('prot')
  expect(problems({ type: 'graphite', templates: ['host.nothing'] })[0]).toContain(
    'must name the measurement',
  )
  expect(problems({ type: 'syslog', timeZone: 'Europe/Nowhere' })[0]).toContain('a time zone')
  expect(
    listenersSchema.safeParse([{ type: 'gelf' }, { type: 'syslog', port: 12_201 }]).success,
  ).toBe(false)
})

for (const sample of samples) describeListener(sample)
