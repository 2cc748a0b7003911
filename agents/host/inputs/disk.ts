import { statfs } from 'node:fs/promises'
import { z } from 'zod'
import { createKernelFile } from '../kernel-file.ts'
import { percent } from '../meminfo.ts'
import { type Mount, parseMounts } from '../mounts.ts'
import { defineInput, type Sink } from './input.ts'

const ignored = ['tmpfs', 'devtmpfs', 'devfs', 'iso9660', 'overlay', 'aufs', 'squashfs']

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
    /** A network file system whose server is gone answers never; it must not take a thread at each collection. */
    const pending = new Set<string>()
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

    return {
      collect: async (sink) => {
        const mounts = parseMounts(mountinfo.read()).filter(
          ({ fstype, path }) => !skipped.has(fstype) && !pending.has(path),
        )
        let timer: NodeJS.Timeout | undefined
        const late = new Promise<void>((resolve) => {
          timer = setTimeout(resolve, waitMs)
        })
        await Promise.race([Promise.all(mounts.map((mount) => measure(sink, mount))), late])
        clearTimeout(timer)
      },
      close: mountinfo.close,
    }
  },
})
