import { resolve } from 'node:path'
import { statusSchema } from '@warren/contracts/http/status'
import { reasonOf } from '@warren/platform/errors'
import { readRun } from '../data-folder/run-file.ts'
import { ExitError, toDataFolderError } from '../exit-error.ts'

/** The run on a data folder, or an error that says there is none. */
export function requireRun(dataDir: string) {
  const folder = resolve(dataDir)
  let run: ReturnType<typeof readRun>
  try {
    run = readRun(folder)
  } catch (error) {
    throw toDataFolderError(folder, error)
  }
  if (run === undefined)
    throw new ExitError('failure', `no Warren runs on ${folder}: \`npm start\` starts one`)
  return run
}

export interface StatusOptions {
  readonly dataDir: string
  readonly json: boolean
  readonly print: (line: string) => void
}

/** Prints every part with its state and reason; false when one is red. */
export async function showStatus({ dataDir, json, print }: StatusOptions): Promise<boolean> {
  const run = requireRun(dataDir)
  const url = `http://127.0.0.1:${run.adminPort}/readyz?verbose`
  const answer = await fetch(url, { signal: AbortSignal.timeout(5000) }).catch((error: unknown) => {
    throw new ExitError('failure', `process ${run.pid} does not answer: ${reasonOf(error)}`)
  })
  const status = statusSchema.parse(await answer.json())
  if (json) print(JSON.stringify({ ...status, url: run.url, pid: run.pid }))
  else {
    print(`Warren ${status.version} on ${run.url}, process ${run.pid}`)
    const width = Math.max(...status.parts.map(({ part }) => part.length))
    for (const { part, state, reason } of status.parts)
      print(`  ${state.padEnd(6)} ${part.padEnd(width)} ${reason ?? ''}`.trimEnd())
  }
  return status.parts.every(({ state }) => state !== 'red')
}
