import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { normaliseLogs } from '../logs/normalise.ts'
import { normaliseMetrics } from '../metrics/normalise.ts'
import { timeWindow } from '../time-window.ts'
import { parseRules } from './parse-rules.ts'
import { createRuleBook } from './rule-book.ts'
import { rulesSchema } from './schema.ts'

const docs = join(import.meta.dirname, '..', '..', 'docs')
const file = join(docs, 'examples', 'rules.yaml')
const rules = parseRules(readFileSync(file, 'utf8'), file)
const nowMs = Date.UTC(2026, 10, 20)
const window = timeWindow(nowMs, 86_400_000, { rules: createRuleBook(rules) })
const origin = {
  ...{ tenant: 'default', deployment: undefined, source: 'web1', messageId: 'm' },
  fallbackNs: BigInt(nowMs) * 1_000_000n,
}

it('has every section that there is, as the page about it does', () => {
  const page = readFileSync(join(docs, 'pipeline.md'), 'utf8')
  for (const section of Object.keys(rulesSchema.shape)) {
    expect(readFileSync(file, 'utf8')).toContain(`\n${section}:`)
    expect(page).toContain(`| \`${section}\` |`)
  }
})

it('does to points what it says', () => {
  const body = [
    'servers.web1.cpu.load value=3',
    'tmp_a v=1',
    'http_reqs,hostname=web1,session_id=s1 duration=12i',
    'invoices count=7i',
  ].join('\n')
  const { chunk, dropped } = normaliseMetrics(Buffer.from(body), origin, window)
  const time = origin.fallbackNs
  expect(Buffer.from(chunk.bytes).toString().split('\n')).toEqual([
    `cpu,host=web1,tenant=default load=3 ${time}`,
    `http_requests,host=web1,tenant=default duration=12 ${time}`,
    `invoices,tenant=default count=7i ${time}`,
    '',
  ])
  expect(dropped).toBe(1)
})

it('does to records what it says', () => {
  const record = (more: object) =>
    JSON.stringify({ '@timestamp': new Date(nowMs).toISOString(), message: '', ...more })
  const body = [
    record({ 'event.dataset': 'healthcheck' }),
    record({
      ...{ 'service.name': 'checkout', message: 'KD-123456 pays with 4111 1111 1111 1111' },
      attributes: { cookie: 'c', n: 1 },
    }),
  ].join('\n')
  const { chunk, dropped } = normaliseLogs(Buffer.from(body), origin, window)
  expect(dropped).toBe(1)
  expect(JSON.parse(Buffer.from(chunk.bytes).toString())).toMatchObject({
    message: 'KD-xxxxxx pays with ***',
    attributes: { n: 1, team: 'payments' },
  })
})
