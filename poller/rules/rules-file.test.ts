import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { parseRules } from './parse-rules.ts'
import { openRulesFile } from './rules-file.ts'
import { defaultRules } from './schema.ts'

const sender = { tenant: 'default', deployment: undefined }
const lookMs = 5
const patience = { timeout: 30_000, interval: 10 }

function openFolder(text?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'warren-rules-'))
  const file = join(folder, 'rules.yaml')
  if (text !== undefined) writeFileSync(file, text)
  const said: string[] = []
  const note = (word: string) => (message: unknown) => {
    said.push(`${word} ${String(message)}`)
    return undefined as never
  }
  const reloads: string[] = []
  const open = (named?: string) => {
    const rules = openRulesFile({
      ...{ file: named, folder, lookMs },
      log: { info: note('info'), error: note('error') },
      onReload: (outcome) => reloads.push(outcome),
    })
    onTestFinished(() => rules.close())
    return rules
  }
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const write = (next: string) => writeFileSync(file, next)
  const replace = (next: string) => {
    writeFileSync(`${file}.new`, next)
    renameSync(`${file}.new`, file)
  }
  return { file, open, write, replace, reloads, said }
}

const dropping = (name: string) => `measurements: [{ deny: [${name}] }]`
const denied = ({ book }: ReturnType<typeof openRulesFile>) =>
  book().rules.measurements.flatMap(({ deny = [] }) => deny)

it('has the defaults without a file, and takes one that appears, is written to or replaced', async () => {
  const { open, write, replace, reloads } = openFolder()
  const rules = open()
  expect(rules.book().rules).toEqual(defaultRules)
  expect(rules.health()).toMatchObject({ part: 'poller/rules', state: 'green' })
  write(dropping('a'))
  await expect.poll(() => denied(rules), patience).toEqual(['a'])
  write(dropping('bb'))
  await expect.poll(() => denied(rules), patience).toEqual(['bb'])
  replace('{"measurements": [{"deny": ["c"]}]}')
  await expect.poll(() => denied(rules), patience).toEqual(['c'])
  expect(rules.book().metrics(sender).isPlain).toBe(false)
  expect(new Set(reloads)).toEqual(new Set(['taken']))
})

it('keeps the rules that it has while a new version is broken or gone, and says so once', async () => {
  const { file, open, replace, reloads, said } = openFolder(dropping('a'))
  const rules = open()
  replace('measurments: []\n')
  await expect.poll(() => rules.health().state, patience).toBe('yellow')
  expect(rules.health().reason).toMatch(
    /rules\.yaml\n {2}measurments: unknown key; did you mean measurements\?; the rules before it go on/,
  )
  replace('measurments: []\n')
  replace('measurments: []\n\n')
  rmSync(file)
  await expect.poll(() => rules.health().reason, patience).toMatch(/is gone/)
  expect(denied(rules)).toEqual(['a'])
  expect(said.filter((line) => line.startsWith('error'))).toHaveLength(1)
  replace(dropping('a'))
  await expect.poll(() => rules.health().state, patience).toBe('green')
  expect(reloads).toEqual(['refused'])
})

it('takes no half of a file that is being written', () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const { open, write, reloads } = openFolder(dropping('a'))
  const rules = open()
  const lines = ['measurements:', '  - { deny: [b] }', '  - { deny: [c] }', '  - { deny: [d] }']
  for (let length = 0; length <= lines.length; length++) {
    write(lines.slice(0, length).join('\n'))
    vi.advanceTimersByTime(lookMs)
    expect(denied(rules)).toEqual(['a'])
  }
  vi.advanceTimersByTime(lookMs)
  expect(denied(rules)).toEqual(['b', 'c', 'd'])
  expect(reloads).toEqual(['taken'])
})

it('does not start with a broken file, nor without one that a setting names', () => {
  const { file, open } = openFolder('tags: 3')
  const failure = { code: 'config_invalid', disposition: 'fatal' }
  expect(() => open()).toThrow(expect.objectContaining(failure))
  rmSync(file)
  expect(() => open(file)).toThrow(/rules\.yaml is not there/)
})

it('lists every problem with its place', () => {
  const text = `
tags:
  - { measurements: [cpu], rename: { a: tenant } }
  - { deney: [x] }
series: { limit: 0, limits: 3 }
redaction: { own: [{ name: x, pattern: '(' }] }`
  expect(() => parseRules(text, 'a.yaml')).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(
        /^invalid rules in a\.yaml\n[\s\S]*tags\[0\]\.rename\.a: tenant[\s\S]*tags\[1\]\.deney: unknown key; did you mean tags\[1\]\.deny[\s\S]*series\.limit:[\s\S]*series\.limits: unknown key; did you mean[\s\S]*redaction\.own\[0\]\.pattern: not RE2/,
      ),
    }),
  )
  expect(() => parseRules('- a', 'b')).toThrow(/b: expected a mapping/)
  expect(parseRules('', 'c')).toEqual(defaultRules)
})
