import { fileURLToPath } from 'node:url'

/** How to start the agent as a child: a small heap and few threads, for it stands beside what it watches. Give it a pipe as standard input and `--with-parent`,
 *  and it ends with its parent. Its settings are `WARREN_…` variables (config.ts). */
export const agentLaunch = {
  script: fileURLToPath(new URL('./start.mjs', import.meta.url)),
  execArgv: [
    '--max-semi-space-size=1',
    '--optimize-for-size',
    '--v8-pool-size=1',
    // The optimising compilers' own code and data take more memory than they save time here.
    '--no-opt',
    '--no-maglev',
  ],
  args: ['--with-parent'],
  /** Read by the C library and libuv before the first line of ours. Dead network mounts may keep two of the threads (inputs/disk.ts). */
  env: { MALLOC_ARENA_MAX: '1', UV_THREADPOOL_SIZE: '4' },
} as const
