import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { openTestApi, type TestApi } from '@warren/api/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'

const program = join(import.meta.dirname, '..', 'bin', 'warren.mjs')
let test: TestApi
beforeAll(async () => {
  test = await openTestApi()
})
afterAll(() => test?.close())

it('makes, lists and revokes tokens, and marks those of alert rules', async () => {
  const manager = await test.tokenOf('manager')
  const env = { PATH: process.env['PATH'], WARREN_URL: test.api.url, WARREN_TOKEN: manager }
  const tokens = async (...words: string[]) =>
    (await promisify(execFile)(process.execPath, [program, 'tokens', ...words], { env })).stdout
  const secret = (await tokens('create', 'rules', '--alerting', '--days', '7')).trim()
  expect(secret).toMatch(/^wrn_[\w-]{43}$/)
  const [line = ''] = (await tokens('list')).split('\n')
  expect(line).toMatch(/^[\w-]+ {2}viewer {2}alerting {2}\S+ {2}never {2}rules$/)
  const query = async (authorization: string) =>
    test.fetch('/gateway/influxdb/query?db=warren&q=SHOW+MEASUREMENTS', {
      headers: { authorization },
    })
  // As a rule's query: from no cache.
  const cache = (answer: Response) => answer.headers.get('x-warren-cache')
  expect(cache(await query(`Bearer ${secret}`))).toMatch(/^bypass/)
  expect(cache(await query(`Bearer ${manager}`))).toMatch(/^(miss|hit)/)
  const [id = ''] = line.split(' ')
  expect(await tokens('revoke', id)).toBe(`${id} revoked\n`)
  expect((await query(`Bearer ${secret}`)).status).toBe(401)
  const limited = ['--deployment', 'web', '--deployment', 'shop']
  const [, created] = [await tokens('create', 'wall', ...limited), await tokens('list')]
  expect(created).toMatch(/ {2}wall {2}of shop, web\n/)
  await expect(tokens('create', 'x', '--role', 'editor', ...limited)).rejects.toMatchObject({
    stderr: expect.stringContaining('only a viewer’s token'),
  })
  for (const [wrong, words] of [
    [
      ['x', '--days', 'abc'],
      "option '--days <days>' argument 'abc' is invalid. It is a whole number",
    ],
    [['x', '--role', 'admin'], 'Allowed choices are viewer'],
    [[''], "value '' is invalid for argument 'name'. It has 1 to 128 characters."],
  ] as const)
    await expect(tokens('create', ...wrong)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining(words),
    })
  await expect(tokens('create', 'x', '--alerting', '--role', 'writer')).rejects.toMatchObject({
    stderr: expect.stringContaining('a writer asks no queries'),
  })
})
