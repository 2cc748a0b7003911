import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { writeRun } from '../data-folder/run-file.ts'
import { writeAdminPassword } from '../up/admin-password.ts'
import { findApi } from './config.ts'

const folder = mkdtempSync(join(tmpdir(), 'warren-cli-'))
afterAll(() => rmSync(folder, { recursive: true }))

const failure = (find: () => unknown): { exitCode: number; message: string } => {
  try {
    find()
  } catch (error) {
    return error as { exitCode: number; message: string }
  }
  throw new Error('found one')
}

it('takes the address of the flag, else of the variable, with a token', () => {
  const env = { WARREN_URL: 'http://variable:1/warren/', WARREN_TOKEN: 'wrn_a' }
  const found = findApi({}, env)
  expect([found.url, found.authorization.reveal()]).toEqual([
    'http://variable:1/warren',
    'Bearer wrn_a',
  ])
  expect(findApi({ url: 'https://flag' }, env).url).toBe('https://flag')
  expect(JSON.stringify(found)).not.toContain('wrn_a')
})

it('takes the token from a file', () => {
  const file = join(folder, 'token')
  writeFileSync(file, 'wrn_of_file\n')
  const env = { WARREN_URL: 'http://a', WARREN_TOKEN_FILE: file }
  expect(findApi({}, env).authorization.reveal()).toBe('Bearer wrn_of_file')
  const missing = { ...env, WARREN_TOKEN_FILE: join(folder, 'absent') }
  expect(failure(() => findApi({}, missing)).message).toMatch(/WARREN_TOKEN_FILE.*ENOENT/)
})

it.each([
  ['http://a', {}, /WARREN_TOKEN/],
  ['a:80', { WARREN_TOKEN: 'wrn_a' }, /http:\/\//],
  ['http://me:hunter2@a', { WARREN_TOKEN: 'wrn_a' }, /credential/],
  ['http://a?token=hunter2', { WARREN_TOKEN: 'wrn_a' }, /path/],
  ['http://a', { WARREN_TOKEN: 'two hunter2' }, /token/],
])('refuses %s in one line that shows no secret', (url, env, reason) => {
  const { exitCode, message } = failure(() => findApi({ url }, env))
  expect(exitCode).toBe(2)
  expect(message).toMatch(reason)
  expect(message).not.toMatch(/hunter2|\n/)
})

it('takes the Warren on the data folder otherwise, as its admin', () => {
  expect(failure(() => findApi({ dataDir: folder }, {})).message).toMatch(/no Warren runs on/)
  writeRun(folder, { url: 'http://127.0.0.1:9', adminPort: 1, catalogUrl: '' })
  expect(failure(() => findApi({ dataDir: folder }, {})).message).toMatch(/no admin password/)
  writeAdminPassword(folder, 'correct horse')
  const { url, authorization } = findApi({ dataDir: folder }, { WARREN_URL: 'http://elsewhere' })
  expect(url).toBe('http://127.0.0.1:9')
  expect(authorization.reveal()).toBe(`Basic ${btoa('admin:correct horse')}`)
  const asToken = findApi({ dataDir: folder }, { WARREN_TOKEN: 'wrn_a' })
  expect(asToken.authorization.reveal()).toBe('Bearer wrn_a')
})
