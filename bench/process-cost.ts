import { readdirSync, readFileSync } from 'node:fs'

/** Clock ticks a second (USER_HZ); 100 on every Linux that Node.js supports. */
const hertz = 100

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** Seconds of CPU that a process has used, in user and kernel mode (proc(5), stat fields 14 and 15). */
export function cpuSeconds(pid: number): number {
  const stat = read(`/proc/${pid}/stat`) ?? ''
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / hertz
}

const megabytes = (text: string | undefined, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text ?? '')?.[1] ?? 0) / 1024

/** The most memory that a process has ever held, MB. */
export const peakRssMb = (pid: number): number => megabytes(read(`/proc/${pid}/status`), 'VmHWM')

/** The memory that a process holds now, MB. */
export const rssMb = (pid: number): number => megabytes(read(`/proc/${pid}/status`), 'VmRSS')

/** Memory of a process, shared pages counted in proportion, MB. */
export const pssMb = (pid: number): number => megabytes(read(`/proc/${pid}/smaps_rollup`), 'Pss')

/** The words of a process's command line; empty for one that has ended. */
export const commandOf = (pid: number): readonly string[] =>
  (read(`/proc/${pid}/cmdline`) ?? '').split('\0')

/** A process and everything below it. */
export function familyOf(pid: number): number[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? read(`/proc/${name}/stat`) : undefined
    if (stat === undefined) continue
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
    children.set(parent, [...(children.get(parent) ?? []), Number(name)])
  }
  const family = [pid]
  for (const member of family) family.push(...(children.get(member) ?? []))
  return family
}
