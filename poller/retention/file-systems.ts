import { stat, statfs } from 'node:fs/promises'
import type { LocalDisk } from '@warren/stores/retention'

export interface DiskSpace {
  /** Tells file systems apart: folders on the same one fill it together. */
  readonly fileSystem: number
  readonly freeBytes: number
  readonly totalBytes: number
}

/** A file system with the stores that fill it. */
export interface FileSystem {
  /** By stream. */
  readonly disks: ReadonlyMap<string, LocalDisk>
  /** Reads it anew. */
  space(): Promise<DiskSpace>
}

export type ReadSpace = (folder: string) => Promise<DiskSpace>

/** Of the file system that a folder is on. */
export const spaceOf: ReadSpace = async (folder) => {
  const [{ dev }, { bavail, blocks, bsize }] = await Promise.all([stat(folder), statfs(folder)])
  return { fileSystem: dev, freeBytes: bavail * bsize, totalBytes: blocks * bsize }
}

/** Asked anew at each look: a disk may be mounted while Warren runs. One folder that cannot be asked about does not hide the others; it is among `failures`. */
export async function findFileSystems(
  disks: Readonly<Record<string, LocalDisk>>,
  readSpace: ReadSpace,
): Promise<{ fileSystems: ReadonlyMap<number, FileSystem>; failures: readonly unknown[] }> {
  const fileSystems = new Map<number, FileSystem & { disks: Map<string, LocalDisk> }>()
  const failures: unknown[] = []
  for (const [stream, disk] of Object.entries(disks)) {
    try {
      const { fileSystem } = await readSpace(disk.folder)
      const found = fileSystems.get(fileSystem)
      if (found !== undefined) found.disks.set(stream, disk)
      else
        fileSystems.set(fileSystem, {
          disks: new Map([[stream, disk]]),
          space: () => readSpace(disk.folder),
        })
    } catch (error) {
      failures.push(error)
    }
  }
  return { fileSystems, failures }
}
