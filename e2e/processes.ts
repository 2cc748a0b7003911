import { readdirSync, readFileSync } from 'node:fs'

/** A process of Linux; its start time tells it from another one with the same id. */
export interface Process {
  readonly pid: number
  readonly parent: number
  readonly name: string
  readonly startedTicks: string
}

/** /proc/PID/stat (proc(5)); undefined when it has ended, also when nobody has asked for its exit code yet. */
function readProcess(pid: number): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, parent, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (state === 'Z') return undefined
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
    return { pid, parent: Number(parent), name, startedTicks: rest[17] ?? '' }
  } catch {
    return undefined
  }
}

const everyProcess = (): Process[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)) ?? [])

/** Every process below this one, helpers of helpers too. */
export function descendantsOf(pid: number): Process[] {
  const all = everyProcess()
  const below = (parent: number): Process[] =>
    all
      .filter((process) => process.parent === parent)
      .flatMap((process) => [process, ...below(process.pid)])
  return below(pid)
}

/** Those of the processes that still run. */
export const stillRunning = (processes: readonly Process[]): Process[] =>
  processes.filter(({ pid, startedTicks }) => readProcess(pid)?.startedTicks === startedTicks)

/** A process's command line and environment, as anyone who may look sees them; two empty texts when it has ended. */
export function visibleTexts(pid: number): readonly [commandLine: string, environment: string] {
  try {
    return [
      readFileSync(`/proc/${pid}/cmdline`, 'utf8'),
      readFileSync(`/proc/${pid}/environ`, 'utf8'),
    ]
  } catch {
    return ['', '']
  }
}
