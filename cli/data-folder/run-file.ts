import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { replaceFile } from './replace-file.ts'

const runSchema = z.object({
  pid: z.int(),
  /** Clock ticks after boot at which the process started: tells it from another one with the same id. */
  startedTicks: z.string(),
  url: z.string(),
  adminPort: z.int(),
  /** With its password; the file is as private as the catalog's own. */
  catalogUrl: z.string(),
})

/** The Warren that runs on a data folder, for `warren status` and `warren stop`. */
export type Run = z.infer<typeof runSchema>

const fileOf = (folder: string): string => join(folder, 'run.json')

/** Field 22 of /proc/PID/stat (proc(5)); undefined when there is no such process. */
function startedTicks(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // A zombie has ended; its parent has not asked yet.
    return state === 'Z' ? undefined : rest[18]
  } catch {
    return undefined
  }
}

/** Whether the process of the run is still there, another one with its id is not taken for it. */
export const isAlive = ({ pid, startedTicks: ticks }: Run): boolean => startedTicks(pid) === ticks

export function writeRun(folder: string, run: Pick<Run, 'url' | 'adminPort' | 'catalogUrl'>): void {
  const all: Run = { ...run, pid: process.pid, startedTicks: startedTicks(process.pid) ?? '' }
  replaceFile(fileOf(folder), `${JSON.stringify(all)}\n`)
}

export const removeRun = (folder: string): void => rmSync(fileOf(folder), { force: true })

/** Undefined for a file that a crash or a full disk cut off: nothing that runs wrote it. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The run that is alive, if any; throws when the folder cannot be read. */
export function readRun(folder: string): Run | undefined {
  let text: string
  try {
    text = readFileSync(fileOf(folder), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const run = runSchema.safeParse(parseJson(text))
  return run.success && isAlive(run.data) ? run.data : undefined
}
