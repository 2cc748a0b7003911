import { readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { expect, it } from 'vitest'
import { configurationFiles } from './config-reference.ts'

const files = [...configurationFiles()].map(([path, text]) => ({
  name: basename(path),
  path,
  text,
}))

it.each(files)('docs/$name is what the schemas say', ({ path, text }) => {
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, text)
  expect(readFileSync(path, 'utf8')).toBe(text)
})

it('depends on no machine', () => {
  const [page = '', schema = ''] = files.map(({ text }) => text)
  expect(page + schema).not.toContain(import.meta.dirname.split('/cli/')[0])
})
