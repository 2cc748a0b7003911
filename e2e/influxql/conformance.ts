import { readFileSync } from 'node:fs'
import { exitStatusOf, readArguments, UsageError } from '../tool-options.ts'
import type { Answerer } from './answerer.ts'
import { commandOf, linesOf, type ServerCase, whyLeftOut } from './cases.ts'
import { openEmbedded, openInflux1Store } from './gateway.ts'
import { openInfluxdb } from './influxdb.ts'

const usage = `npm run conformance -- --cases FILE [--store embedded|influx1] [-o json]
Runs rows of InfluxDB's own tests (server_cases.jsonl): writes their lines, asks their command through the gateway's code and compares the body.
  --store embedded  with the body that the row expects (default)
  --store influx1   with the body that the same InfluxDB answers when it is asked directly`

interface Outcome {
  readonly id: string
  readonly command: string
  readonly result: 'pass' | 'fail'
  readonly reason?: string
}

const print = (line: string): void => void process.stdout.write(`${line}\n`)

function readOptions() {
  const { values } = readArguments({
    options: {
      cases: { type: 'string' },
      store: { type: 'string', default: 'embedded' },
      output: { type: 'string', short: 'o', default: 'text' },
    },
  })
  const { cases, store, output } = values
  if (cases === undefined || !['embedded', 'influx1'].includes(store))
    throw new UsageError('--cases FILE is needed, and the store is one of embedded and influx1')
  return { cases, isExternal: store === 'influx1', isJson: output === 'json' }
}

const readCases = (file: string): ServerCase[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as ServerCase)

/** The gateway answers an error of the first statement as the error of the request, so that a panel shows it. */
function withoutPlaceOfError(body: string): string {
  const { error, results } = JSON.parse(body) as { error?: string; results?: { error?: string }[] }
  const first = error ?? results?.[0]?.error
  return first === undefined ? body.trimEnd() : JSON.stringify({ error: first })
}

interface Sides {
  readonly ours: Answerer
  /** Absent: the row says what is expected. */
  readonly theirs?: Answerer
}

async function runCase(row: ServerCase, { ours, theirs }: Sides): Promise<Outcome> {
  const { id } = row
  const command = commandOf(row)
  const tenant = `t${id.replace(/\W/g, '_')}`
  const question = { text: command, epoch: row.params?.['epoch']?.[0] }
  const lines = linesOf(row)
  await ours.write(tenant, lines)
  await theirs?.write(`direct_${tenant}`, lines)
  const got = withoutPlaceOfError(await ours.ask(tenant, question))
  const expected = withoutPlaceOfError(
    theirs === undefined ? row.exp : await theirs.ask(`direct_${tenant}`, question),
  )
  if (got === expected) return { id, command, result: 'pass' }
  return { id, command, result: 'fail', reason: `expected ${expected}, got ${got}` }
}

async function openSides(isExternal: boolean): Promise<Sides & { close(): Promise<void> }> {
  if (!isExternal) {
    const ours = await openEmbedded()
    return { ours, close: () => ours.close() }
  }
  const theirs = await openInfluxdb()
  const ours = await openInflux1Store(theirs.url)
  return {
    ...{ ours, theirs },
    close: async () => {
      await ours.close()
      await theirs.close()
    },
  }
}

async function main(): Promise<number> {
  const { cases, isExternal, isJson } = readOptions()
  const rows = readCases(cases)
  const counted = rows.filter((row) => whyLeftOut(row) === undefined)
  const totals = { rows: rows.length, counted: counted.length, pass: 0, fail: 0 }
  const sides = await openSides(isExternal)
  try {
    for (const row of counted) {
      const outcome = await runCase(row, sides).catch(
        (error: unknown): Outcome => ({
          ...{ id: row.id, command: row.command, result: 'fail' },
          reason: String(error),
        }),
      )
      totals[outcome.result]++
      if (isJson) print(JSON.stringify(outcome))
      else
        print(`${outcome.result} ${outcome.id} ${outcome.command} ${outcome.reason ?? ''}`.trim())
    }
  } finally {
    await sides.close()
  }
  const percent = Number(((100 * totals.pass) / Math.max(1, totals.counted)).toFixed(2))
  print(JSON.stringify({ ...totals, percent }))
  return percent >= 97 ? 0 : 1
}

/** Servers of a run that failed must not keep the process. */
process.exit(await exitStatusOf({ name: 'conformance', usage }, main))
