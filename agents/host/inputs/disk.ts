import { statfs } from 'node:fs/promises'
import { z } from 'zod'
import { createMountAsker } from '../ask-mounts.ts'
import { createKernelFile } from '../kernel-file.ts'
import { percent } from '../meminfo.ts'
import { type Mount, parseMounts } from '../mounts.ts'
import { defineInput, type Sink } from './input.ts'

const ignored = ['tmpfs', 'devtmpfs', 'devfs', 'iso9660', 'overlay', 'aufs', 'squashfs']

/** Whose servers may be gone: who asks then waits without end. */
const isRemote = ({ fstype }: Mount): boolean =>
  /^(nfs4?|cifs|smb3|smbfs|ceph|glusterfs|lustre|9p|afs|fuse(\..*)?)$/.test(fstype)

/** Servers of network mounts. Each that is gone keeps one of libuv's four threads (launch.ts), and the agent writes, reads and packs with the other two. One would not do: the first
 *  that is gone would end the figures of all others. Local file systems answer from memory. */
const maxAsked = 2

/** For all mounts of a collection. */
const waitMs = 2_000

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
    const askLocals = createMountAsker(Number.POSITIVE_INFINITY)
    const askRemotes = createMountAsker(maxAsked)

    return {
      collect: async (sink) => {
        const mounts = parseMounts(mountinfo.read()).filter(({ fstype }) => !skipped.has(fstype))
        // One that fails is not ours to see, or unmounted since it was listed.
        const ask = (mount: Mount) => addMount(sink, mount).catch(() => undefined)
        const over = new AbortController()
        const late = Promise.withResolvers<void>()
        const timer = setTimeout(late.resolve, waitMs)
        const locals = mounts.filter((mount) => !isRemote(mount))
        const answered = Promise.all([
          askLocals(locals, ask, over.signal),
          askRemotes(mounts.filter(isRemote), ask, over.signal),
        ])
        await Promise.race([answered, late.promise])
        clearTimeout(timer)
        over.abort()
      },
      close: mountinfo.close,
    }
  },
})
