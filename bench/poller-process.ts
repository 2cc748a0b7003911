import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { pollerLaunch } from '@warren/poller/launch'
import { makeTempDir, removeTempDir } from '@warren/test-servers/temp-dir'

export interface PollerProcess {
  readonly pid: number
  close(): Promise<void>
}

/** The first start after an install strips types, which stays in memory with 25 MB; later ones read what it left. Without settings it loads everything and refuses. */
export async function startOnce(): Promise<void> {
  const child = spawn(process.execPath, [...pollerLaunch.execArgv, pollerLaunch.script], {
    env: {},
    stdio: 'ignore',
  })
  await once(child, 'exit')
}

/** A poller in a process of its own, as a deployment with external stores starts it; with a CPU profile in the folder `profile`, if one is named. */
export async function startPollerProcess(
  env: Readonly<Record<string, string>>,
  profile: string | undefined,
): Promise<PollerProcess> {
  const dataDir = await makeTempDir('bench-poller')
  const flags = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]
  const child: ChildProcess = spawn(
    process.execPath,
    [...pollerLaunch.execArgv, ...flags, pollerLaunch.script],
    {
      env: {
        ...process.env,
        WARREN_DATA_DIR: dataDir,
        WARREN_ADMIN_PORT: '0',
        WARREN_LOG__LEVEL: 'warn',
        ...env,
      },
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  )
  await once(child, 'spawn')
  return {
    pid: child.pid ?? 0,
    async close() {
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      if (child.exitCode === null) await exit
      await removeTempDir(dataDir)
    },
  }
}
