import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'

const program = join(import.meta.dirname, '..', 'bin', 'warren.mjs')
const example = join(import.meta.dirname, '..', '..', 'docs', 'examples', 'rules.yaml')
const folder = mkdtempSync(join(tmpdir(), 'warren-pipeline-'))
afterAll(() => rmSync(folder, { recursive: true }))

function warren(words: readonly string[], input = '') {
  const env = { PATH: process.env['PATH'], WARREN_DATA_DIR: folder }
  const ended = spawnSync(process.execPath, [program, 'pipeline', ...words], { input, env })
  return { code: ended.status, out: String(ended.stdout), error: String(ended.stderr) }
}

const points =
  '# a comment\nservers.web1.cpu.load value=3 1795132800000000000\ntmp_a v=1\n\nnonsense\n'

it('says of each point what would become of it, by the rules of the data folder or others', () => {
  const ruled = warren(['test', '--rules', example], points)
  expect(ruled.code).toBe(11)
  expect(ruled.out).toBe(
    [
      'stored   cpu,host=web1,tenant=default load=3 1795132800000000000',
      'dropped  tmp_a v=1',
      'refused  nonsense',
      '         malformed: missing fields',
      '1 stored, 1 dropped, 1 refused\n',
    ].join('\n'),
  )
  writeFileSync(join(folder, 'rules.yaml'), 'measurements: [{ deny: [cpu] }]')
  const own = warren(['test', '--key', 'acme.shop.web1'], 'cpu v=1\nmem v=1i 1795132800000000000')
  expect(own).toMatchObject({ code: 0, error: '' })
  expect(own.out).toBe(
    'dropped  cpu v=1\nstored   mem,deployment=shop,tenant=acme v=1 1795132800000000000\n1 stored, 1 dropped, 0 refused\n',
  )
})

it('reads records from a file, and answers in JSON', () => {
  const file = join(folder, 'records.ndjson')
  const record = { '@timestamp': new Date().toISOString(), message: 'token=abcdefghij' }
  writeFileSync(file, `${JSON.stringify(record)}\n\n{}`)
  const { code, out } = warren(['test', file, '--stream', 'logs', '-o', 'json'])
  expect(code).toBe(11)
  expect(JSON.parse(out)).toMatchObject({
    ...{ stored: 1, dropped: 0, refused: 1 },
    items: [
      { index: 0, outcome: 'stored', text: expect.stringContaining('token=***') },
      { index: 1, outcome: 'refused', code: expect.any(String), text: '{}' },
    ],
  })
})

it('tells broken rules and unreadable input apart', () => {
  const broken = join(folder, 'broken.yaml')
  writeFileSync(broken, 'tagz: []')
  const { code, error } = warren(['check', broken])
  expect(code).toBe(3)
  expect(error).toContain('tagz: unknown key; did you mean tags?')
  expect(warren(['test', join(folder, 'absent')]).code).toBe(1)
})
