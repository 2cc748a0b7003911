/** One line of `/proc/<pid>/mountinfo`: https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html */
export interface Mount {
  readonly path: string
  readonly device: string
  readonly fstype: string
  readonly mode: 'ro' | 'rw'
}

const unescapeOctal = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  )

/** Kernel files are read as latin1; paths are UTF-8. */
const toPath = (text: string): string => Buffer.from(unescapeOctal(text), 'latin1').toString()

/** Mounts by path: of several on one path the last is the one in sight. */
export function parseMounts(text: string): Mount[] {
  const mounts = new Map<string, Mount>()
  for (const line of text.split('\n')) {
    const [left, right] = line.split(' - ')
    const [, , , , path, options] = left?.split(' ') ?? []
    const [fstype, device] = right?.split(' ') ?? []
    if (path === undefined || fstype === undefined || device === undefined) continue
    const mode = options?.split(',').includes('ro') ? 'ro' : 'rw'
    mounts.set(path, { path: toPath(path), device: toPath(device), fstype, mode })
  }
  return [...mounts.values()]
}
