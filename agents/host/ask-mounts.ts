import type { Mount } from './mounts.ts'

/** Asks each mount unless it hangs; resolves when all have answered. Once the signal has aborted no more are asked. `ask` does not reject. */
type AskMounts = (
  mounts: readonly Mount[],
  ask: (mount: Mount) => Promise<void>,
  signal: AbortSignal,
) => Promise<void>

/** What hangs as one: the mounts of a server, as `server:/path` or `//server/share`; else each by itself. */
const sourceOf = ({ device, path }: Mount): string =>
  /^(\/\/[^/]+|[^/]+:)/.exec(device)?.[0] ?? path

/** Who asks a mount whose server is gone waits without end, and takes a thread for as long. So those of one server are asked in turn, none before the one that was asked last has
 *  answered, in whichever collection, and no more than `maxAsked` servers at once. */
export function createMountAsker(maxAsked: number): AskMounts {
  const asked = new Set<string>()
  const takeNext = (left: Mount[]): Mount | undefined => {
    const at = left.findIndex((mount) => !asked.has(sourceOf(mount)))
    return at < 0 ? undefined : left.splice(at, 1)[0]
  }
  return async (mounts, ask, signal) => {
    const left = [...mounts]
    const askInTurn = async (): Promise<void> => {
      for (let mount = takeNext(left); mount !== undefined; mount = takeNext(left)) {
        const source = sourceOf(mount)
        asked.add(source)
        await ask(mount)
        asked.delete(source)
        if (signal.aborted) return
      }
    }
    const length = Math.min(left.length, maxAsked - asked.size)
    await Promise.all(Array.from({ length }, askInTurn))
  }
}
