import { execFileSync } from 'node:child_process'

/** Whether a test may put a small disk somewhere: as root, and not in every container. */
export const canMount = (): boolean => {
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], {
      stdio: 'ignore',
    })
    return true
  } catch {
    return false
  }
}

/** Puts a disk of that many megabytes, kept in memory, at a folder that is empty; the result takes it away, also from under what is still open. */
export function mountSmallDisk(folder: string, megabytes: number): () => void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0755`, 'tmpfs', folder])
  return () => void execFileSync('umount', ['--lazy', folder])
}
