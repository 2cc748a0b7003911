import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { secretSchema } from '../secret.ts'
import { readConfig } from './read.ts'

const schema = z.strictObject({
  httpPort: z.int().min(0).max(65_535).default(8080),
  adminPassword: secretSchema.optional(),
  store: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('embedded'), threads: z.int().default(2) }),
      z.strictObject({ type: z.literal('remote'), url: z.url() }),
    ])
    .default({ type: 'embedded', threads: 2 }),
  poller: z
    .strictObject({
      batch: z
        .strictObject({ maxWaitMs: z.int().default(100), gzip: z.boolean().default(false) })
        .prefault({}),
      tags: z.array(z.string()).default([]),
      rules: z.array(z.strictObject({ keep: z.string() })).default([]),
    })
    .prefault({}),
})

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'warren-config-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const file = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

it('has defaults', () => {
  expect(readConfig(schema, { env: {} })).toMatchObject({
    httpPort: 8080,
    store: { type: 'embedded' },
    poller: { batch: { maxWaitMs: 100 } },
  })
})

it('lets variables win over the file, and flags over both', () => {
  const path = file('a.yaml', 'httpPort: 1\npoller:\n  batch:\n    maxWaitMs: 5\n')
  const env = { WARREN_HTTP_PORT: '2', WARREN_POLLER__BATCH__GZIP: 'true', HOME: '/x' }
  expect(readConfig(schema, { file: path, env, flags: { httpPort: 3 } })).toMatchObject({
    httpPort: 3,
    poller: { batch: { maxWaitMs: 5, gzip: true } },
  })
})

it('reads lists and the settings of a chosen alternative', () => {
  const env = {
    WARREN_STORE__TYPE: 'remote',
    WARREN_STORE__URL: 'http://127.0.0.1:8086',
    WARREN_POLLER__TAGS: 'a,b',
  }
  expect(readConfig(schema, { env })).toMatchObject({
    store: { type: 'remote', url: 'http://127.0.0.1:8086' },
    poller: { tags: ['a', 'b'] },
  })
})

it('keeps a numeric password text, takes it from a file, and never prints it', () => {
  const path = file('password', '12345\n')
  const config = readConfig(schema, { env: { WARREN_ADMIN_PASSWORD_FILE: path } })
  expect(config.adminPassword?.reveal()).toBe('12345')
  expect(JSON.stringify(config)).not.toContain('12345')
  expect(`${config.adminPassword}`).toBe('<secret>')
})

it('names every problem with its path, its variable and what was probably meant', () => {
  const env = {
    WARREN_HTTP_PROT: '1',
    WARREN_POLLER__BATCH__MAX_WAIT_MS: 'soon',
    WARREN_POLLER__BATCH__ZIP: '1',
  }
  expect(() => readConfig(schema, { env })).toThrowErrorMatchingInlineSnapshot(`
    [WarrenError: invalid configuration
      poller.batch.maxWaitMs (WARREN_POLLER__BATCH__MAX_WAIT_MS): Invalid input: expected number, received string
      poller.batch.zip (WARREN_POLLER__BATCH__ZIP): unknown setting; did you mean poller.batch.gzip?
      httpProt (WARREN_HTTP_PROT): unknown setting; did you mean httpPort?]
  `)
})

it('says which file cannot be read', () => {
  expect(() => readConfig(schema, { file: join(folder, 'none.yaml'), env: {} })).toThrow(
    /none\.yaml.*ENOENT/,
  )
  expect(() => readConfig(schema, { file: file('b.yaml', '- 1'), env: {} })).toThrow(
    /expected a mapping/,
  )
})

it('says which file has the problem, and which variable is no JSON without quoting it', () => {
  expect(() => readConfig(schema, { file: file('c.yaml', 'httpPrt: 1'), env: {} })).toThrow(
    /^invalid configuration \(.*c\.yaml, and variables WARREN_…\)\n {2}httpPrt/,
  )
  const env = { WARREN_POLLER__RULES: '[{"keep":"secret"' }
  expect(() => readConfig(schema, { env })).toThrow(
    /^WARREN_POLLER__RULES begins as JSON and is none$/,
  )
})

it('names what was meant in a list too', () => {
  const env = { WARREN_POLLER__RULES: '[{"keep":"a"},{"keep":"b","kepp":"c"}]' }
  expect(() => readConfig(schema, { env })).toThrow(
    /poller\.rules\.1\.kepp .*; did you mean poller\.rules\.1\.keep\?/,
  )
})
