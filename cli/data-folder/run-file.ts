import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

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
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}

export function writeRun(folder: string, run: Pick<Run, 'url' | 'adminPort' | 'catalogUrl'>): void {
  const all: Run = { ...run, pid: process.pid, startedTicks: startedTicks(process.pid) ?? '' }
  writeFileSync(fileOf(folder), `${JSON.stringify(all)}\n`, { mode: 0o600 })
}

export const removeRun = (folder: string): void => rmSync(fileOf(folder), { force: true })

/** The run that is alive, if any; throws when the folder cannot be read. */
export function readRun(folder: string): Run | undefined {
  let text: string
  try {
    text = readFileSync(fileOf(folder), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const run = runSchema.safeParse(JSON.parse(text))
  return run.success && startedTicks(run.data.pid) === run.data.startedTicks ? run.data : undefined
}
