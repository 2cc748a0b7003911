import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as registry from './index.ts'

const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.ts'))
const plugins = files
  .filter((name) => !/^(index|metric-store)\.|\.test\.ts$|\.contract\.ts$/.test(name))
  .map((name) => name.replace(/\.ts$/, ''))

test('every file of the folder is registered under its own name', () => {
  expect(plugins).not.toEqual([])
  expect(Object.keys(registry).sort()).toEqual(plugins.sort())
  for (const [name, plugin] of Object.entries(registry)) expect(plugin.type).toBe(name)
})

test.each(plugins)('%s runs the contract on the real thing', (name) => {
  const tests = ['int', 'servers']
    .map((kind) => join(import.meta.dirname, `${name}.${kind}.test.ts`))
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path, 'utf8'))
  expect(tests.some((text) => text.includes(`metricStoreContract('${name}'`))).toBe(true)
})
