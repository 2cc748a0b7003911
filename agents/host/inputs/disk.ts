import { statfs } from 'node:fs/promises'
import { z } from 'zod'
import { createKernelFile } from '../kernel-file.ts'
import { percent } from '../meminfo.ts'
import { type Mount, parseMounts } from '../mounts.ts'
import { defineInput, type Sink } from './input.ts'

const ignored = ['tmpfs', 'devtmpfs', 'devfs', 'iso9660', 'overlay', 'aufs', 'squashfs']

/** Whose servers may be gone: who asks then waits without end. */
const isRemote = ({ fstype }: Mount): boolean =>
  /^(nfs4?|cifs|smb3|smbfs|ceph|glusterfs|lustre|9p|afs|fuse(\..*)?)$/.test(fstype)

async function addMount(sink: Sink, mount: Mount): Promise<void> {
  const { bsize, blocks, bfree, bavail, files, ffree } = await statfs(mount.path)
  // A file system of the kernel's own, such as proc.
  if (blocks === 0) return
  const used = (blocks - bfree) * bsize
  const free = bavail * bsize
  const { path, device, fstype, mode } = mount
  sink.add(
    'disk',
    { path, device: device.replace('/dev/', ''), fstype, mode },
    {
      total: blocks * bsize,
      free,
      used,
      used_percent: percent(used, used + free),
      inodes_total: files,
      inodes_free: ffree,
      inodes_used: files - ffree,
      inodes_used_percent: percent(files - ffree, files),
    },
  )
}

/** Bytes and inodes of each mount. `used_percent` leaves out the blocks that only root may take, as df does. */
export const disk = defineInput({
  type: 'disk',
  settings: z.strictObject({
    ignoreFileSystems: z.array(z.string()).default(ignored),
  }),
  create: ({ ignoreFileSystems }, { procDir }) => {
    const mountinfo = createKernelFile(`${procDir}/self/mountinfo`)
    const skipped = new Set(ignoreFileSystems)
    /** What answers never must not take a thread at each collection. */
    const pending = new Set<string>()
    /** Nor more than one: the agent writes, reads and packs with the others. */
    let isAskingRemotes = false
    const waitMs = 2_000

    const measure = async (sink: Sink, mount: Mount): Promise<void> => {
      pending.add(mount.path)
      try {
        await addMount(sink, mount)
      } catch {
        // Not ours to see, or unmounted since it was listed.
      } finally {
        pending.delete(mount.path)
      }
    }

    const measureRemotes = async (sink: Sink, mounts: readonly Mount[]): Promise<void> => {
      if (isAskingRemotes) return
      isAskingRemotes = true
      for (const mount of mounts) await measure(sink, mount)
      isAskingRemotes = false
    }

    return {
      collect: async (sink) => {
        const mounts = parseMounts(mountinfo.read()).filter(
          ({ fstype, path }) => !skipped.has(fstype) && !pending.has(path),
        )
        const locals = mounts
          .filter((mount) => !isRemote(mount))
          .map((mount) => measure(sink, mount))
        const remotes = measureRemotes(sink, mounts.filter(isRemote))
        let timer: NodeJS.Timeout | undefined
        const late = new Promise<void>((resolve) => {
          timer = setTimeout(resolve, waitMs)
        })
        await Promise.race([Promise.all([...locals, remotes]), late])
        clearTimeout(timer)
      },
      close: mountinfo.close,
    }
  },
})
