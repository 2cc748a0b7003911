import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import * as stores from './index.ts'

const folder = new URL('.', import.meta.url)
const support = ['index.ts', 'log-store.ts', 'testing.ts']
const files = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => entry.name)
const pluginFiles = files.filter(
  (file) => !support.includes(file) && !/\.(test|contract)\.ts$/.test(file),
)

it('registers every plugin file under the name of its file', () => {
  const types = Object.values(stores).map((plugin) => plugin.type)
  expect(types.toSorted()).toEqual(pluginFiles.map((file) => file.replace('.ts', '')).toSorted())
})

it.each(pluginFiles)('%s has a test that runs the contracts', (file) => {
  const tests = files.filter(
    (name) => name.startsWith(file.replace('.ts', '.')) && name.endsWith('.test.ts'),
  )
  const text = tests.map((name) => readFileSync(new URL(name, folder), 'utf8')).join('\n')
  expect(text).toContain('logStoreContract(')
  expect(text).toContain('logSearchContract(')
})
